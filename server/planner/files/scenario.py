"""A clinic, its protocols and its patients, whole: what a tandem.scenario/1 file holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from server.domain.calendars import Bookable, PatientTimes
from server.domain.placement import Placement, Weights
from server.domain.protocols import Choice, VisitDefinition

FORMAT = "tandem.scenario/1"


@dataclass(frozen=True, kw_only=True, slots=True)
class ScenarioProtocol:
    """The visits of a series, and who is chosen for it."""

    visits: tuple[VisitDefinition, ...]
    start_visit: str
    choices: tuple[Choice, ...]
    id: str = ""

    def visit(self, code: str) -> VisitDefinition:
        """A visit by its id. Raises StopIteration where there is none."""
        return next(each for each in self.visits if each.code == code)


@dataclass(frozen=True, kw_only=True, slots=True)
class ScenarioPatient:
    """One patient; `candidates` names for each choice who may be chosen, the wished one first."""

    id: str
    protocol: ScenarioProtocol
    ready_on: date
    start_by: date | None
    priority: int
    candidates: Mapping[str, tuple[str, ...]]
    times: PatientTimes


@dataclass(frozen=True, kw_only=True, slots=True)
class BookedSeries:
    """A series that is placed already; a repair may move what is neither frozen nor past."""

    patient: str
    choices: Mapping[str, str]
    placements: Mapping[str, Placement]
    frozen: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """Everything a plan is made from. Days are local, from `first_day` to `last_day` inclusive."""

    name: str
    zone: ZoneInfo
    grid_minutes: int
    first_day: date
    last_day: date
    now: datetime
    weights: Weights
    bookables: Mapping[str, Bookable]
    protocols: Mapping[str, ScenarioProtocol]
    patients: tuple[ScenarioPatient, ...]
    booked: tuple[BookedSeries, ...]

    def patient(self, patient_id: str) -> ScenarioPatient:
        """A patient by id. Raises StopIteration where there is none."""
        return next(each for each in self.patients if each.id == patient_id)

    @property
    def waiting(self) -> tuple[ScenarioPatient, ...]:
        """The patients without a booked series, in the order of the file."""
        booked = {each.patient for each in self.booked}
        return tuple(each for each in self.patients if each.id not in booked)
