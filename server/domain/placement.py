"""A series that needs times, and the times found for it: what planner and booking agree upon."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from server.domain.calendars import PatientTimes
from server.domain.protocols import Choice, VisitDefinition


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """One visit at one time. `choices` holds the choices made per visit (not the kept ones)."""

    visit: str
    starts_at: datetime
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesToPlace:
    """Everything about one patient's series that a plan must respect.

    `visits` defines every visit, also those in `fixed`; a plan places those not in `fixed`. A
    claim's `bookable` is already the id of a bookable in the calendar. `candidates` names for each
    choice the eligible bookables, the wished one first. `fixed` visits stay where they are and
    anchor windows; their claims are in the calendar and their time in `patient.busy` already.
    `held` are the present times of visits that may move, each move costing; their claims are not
    in the calendar and not in `patient.busy`; `held_choices` are the kept choices so far.
    Days are clinic-local, from `ready_on` to `last_day` inclusive.
    """

    visits: tuple[VisitDefinition, ...]
    start_visit: str
    choices: tuple[Choice, ...] = ()
    candidates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    patient: PatientTimes = PatientTimes()
    ready_on: date
    last_day: date
    start_by: date | None = None
    not_before: datetime
    fixed: Mapping[str, Placement] = field(default_factory=dict)
    held: Mapping[str, Placement] = field(default_factory=dict)
    held_choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesPlan:
    """Times for every visit of a series; `choices` are the kept ones (therapist: "th-2")."""

    placements: tuple[Placement, ...]
    choices: Mapping[str, str] = field(default_factory=dict)
    cost: int = 0

    def of(self, visit: str) -> Placement | None:
        """The placement of one visit, or None."""
        return next((each for each in self.placements if each.visit == visit), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """What a plan's drawbacks cost (integers, lower is better); reference/planner.md section 3.

    `off_target_day` is Tandem's own: for each local day a visit lies off its window's target.
    `moved` and `moved_day` price leaving a held time, as in a repair. `unplaced` times a patient's
    priority is the price of leaving a whole series out.
    """

    unplaced: int = 2000
    delay_day: int = 10
    not_first_choice: int = 15
    against_preference: int = 1
    off_target_day: int = 2
    moved: int = 10
    moved_day: int = 10
    kept_choice_changed: int = 50


FREE = Weights(
    unplaced=0,
    delay_day=0,
    not_first_choice=0,
    against_preference=0,
    off_target_day=0,
    moved=0,
    moved_day=0,
    kept_choice_changed=0,
)
"""Nothing costs anything: for questions about a few of the weights only."""
