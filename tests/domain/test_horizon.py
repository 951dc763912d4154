"""No visit is looked for beyond the days that its windows allow."""

from datetime import date, timedelta

import pytest

from server.domain.horizon import last_day, last_days
from server.domain.windows import admits, edge_at
from tests.domain.clinic import NEW_YORK, at, days, hours_after_end, infusion, visit

FIRST = {"infusion-1": date(2027, 5, 10)}


def chain():
    return (
        infusion("infusion-1"),
        infusion("infusion-2", days("infusion-1", 5, 9)),
        visit("session-2", windows=(hours_after_end("infusion-2", 24, 72),)),
    )


@pytest.mark.parametrize("hour", ["00:00", "11:15", "23:00"])
def test_no_day_that_a_window_still_admits_is_left_out(hour):
    first, second, session = chain()
    last = last_day((first, second, session), FIRST)

    latest = at("2027-05-10 12:00") + timedelta(days=9)
    begun = at(f"{latest.date()} {hour}")
    end = edge_at(second, begun, session.windows[0].edge)
    each = [begun + timedelta(days=n) for n in range(30)]
    admitted = [on for on in each if admits(session.windows[0], on, end, NEW_YORK)]
    assert admitted
    assert max(admitted).date() <= last


def test_windows_bound_a_series_to_days_and_not_to_months():
    assert last_day(chain(), FIRST) <= date(2027, 5, 10) + timedelta(days=9 + 3 + 3)


def test_a_visit_that_no_window_holds_back_may_fall_on_any_day():
    assert last_day((*chain(), visit("follow-up")), FIRST) is None
    assert last_day(chain(), {}) is None


def test_each_visit_is_held_back_by_itself():
    infusions = chain()
    late = visit("follow-up", windows=(days("infusion-2", 28, 35),))

    latest = last_days((*infusions, late, visit("any")), FIRST)

    assert latest["infusion-2"] < latest["session-2"] < latest["follow-up"]
    assert latest["infusion-2"] == last_day(infusions[:2], FIRST)
    assert latest["follow-up"] == last_day((*infusions, late), FIRST)
    assert "any" not in latest


def test_what_stands_is_not_held_back_by_its_window():
    stands = FIRST | {"infusion-2": date(2027, 8, 1)}
    assert last_day(chain(), stands) >= date(2027, 8, 4)
