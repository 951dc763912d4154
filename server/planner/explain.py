"""Why a plan is good; and where there is none, what fails and the nearest thing that would work.

Every remedy named here was found by the engine that plans: it was tried, and a plan existed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations

from server.domain.calendars import ClinicCalendar
from server.domain.placement import SeriesPlan, SeriesToPlace, Weights
from server.planner.alternatives import everything
from server.planner.calendar import PATIENT
from server.planner.problem import problem, to_place
from server.planner.reasons import Reason, VisitReasons, reasons
from server.planner.relaxations import Relaxation, relaxations
from server.planner.search import Search

__all__ = ["Obstacle", "Reason", "VisitReasons", "reasons", "why_not"]

SOONEST = Weights(
    delay_day=1, not_first_choice=0, against_preference=0, off_target_day=0, moved=0, moved_day=0
)
MOST_SHOWN = 5
MOST_OF_A_KIND = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Obstacle:
    """What stands in the way: the visit that first cannot be placed, the rule, the bookable that
    binds, a sentence; and the nearest change with which a plan exists, with its first day."""

    code: str
    text: str
    visit: str | None = None
    bookable: str | None = None
    nearest: Mapping[str, object] | None = field(default=None)

    def as_json(self) -> dict[str, object]:
        """As in a plan file's `reasons`."""
        return {
            "visit": self.visit,
            "code": self.code,
            "bookable": self.bookable,
            "text": self.text,
            "nearest": None if self.nearest is None else dict(self.nearest),
        }


def why_not(
    series: SeriesToPlace, calendar: ClinicCalendar, *, weights: Weights = SOONEST
) -> list[Obstacle]:
    """What stands in the way of a series that has no plan, the smallest change first.

    Where no single change helps, two bookables (or one and the patient) that would have to give
    way together are named; where none do either, only the visit that fails first.
    """
    stuck = first_stuck(series, calendar)
    if missing := list(_without_candidates(series, stuck)):
        return missing
    found = list(_single(series, calendar, stuck, weights))
    found = found or list(_pairs(series, calendar, stuck, weights))
    return found or [_no_remedy(stuck)]


def first_stuck(series: SeriesToPlace, calendar: ClinicCalendar) -> str | None:
    """The first visit of the protocol that cannot be placed together with those before it."""
    codes = [visit.code for visit in to_place(series)]
    low, high = 0, len(codes) - 1
    if high < 0:
        return None
    while low < high:
        middle = (low + high) // 2
        feasible = _plan(_first(series, set(codes[: middle + 1])), calendar)
        low, high = (middle + 1, high) if feasible else (low, middle)
    return codes[low]


def _first(series: SeriesToPlace, codes: set[str]) -> SeriesToPlace:
    left = codes | set(series.fixed)
    visits = tuple(visit for visit in series.visits if visit.code in left)
    held = {code: each for code, each in series.held.items() if code in left}
    return replace(series, visits=visits, held=held)


def _plan(
    series: SeriesToPlace,
    calendar: ClinicCalendar,
    unlimited: frozenset[str] = frozenset(),
    weights: Weights = SOONEST,
) -> SeriesPlan | None:
    if not to_place(series):
        return SeriesPlan(placements=())
    return Search(problem(series, calendar, weights, unlimited)).best(everything)


def _without_candidates(series: SeriesToPlace, stuck: str | None) -> Iterator[Obstacle]:
    needed = {
        claim.choice
        for visit in to_place(series)
        for part in visit.parts
        for claim in part.claims
        if claim.choice
    }
    for name in sorted(name for name in needed if not series.candidates.get(name)):
        yield Obstacle(code="no-choice", text=f"Nobody can be chosen as {name}.", visit=stuck)


def _single(
    series: SeriesToPlace, calendar: ClinicCalendar, stuck: str | None, weights: Weights
) -> Iterator[Obstacle]:
    """Single changes that help, at most two of a kind.

    A change is tried first, as far as it may go, on the visits up to the one that is stuck: what
    does not help those does not help the whole.
    """
    shown: Counter[str] = Counter()
    for ladder in relaxations(_up_to(series, stuck), calendar):
        code = ladder[-1].code
        if shown[code] >= MOST_OF_A_KIND or shown.total() >= MOST_SHOWN:
            continue
        if _helps(ladder[-1], weights):
            found = _least(ladder, series, calendar, weights)
            if found is not None:
                shown[code] += 1
                yield _obstacle(*found, stuck, calendar)


def _up_to(series: SeriesToPlace, stuck: str | None) -> SeriesToPlace:
    codes = [visit.code for visit in to_place(series)]
    return _first(series, set(codes[: codes.index(stuck) + 1])) if stuck in codes else series


def _helps(each: Relaxation, weights: Weights) -> bool:
    return _plan(each.series, each.calendar, each.unlimited, weights) is not None


def _least(
    ladder: tuple[Relaxation, ...],
    series: SeriesToPlace,
    calendar: ClinicCalendar,
    weights: Weights,
) -> tuple[Relaxation, SeriesPlan] | None:
    """The first step of the ladder with which the whole series has a plan."""
    facts = [each.facts for each in ladder]
    for whole in relaxations(series, calendar):
        if [each.facts for each in whole] == facts:
            for each in whole:
                if plan := _plan(each.series, each.calendar, each.unlimited, weights):
                    return each, plan
    return None


def _obstacle(
    each: Relaxation, plan: SeriesPlan, stuck: str | None, calendar: ClinicCalendar
) -> Obstacle:
    begins = min(placement.starts_at for placement in plan.placements).date()
    change = {"change": each.change, **each.facts, "start_on": begins.isoformat()}
    visit = each.visit or stuck
    text = f"{_what(each, visit, calendar)} {each.change} The first visit would be on {begins}."
    return Obstacle(code=each.code, text=text, visit=visit, bookable=each.bookable, nearest=change)


def _what(each: Relaxation, visit: str | None, calendar: ClinicCalendar) -> str:
    name = (visit or "the series").replace("-", " ").capitalize()
    if each.code == "no-capacity" and each.bookable:
        bookable = calendar.bookables[each.bookable]
        return f"{name} finds no time because of {bookable.title or bookable.kind.value}."
    said = {
        "patient-unavailable": "finds no time at which the patient can come.",
        "window": "finds no time inside its window.",
        "start-by": "finds no time before the day by which the series should have begun.",
        "no-choice": "finds no time with those who may be chosen.",
    }
    return f"{name} {said[each.code]}"


def _pairs(
    series: SeriesToPlace, calendar: ClinicCalendar, stuck: str | None, weights: Weights
) -> Iterator[Obstacle]:
    """Two that would have to give way together; the first that help."""
    whole = [ladder[0] for ladder in relaxations(series, calendar) if ladder[0].unlimited]
    for one, other in list(combinations(whole, 2))[:30]:
        both = one.unlimited | other.unlimited
        if plan := _plan(series, calendar, both, weights):
            begins = min(placement.starts_at for placement in plan.placements).date()
            change = f"{one.change} {other.change}"
            name = (stuck or "the series").replace("-", " ").capitalize()
            code = "patient-unavailable" if PATIENT in both else "no-capacity"
            yield Obstacle(
                code=code,
                text=f"{name} finds no time, and no single change helps. Together would: {change}",
                visit=stuck,
                bookable=one.bookable,
                nearest={"change": change, "kind": "several", "start_on": begins.isoformat()},
            )
            return


def _no_remedy(stuck: str | None) -> Obstacle:
    name = (stuck or "the series").replace("-", " ").capitalize()
    text = f"{name} finds no time, and no one or two changes that were tried would give it one."
    return Obstacle(code="no-remedy", text=text, visit=stuck)
