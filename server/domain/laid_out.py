"""A plan laid upon the clinic's calendar: each visit with its definition, instants and people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from server.domain.calendars import ClinicCalendar
from server.domain.claims import Stretch, ends_at, stretches
from server.domain.local_time import is_instant, local_date, utc
from server.domain.placement import Placement, SeriesPlan, SeriesToPlace
from server.domain.protocols import PartClaim, VisitDefinition
from server.domain.windows import edge_at
from shared.vocabulary import Edge


@dataclass(frozen=True, kw_only=True, slots=True)
class TimedVisit:
    """One visit at one time; instants are UTC."""

    definition: VisitDefinition
    placement: Placement
    starts_at: datetime
    ends_at: datetime
    stretches: tuple[Stretch, ...]

    @property
    def code(self) -> str:
        """The visit's code in the series."""
        return self.definition.code

    def edge_at(self, edge: Edge) -> datetime:
        """The instant that windows anchored at this visit are counted from."""
        return edge_at(self.definition, self.starts_at, edge)


@dataclass(frozen=True, kw_only=True, slots=True)
class LaidOutPlan:
    """A plan and all that is needed to prove it. `visits` are the placed ones that have an
    instant, in the protocol's order; `fixed` those that stay where they are."""

    series: SeriesToPlace
    plan: SeriesPlan
    calendar: ClinicCalendar
    now: datetime
    visits: tuple[TimedVisit, ...]
    fixed: tuple[TimedVisit, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The clinic's time zone."""
        return self.calendar.zone

    def local(self, at: datetime) -> datetime:
        """An instant as the clinic's clock shows it."""
        return at.astimezone(self.zone)

    def on(self, visit: TimedVisit) -> date:
        """The clinic-local date on which a visit begins."""
        return local_date(visit.starts_at, self.zone)

    def kept(self, choice: str) -> bool:
        """Is this somebody who stays the same for the whole series?"""
        return any(each.name == choice and each.kept for each in self.series.choices)

    def bookable_of(self, visit: TimedVisit, claim: PartClaim) -> str | None:
        """The id of what a claim takes, or None where nobody is chosen."""
        if claim.choice is None:
            return claim.bookable
        made = self.plan.choices if self.kept(claim.choice) else visit.placement.choices
        return made.get(claim.choice)


def lay_out(
    series: SeriesToPlace, plan: SeriesPlan, calendar: ClinicCalendar, *, now: datetime
) -> LaidOutPlan:
    """The plan on the calendar. Raises ValueError where `now` or a fixed visit has no zone."""
    for each in series.fixed.values():
        utc(each.starts_at)
    moving = {each.code: each for each in series.visits if each.code not in series.fixed}
    defined = {each.code: each for each in series.visits}
    return LaidOutPlan(
        series=series,
        plan=plan,
        calendar=calendar,
        now=utc(now),
        visits=_timed(moving, first_placements(plan.placements).values()),
        fixed=_timed(defined, series.fixed.values()),
    )


def first_placements(placements: Iterable[Placement]) -> dict[str, Placement]:
    """One placement a visit: the earliest, where there are several."""
    found: dict[str, Placement] = {}
    for each in sorted(placements, key=_rank):
        found.setdefault(each.visit, each)
    return found


def _rank(placement: Placement) -> tuple[bool, str, str]:
    at = placement.starts_at
    valid = is_instant(at)
    return not valid, (utc(at) if valid else at).isoformat(), str(sorted(placement.choices.items()))


def _timed(
    definitions: Mapping[str, VisitDefinition], placements: Iterable[Placement]
) -> tuple[TimedVisit, ...]:
    given = {each.visit: each for each in placements if is_instant(each.starts_at)}
    return tuple(
        _timed_visit(each, given[code]) for code, each in definitions.items() if code in given
    )


def _timed_visit(definition: VisitDefinition, placement: Placement) -> TimedVisit:
    starts_at = utc(placement.starts_at)
    return TimedVisit(
        definition=definition,
        placement=placement,
        starts_at=starts_at,
        ends_at=ends_at(definition, starts_at),
        stretches=tuple(stretches(definition, starts_at)),
    )
