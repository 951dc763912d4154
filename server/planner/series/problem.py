"""A series as the search sees it: visits to place, by number, and the relations between them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from server.domain.booking_shape import undecided
from server.domain.calendars import ClinicCalendar
from server.domain.placement import SeriesToPlace, Weights
from server.domain.protocols import VisitDefinition
from server.planner.axis import TimeAxis, time_axis
from server.planner.calendar import CalendarGrid, Shelf
from server.planner.series.blocks import components
from server.planner.series.elimination import Setting
from server.planner.series.implied import ImpliedDays, implied_days
from server.planner.series.needs import checked_lengths, claimed_choices
from server.planner.series.relations import Relation
from server.planner.series.spacing import relations_between, said
from shared.vocabulary import WindowUnit


@dataclass(frozen=True, eq=False)
class Problem:
    """One series on one calendar. `visits` are those to place, `numbers` in relations mean them;
    `lead` is the one whose day counts as the series' first; `fixed` stay where they are."""

    series: SeriesToPlace
    weights: Weights
    grid: CalendarGrid
    visits: tuple[VisitDefinition, ...]
    relations: tuple[Relation, ...]
    implied: ImpliedDays
    lead: int
    fixed: tuple[VisitDefinition, ...]

    @property
    def axis(self) -> TimeAxis:
        """The days on which visits may be placed, and some around them."""
        return self.grid.axis

    @property
    def kept(self) -> frozenset[str]:
        """Names of the choices that stay the same for the whole series."""
        return frozenset(each.name for each in self.series.choices if each.kept)

    def keeps(self, visit: VisitDefinition, chosen: Mapping[str, str]) -> bool:
        """Does the visit keep whoever was kept for it so far?"""
        held = self.series.held_choices
        names = self.kept.intersection(claimed_choices(visit), chosen, held)
        return all(held[name] == chosen[name] for name in names)

    def setting(self, relations: tuple[Relation, ...]) -> Setting:
        """What an elimination under these relations needs to know."""
        return self._own_setting if relations is self.relations else self._setting(relations)

    @cached_property
    def _own_setting(self) -> Setting:
        return self._setting(self.relations)

    def _setting(self, relations: tuple[Relation, ...]) -> Setting:
        implied = self.implied
        if relations is not self.relations:
            implied = implied_days(len(self.visits), relations, self.axis.atom_minutes)
        groups = tuple(
            (group, tuple(each for each in relations if each.first in group))
            for group in components(range(len(self.visits)), relations)
        )
        near, far = implied.nearest, implied.farthest
        return Setting(axis=self.axis, nearest=near, farthest=far, groups=groups)


def to_place(series: SeriesToPlace) -> tuple[VisitDefinition, ...]:
    """The visits that a plan must place: neither fixed nor waiting for a decision."""
    waiting = undecided(series.visits, series.fixed)
    return tuple(
        each for each in series.visits if each.code not in series.fixed and each.code not in waiting
    )


def problem(
    series: SeriesToPlace,
    calendar: ClinicCalendar,
    weights: Weights,
    shelf: Shelf | None = None,
) -> Problem:
    """Everything the search needs to know. Raises ValueError naming a part whose length is not
    set; there must be a visit to place and a day to place it on."""
    visits = to_place(series)
    checked_lengths(visits)
    axis = _axis(series, calendar)
    spacing = relations_between(visits, axis.atom_minutes, weights.off_target_day)
    codes = [each.code for each in visits]
    return Problem(
        series=series,
        weights=weights,
        grid=CalendarGrid(calendar, axis, series.patient, shelf),
        visits=visits,
        relations=spacing.relations,
        implied=spacing.implied,
        lead=codes.index(series.start_visit) if series.start_visit in codes else 0,
        fixed=tuple(each for each in series.visits if each.code in series.fixed),
    )


def _axis(series: SeriesToPlace, calendar: ClinicCalendar) -> TimeAxis:
    """From the first to the last day, and as far around as wishes in hours may look."""
    around = timedelta(days=2) + wished_days(series.visits)
    first, last = series.ready_on - around, series.last_day + around
    lengths = {part.minutes or 0 for visit in series.visits for part in visit.parts}
    return time_axis(calendar.zone, calendar.grid_minutes, first, last, lengths)


def wished_days(visits: Iterable[VisitDefinition]) -> timedelta:
    """How many days away wishes in hours look."""
    wished = [
        abs(window.target)
        for visit in visits
        for window in visit.windows
        if window.unit is WindowUnit.HOURS and said(window.target)
    ]
    return timedelta(days=int(max(wished, default=0) // 24))
