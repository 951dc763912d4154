"""What a protocol says about the drug and the patient's safety: arms, gates, going home."""

from dataclasses import dataclass
from enum import StrEnum

from server.domain.provenance import Provenance


class DriveAgain(StrEnum):
    """When the patient may drive after an infusion."""

    NEXT_DAY = "next-day"
    """The next day, after a night's sleep."""
    HOURS = "hours"
    """After so many hours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dose:
    """An amount by weight (mg/kg) or fixed (mg). `up_to_` is the most a prescriber may choose."""

    mg_per_kg: float | None = None
    up_to_mg_per_kg: float | None = None
    mg: float | None = None
    up_to_mg: float | None = None
    provenance: Provenance = Provenance()


@dataclass(frozen=True, kw_only=True, slots=True)
class Cap:
    """The most milligrams one dose may hold, whatever the weight; None = not set."""

    mg: float | None
    provenance: Provenance = Provenance()


@dataclass(frozen=True, kw_only=True, slots=True)
class Duration:
    """How long giving the drug takes; None = not set."""

    minutes: int | None
    provenance: Provenance = Provenance()


@dataclass(frozen=True, kw_only=True, slots=True)
class Devices:
    """Nasal devices of `mg` each, with a rest between two of them."""

    mg: float | None
    rest_minutes: int | None
    provenance: Provenance = Provenance()


@dataclass(frozen=True, kw_only=True, slots=True)
class Arm:
    """One drug a patient of this protocol may be given. `later_doses` hold from the second on."""

    code: str
    title: str
    drug: str
    route: str
    dose: Dose
    later_doses: Dose | None = None
    cap: Cap
    duration: Duration
    devices: Devices | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class GateLimit:
    """The range a reading must lie in, bounds inclusive; the measure names its unit
    ("systolic_mmhg"). None is no bound, or one that is not set yet."""

    measure: str
    least: float | None = None
    most: float | None = None
    provenance: Provenance = Provenance()


@dataclass(frozen=True, kw_only=True, slots=True)
class Gate:
    """What must be so before each visit of some families begins. `required` None = not decided."""

    code: str
    title: str
    before: tuple[str, ...]
    required: bool | None = True
    limits: tuple[GateLimit, ...] = ()
    provenance: Provenance = Provenance()


@dataclass(frozen=True, kw_only=True, slots=True)
class Fasting:
    """Hours without food and without clear liquids before the drug; None = not set."""

    solids_hours: float | None
    clear_liquids_hours: float | None
    provenance: Provenance = Provenance()


@dataclass(frozen=True, kw_only=True, slots=True)
class NoDrive:
    """When the patient may drive again; `hours` counts where `until` is hours."""

    until: DriveAgain | None
    hours: float | None = None
    provenance: Provenance = Provenance()


@dataclass(frozen=True, kw_only=True, slots=True)
class EscortRule:
    """Must a responsible adult take the patient home? None = not decided."""

    required: bool | None
    provenance: Provenance = Provenance()


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingDefinition:
    """Vital signs due around the drug: minutes after giving it began, and every so often."""

    code: str
    visit: str
    measures: tuple[str, ...]
    at_minutes: tuple[int, ...] = ()
    every_minutes: int | None = None
    provenance: Provenance = Provenance()
