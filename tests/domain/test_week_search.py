"""The search for a week that fits agrees with trying out every start."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.calendars import WeeklyHours
from server.domain.visit_definitions import Part, VisitDefinition, Window
from server.domain.week_search import Search
from shared.vocabulary import Edge, VisitKind, WindowUnit

STEP = 180
"""Minutes: so few starts that all of them can be tried."""


def visit(code, minutes, windows=(), never=()):
    return VisitDefinition(
        code=code,
        family=code,
        kind=VisitKind.THERAPY,
        parts=(Part(name="session", minutes=minutes),),
        windows=tuple(windows),
        never_same_day_as=tuple(never),
    )


@st.composite
def window(draw, anchor):
    unit = draw(st.sampled_from(WindowUnit))
    low = draw(st.integers(-2, 3))
    high = low + draw(st.integers(0, 2))
    scale = 1 if unit is WindowUnit.DAYS else draw(st.sampled_from([3, 6, 24]))
    edge = draw(st.sampled_from(Edge))
    return Window(anchor=anchor, edge=edge, unit=unit, opens=low * scale, closes=high * scale)


@st.composite
def series(draw):
    length = st.sampled_from([180, 360])
    never = st.sampled_from([(), ("a",), ("b",)])
    one = visit("a", draw(length))
    two = visit("b", draw(length), [draw(window("a"))])
    anchors = draw(st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=2))
    return [one, two, visit("c", draw(length), [draw(window(a)) for a in anchors], draw(never))]


OPENING = st.lists(
    st.builds(
        lambda day, opens, length: WeeklyHours(
            days=(day,), opens=opens * 180, closes=min(opens * 180 + length * 180, 1440)
        ),
        st.integers(0, 6),
        st.integers(1, 5),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=5,
)


def fits(each, at, opening):
    day, minute = at // 1440 % 7, at % 1440
    steps = range(minute, minute + each.minutes, STEP)
    return all(any(day in h.days and h.opens <= m < h.closes for h in opening) for m in steps)


def holds(w, at, anchor_at, anchor):
    edge = anchor_at + (anchor.minutes if w.edge is Edge.END else 0)
    if w.unit is WindowUnit.HOURS:
        return w.opens * 60 <= at - edge <= w.closes * 60
    return w.opens <= at // 1440 - anchor_at // 1440 <= w.closes


def tried_out(visits, opening, weekday):
    """Every start of every visit, a fortnight around the start's week."""
    a, b, c = visits
    days = range(14, 21) if weekday is None else [14 + weekday]
    everywhere = range(0, 35 * 1440, STEP)
    firsts = [d * 1440 + m for d in days for m in range(0, 1440, STEP)]
    starts = {
        code: [at for at in times if fits(each, at, opening)]
        for code, each, times in (("a", a, firsts), ("b", b, everywhere), ("c", c, everywhere))
    }
    for at in starts["a"]:
        seconds = [s for s in starts["b"] if holds(b.windows[0], s, at, a) and apart(a, b, at, s)]
        for second, third in product(seconds, starts["c"]):
            known = {"a": (at, a), "b": (second, b)}
            spaced = all(holds(w, third, *known[w.anchor]) for w in c.windows)
            if spaced and apart(a, c, at, third) and apart(b, c, second, third):
                return True
    return False


def apart(one, other, at, then):
    if {one.code} & set(other.never_same_day_as) and at // 1440 == then // 1440:
        return False
    return then >= at + one.minutes or at >= then + other.minutes


@given(series(), OPENING, st.one_of(st.none(), st.integers(0, 6)))
@settings(max_examples=150, deadline=None)
def test_a_series_fits_exactly_when_trying_out_every_start_finds_a_place(visits, opening, weekday):
    assert Search(visits, "a", opening).feasible(weekday) == tried_out(visits, opening, weekday)
