"""Why a series has no plan: the same search is asked again, with one thing giving way each time."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, islice

from server.domain.calendars import ClinicCalendar, PatientTimes
from server.domain.local_time import local_date
from server.domain.placement import FREE, SeriesToPlace
from server.domain.protocols import PartClaim, VisitDefinition
from server.planner import quick
from server.planner.calendar import Shelf
from server.planner.patience import CannotTell, Late, Patience
from server.planner.reasons.changes import all_changed, changed
from server.planner.reasons.core import core, first_number, only
from server.planner.reasons.obstacles import Nearest, Obstacle, ObstacleCode
from server.planner.reasons.remedies import Remedy, Step, remedies
from server.planner.reasons.words import day_name, obstacle_sentence, sentence_case, visit_name
from server.planner.series.alternatives import everything
from server.planner.series.problem import problem, to_place
from server.planner.series.search import Search

EARLIEST = replace(FREE, delay_day=1)
"""Under these the best plan is the one that begins first."""
OF_A_KIND = 2
"""How many obstacles of one code are worth telling."""
FIRSTS = 4
PAIRS_TRIED = 60
PAIRS_SHOWN = 3
"""How far pairs of changes are looked for where no single one helps."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What has been worked out so far, and how long an answer is waited for."""

    shelf: Shelf
    patience: Patience


def why_not(
    series: SeriesToPlace,
    calendar: ClinicCalendar,
    patience: Patience | None = None,
    shelf: Shelf | None = None,
) -> list[Obstacle]:
    """Every single thing that would make a plan possible, the smallest change first; where none
    would, pairs of changes; where those would not either, one obstacle that says so.

    [] where there is a plan already. Where patience ends, what was found by then; if that is
    nothing, one obstacle that says that nobody looked further. The `shelf` keeps what several
    questions about the same calendar share.
    """
    asking, told = Asking(shelf or Shelf(), patience or Patience()), list[Obstacle]()
    try:
        if start_of(series, calendar, asking) is not None:
            return []
        inquiry = Inquiry(series, calendar, asking, told)
        return inquiry.singles() or inquiry.pairs() or [inquiry.nothing()]
    except Late:
        return told[:PAIRS_SHOWN] or [unknown(series)]


def unknown(series: SeriesToPlace) -> Obstacle:
    """Said where nobody waited for the reason."""
    visit = series.start_visit
    text = f"{visit_name(visit)} finds no place. Looking for the reason was cut off by the time."
    return Obstacle(visit=visit, code=ObstacleCode.SEVERAL, text=sentence_case(text))


def start_of(series: SeriesToPlace, calendar: ClinicCalendar, asking: Asking) -> date | None:
    """The earliest day on which the series' first visit can be, or None where no plan exists."""
    if not to_place(series):
        return series.ready_on
    if series.last_day < series.ready_on:
        return None
    asking.patience.step()
    try:
        return quick.earliest(series, calendar, asking.shelf)
    except CannotTell:
        pass
    asked = problem(series, calendar, EARLIEST, asking.shelf)
    plan = Search(asked, doubtful=True, patience=asking.patience).best(everything)
    lead = None if plan is None else plan.of(asked.visits[asked.lead].code)
    return None if lead is None else local_date(lead.starts_at, calendar.zone)


class Inquiry:
    """One series without a plan, on one calendar. Remedies are tried on the few visits that cannot
    be placed together first: what does not help these helps nobody."""

    def __init__(
        self,
        series: SeriesToPlace,
        calendar: ClinicCalendar,
        asking: Asking,
        told: list[Obstacle],
    ) -> None:
        """`told` is added to as soon as something is found."""
        self._series, self._calendar, self._asking, self._heard = series, calendar, asking, told
        codes = [visit.code for visit in to_place(series)]
        self._failing = core(
            series, codes, lambda part: start_of(part, calendar, asking) is not None
        )
        visits = [visit for visit in series.visits if visit.code in self._failing]
        self._remedies = [each for each in remedies(series, calendar, visits) if each.steps]
        self._starts: dict[tuple[int, ...], date | None] = {}
        self._questions: dict[tuple[int, ...], tuple[SeriesToPlace, ClinicCalendar]] = {}

    def _possible(self, series: SeriesToPlace) -> bool:
        return start_of(series, self._calendar, self._asking) is not None

    def singles(self) -> list[Obstacle]:
        """Obstacles whose remedies are enough by themselves, the smallest first; not more than
        two of a code, those of the failing visit before others."""
        groups: dict[ObstacleCode, list[Remedy]] = defaultdict(list)
        for remedy in sorted(self._remedies, key=self._rank):
            groups[remedy.steps[-1].code].append(remedy)
        enough = (each for group in groups.values() for each in self._enough(group))
        found = [self._sized(remedy) for remedy in enough]
        ordered = sorted(found, key=lambda each: (each[0].size, each[0].text))
        return [obstacle for _, obstacle in ordered]

    def _sized(self, remedy: Remedy) -> tuple[Step, Obstacle]:
        """A remedy's smallest step that is enough; told at once."""
        step = self._smallest(remedy)
        obstacle = self._obstacle(remedy, step)
        self._heard.append(obstacle)
        return step, obstacle

    def _enough(self, group: Sequence[Remedy]) -> Iterator[Remedy]:
        """The first of a group that are enough. Where all together do not help, none is tried;
        many wide windows together are harder than any one of them, so these always are."""
        together = [each.steps[-1] for each in group]
        if len(group) > 2 and group[0].steps[-1].code is not ObstacleCode.WINDOW:
            group = group if self._frees_core(*together) else ()
        found = (each for each in group if self._is_enough(each.steps[-1]))
        yield from islice(found, OF_A_KIND)

    def _is_enough(self, step: Step) -> bool:
        return self._frees_core(step) and self._start(step) is not None

    def _rank(self, remedy: Remedy) -> tuple[bool, float]:
        elsewhere = remedy.visit is not None and remedy.visit != self._failing[-1]
        return elsewhere, remedy.steps[-1].size

    def pairs(self) -> list[Obstacle]:
        """Remedies that are enough two by two. Only some pairs are tried: to a few changes that
        help the failing visits all second ones; where none helps them, pairs of all kinds."""
        ordered = sorted(self._remedies, key=lambda each: each.steps[-1].size)
        some = (each for each in ordered if self._frees_core(each.steps[-1]))
        helpful = list(islice(some, FIRSTS))
        found = [obstacle for remedy in helpful for obstacle in self._seconds(remedy)]
        return (found if helpful else self._any_pairs())[:PAIRS_SHOWN]

    def _seconds(self, remedy: Remedy) -> Iterator[Obstacle]:
        first = remedy.steps[-1]
        then = Inquiry(*changed(self._series, self._calendar, first.change), self._asking, [])
        for obstacle in then.singles()[:1]:
            if obstacle.nearest is not None:
                found = self._of_two(remedy, obstacle.nearest)
                self._heard.append(found)
                yield found

    def _any_pairs(self) -> list[Obstacle]:
        """Pairs of remedies neither of which helps the failing visits by itself."""
        tried = list(combinations(self._remedies, 2))[:PAIRS_TRIED]
        found = []
        for one, other in tried:
            last = one.steps[-1], other.steps[-1]
            start_on = self._start(*last) if self._frees_core(*last) else None
            if start_on is not None:
                nearest = Nearest(change=last[1].text, changes=(last[1].change,), start_on=start_on)
                found.append(self._of_two(one, nearest))
                self._heard.append(found[-1])
        return found

    def nothing(self) -> Obstacle:
        """Said where nothing that was tried would help; names what has no room by itself."""
        text = (
            f"{visit_name(self._failing[-1])} finds no place, and neither a single change nor any "
            "pair of changes that was tried would give it one."
        )
        visit, code, bookable = self._failing[-1], ObstacleCode.SEVERAL, self._never_free()
        if bookable is not None:
            code = ObstacleCode.NO_CAPACITY
            text = (
                f"{obstacle_sentence(visit, code, bookable, self._calendar)} No single change and "
                "no pair of changes that was tried would give it a place."
            )
        return Obstacle(visit=visit, code=code, text=sentence_case(text), bookable=bookable)

    def _never_free(self) -> str | None:
        """The first thing that the failing visit claims and that has no room for it, even if
        nothing else were needed and the patient could always come."""
        visit = next(each for each in self._series.visits if each.code == self._failing[-1])
        for claim in dict.fromkeys(claim for part in visit.parts for claim in part.claims):
            if not self._possible(alone_with(self._series, visit, claim)):
                candidates = self._series.candidates.get(claim.choice or "", ())
                return claim.bookable or next(iter(candidates), None)
        return None

    def _frees_core(self, *steps: Step) -> bool:
        """Can the failing visits be placed after these changes, all others left out?"""
        if len(self._failing) == len(to_place(self._series)):
            return self._start(*steps) is not None
        series, calendar = self._changed(steps)
        return start_of(only(series, self._failing), calendar, self._asking) is not None

    def _start(self, *steps: Step) -> date | None:
        key = tuple(map(id, steps))
        if key not in self._starts:
            self._starts[key] = start_of(*self._changed(steps), self._asking)
        return self._starts[key]

    def _changed(self, steps: Sequence[Step]) -> tuple[SeriesToPlace, ClinicCalendar]:
        """Worked out once, so that what was found for it is known again."""
        key = tuple(map(id, steps))
        if key not in self._questions:
            changes = [step.change for step in steps]
            self._questions[key] = all_changed(self._series, self._calendar, changes)
        return self._questions[key]

    def _smallest(self, remedy: Remedy) -> Step:
        """The first step that is enough. Steps that only grow are found by halving."""
        steps = remedy.steps
        if remedy.bookable is not None:
            return next(step for step in steps if self._start(step) is not None)
        least = first_number(0, len(steps) - 1, lambda n: self._start(steps[n]) is not None)
        return steps[least]

    def _obstacle(self, remedy: Remedy, step: Step) -> Obstacle:
        """What a bookable without limit would bring is told for the clinic's own hours."""
        code = step.code
        if code is ObstacleCode.NO_CAPACITY:
            step = remedy.steps[-1]
        start_on = self._start(step)
        assert start_on is not None
        nearest = Nearest(change=step.text, changes=(step.change,), start_on=start_on)
        return self._told(remedy, code, nearest)

    def _of_two(self, remedy: Remedy, second: Nearest) -> Obstacle:
        first = remedy.steps[-1]
        nearest = Nearest(
            change=f"{first.text} and {second.change}",
            changes=(first.change, *second.changes),
            start_on=second.start_on,
        )
        return self._told(remedy, first.code, nearest)

    def _told(self, remedy: Remedy, code: ObstacleCode, nearest: Nearest) -> Obstacle:
        visit = remedy.visit or self._failing[-1]
        text = obstacle_sentence(visit, code, remedy.bookable, self._calendar)
        hope = f"It would work {nearest.change}, starting on {day_name(nearest.start_on)}."
        return Obstacle(
            visit=visit, code=code, text=f"{text} {hope}", bookable=remedy.bookable, nearest=nearest
        )


def alone_with(series: SeriesToPlace, visit: VisitDefinition, claim: PartClaim) -> SeriesToPlace:
    """One visit that claims nothing else, of a patient who can always come."""
    parts = tuple(
        replace(part, claims=tuple(each for each in part.claims if _of_one(each, claim)))
        for part in visit.parts
    )
    bare = replace(visit, parts=parts, windows=(), never_same_day_as=())
    return replace(
        series,
        visits=(bare,),
        choices=tuple(each for each in series.choices if each.name == claim.choice),
        patient=PatientTimes(),
        start_by=None,
        fixed={},
        held={},
        held_choices={},
    )


def _of_one(claim: PartClaim, other: PartClaim) -> bool:
    return (claim.bookable, claim.choice) == (other.bookable, other.choice)
