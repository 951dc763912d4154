"""Reads what a protocol says about drug and safety: arms, gates, fasting, driving, readings."""

from server.domain.document_provenance import provenance
from server.domain.document_record import Record
from server.domain.treatment import (
    Arm,
    Cap,
    Devices,
    Dose,
    DriveAgain,
    Duration,
    EscortRule,
    Fasting,
    Gate,
    GateLimit,
    NoDrive,
    ReadingDefinition,
)

DOSES = ("mg_per_kg", "up_to_mg_per_kg", "mg", "up_to_mg")


def arm(record: Record) -> Arm:
    """One arm; its dose, cap and duration have to be written, if only as null."""
    later, devices = record.record("later_doses"), record.record("devices")
    read = Arm(
        code=record.code("code"),
        title=record.text("title"),
        drug=record.text("drug"),
        route=record.text("route"),
        dose=_dose(record.needed("dose")),
        later_doses=_dose(later) if later else None,
        cap=_cap(record.needed("cap")),
        duration=_duration(record.needed("duration")),
        devices=_devices(devices) if devices else None,
    )
    record.finish()
    return read


def _dose(record: Record) -> Dose:
    weight = {key: record.number(key, least=0.001, most=50) for key in DOSES[:2]}
    fixed = {key: record.number(key, least=0.001, most=5000) for key in DOSES[2:]}
    if not any(record.has(key) for key in ("mg_per_kg", "mg")):
        record.fault("mg_per_kg", "is missing: write mg_per_kg or mg, null where not published")
    read = Dose(**weight, **fixed, provenance=provenance(record, *DOSES))
    record.finish()
    return read


def _cap(record: Record) -> Cap:
    read = Cap(mg=record.number("mg", least=0), provenance=provenance(record, "mg"))
    record.finish()
    return read


def _duration(record: Record) -> Duration:
    minutes = record.whole("minutes", least=1, most=1440)
    read = Duration(minutes=minutes, provenance=provenance(record, "minutes"))
    record.finish()
    return read


def _devices(record: Record) -> Devices:
    read = Devices(
        mg=record.number("mg", least=0),
        rest_minutes=record.whole("rest_minutes", most=240),
        provenance=provenance(record, "mg", "rest_minutes"),
    )
    record.finish()
    return read


def gate(record: Record) -> Gate:
    """One gate. `required` written as null is not decided yet; left out it means yes."""
    read = Gate(
        code=record.code("code"),
        title=record.text("title"),
        before=record.code_or_codes("before"),
        required=record.flag("required", None if record.has("required") else True),
        limits=tuple(_limit(each) for each in record.records("limits")),
        provenance=provenance(record, "required"),
    )
    record.finish()
    return read


def _limit(record: Record) -> GateLimit:
    read = GateLimit(
        measure=record.text("measure", longest=60),
        least=record.number("min"),
        most=record.number("max"),
        provenance=provenance(record, "min", "max"),
    )
    record.finish()
    return read


def fasting(record: Record) -> Fasting:
    """Hours without food and drink before the drug."""
    read = Fasting(
        solids_hours=record.number("solids_hours", least=0, most=48),
        clear_liquids_hours=record.number("clear_liquids_hours", least=0, most=48),
        provenance=provenance(record, "solids_hours", "clear_liquids_hours"),
    )
    record.finish()
    return read


def no_drive(record: Record) -> NoDrive:
    """When the patient may drive again."""
    until = None if record.get("until") is None else record.enum("until", DriveAgain)
    read = NoDrive(
        until=until,
        hours=record.number("hours", least=0, most=336),
        provenance=provenance(record, "until", "hours"),
    )
    record.finish()
    return read


def escort(record: Record) -> EscortRule:
    """Whether a responsible adult has to take the patient home."""
    required = record.flag("required")
    read = EscortRule(required=required, provenance=provenance(record, "required"))
    record.finish()
    return read


def reading(record: Record) -> ReadingDefinition:
    """Vital signs due around the drug."""
    at_minutes = record.whole_list("at_minutes", most=1440)
    every = record.whole("every_minutes", least=1, most=240)
    read = ReadingDefinition(
        code=record.code("code"),
        visit=record.code("visit"),
        measures=record.codes("measures"),
        at_minutes=at_minutes,
        every_minutes=every,
        provenance=provenance(record, "at_minutes", "every_minutes"),
    )
    if at_minutes and read.provenance.mark("at_minutes") is None:
        record.fault("at_minutes", "are numbers without an evidence mark (V, S, R or D)")
    record.finish()
    return read
