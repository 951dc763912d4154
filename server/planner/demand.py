"""Many series that want places at once, and what was found for them: what the clinic-wide engine
takes and gives, whoever asks (a scenario file, a planning run, a repair)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from server.domain.calendars import ClinicCalendar
from server.domain.placement import SeriesPlan, SeriesToPlace, Weights


@dataclass(frozen=True, kw_only=True, slots=True)
class Demand:
    """One series that wants a place among others.

    `id` names it to the caller. Where the series is booked already and may be moved, the present
    times stand in `series.held` and `series.held_choices`, and their claims are not in the
    calendar.
    """

    id: str
    series: SeriesToPlace
    priority: int = 1


def of_concern(series: SeriesToPlace, calendar: ClinicCalendar) -> ClinicCalendar:
    """The calendar with those bookables alone that the visits claim, could choose or hold."""
    claims = (each for v in series.visits for part in v.parts for each in part.claims)
    named = {each.bookable for each in claims if each.bookable is not None}
    named.update(*series.candidates.values(), series.held_choices.values())
    named.update(*(each.choices.values() for each in series.held.values()))
    near = {name: one for name, one in calendar.bookables.items() if name in named}
    return replace(calendar, bookables=near)


@dataclass(frozen=True, kw_only=True, slots=True)
class ClinicDemand:
    """All series to be placed on one calendar, which holds the claims of all that stays put."""

    calendar: ClinicCalendar
    demands: tuple[Demand, ...]
    weights: Weights = Weights()


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a run has come: `share` of its time or steps (0 to 1), the best cost so far, and the
    best bound proved so far (None as long as there is none)."""

    share: float
    cost: int
    lower_bound: int | None
    placed: int


Watch = Callable[[Progress], bool]
"""Told now and then how far a run has come; answers whether to go on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClinicPlan:
    """A plan for every series that has a place, and the ids of those left out.

    `cost` is the sum of the plans' costs, and `weights.unplaced` times priority for each one left
    out. `lower_bound` is proved: no plan of this demand costs less; None where nothing is proved.
    """

    placed: Mapping[str, SeriesPlan]
    unplaced: tuple[str, ...] = ()
    cost: int
    lower_bound: int | None = None
    placed_at_most: int | None = None
    """No plan places more series than that (proved); None where nothing is proved."""
    seconds: float = 0.0
    seed: int = 1
