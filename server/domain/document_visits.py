"""Reads phases and visits as written: parts, claims, windows, repeats, check-ins."""

from server.domain.document_provenance import provenance
from server.domain.document_record import LONGEST_TEXT, MOST_RECORDS, Record
from server.domain.protocol_templates import (
    AnsweredBy,
    CheckInRepeat,
    CheckInTemplate,
    Phase,
    PhaseStart,
    Repeat,
    VisitTemplate,
    Which,
    WindowTemplate,
)
from server.domain.visit_definitions import MissedRule, Part, PartClaim, Told
from shared.vocabulary import Edge, VisitKind, WindowUnit

AS_ARMS = "as-arms"
"""Written for a part's minutes: as long as the longest of the protocol's arms takes."""
BOUNDS = ("min", "target", "max")


def phase(record: Record, arm_minutes: int | None) -> Phase:
    """One phase; `arm_minutes` is what `minutes: as-arms` stands for (None = not set)."""
    read = Phase(
        code=record.code("code"),
        title=record.text("title"),
        begins=record.enum("begins", PhaseStart, PhaseStart.AUTOMATICALLY),
        visits=tuple(_visit(each, arm_minutes) for each in record.records("visits")),
    )
    if not read.visits:
        record.fault("visits", "must name at least one visit")
    record.finish()
    return read


def _visit(record: Record, arm_minutes: int | None) -> VisitTemplate:
    repeat = record.record("repeat")
    code = record.code("code")
    missed = None if record.get("if_missed") is None else record.enum("if_missed", MissedRule)
    read = VisitTemplate(
        code=code,
        title=record.text("title"),
        kind=record.enum("kind", VisitKind),
        remote=bool(record.flag("remote", False)),
        repeat=_repeat(repeat, code) if repeat else None,
        for_each=record.code("for_each", default="") or None,
        parts=tuple(_part(each, arm_minutes) for each in record.records("parts")),
        windows=tuple(_window(each) for each in record.records("windows")),
        never_same_day_as=record.codes("never_same_day_as"),
        same_day_as=record.codes("same_day_as"),
        if_missed=missed,
        tell_before=_told(record, "tell_before"),
        tell_after=_told(record, "tell_after"),
    )
    if not read.parts:
        record.fault("parts", "must name at least one part")
    if read.repeat and read.for_each:
        record.fault("for_each", "cannot stand beside repeat")
    record.finish()
    return read


def _told(record: Record, key: str) -> Told | None:
    """Words for the patient; in one language at least where any are written."""
    words = record.record(key)
    if words is None:
        return None
    read = Told(
        en=words.text("en", longest=LONGEST_TEXT, default=""),
        es=words.text("es", longest=LONGEST_TEXT, default=""),
    )
    if not (read.en or read.es):
        words.fault("", "needs words in en or es")
    words.finish()
    return read


def _repeat(record: Record, code: str) -> Repeat:
    gap = record.record("gap")
    read = Repeat(
        times=record.whole("times", least=1, most=MOST_RECORDS),
        gap=_gap(gap, code) if gap else None,
        provenance=provenance(record, "times"),
    )
    record.finish()
    return read


def _gap(record: Record, code: str) -> WindowTemplate:
    least, target, most = (record.number(key, least=0, most=400) for key in BOUNDS)
    read = WindowTemplate(
        anchor=code,
        which=Which.PREVIOUS,
        unit=record.enum("unit", WindowUnit),
        opens=least,
        target=target,
        closes=most,
        provenance=provenance(record, *BOUNDS),
    )
    record.finish()
    return read


def _part(record: Record, arm_minutes: int | None) -> Part:
    as_arms = record.get("minutes") == AS_ARMS
    read = Part(
        name=record.code("name"),
        minutes=arm_minutes if as_arms else record.whole("minutes", least=1, most=1440),
        claims=tuple(_claim(each) for each in record.records("claims")),
        with_patient=bool(record.flag("with_patient", True)),
        provenance=provenance(record, "minutes"),
    )
    if not record.has("minutes"):
        record.fault("minutes", "is missing; write null where it is not published")
    record.finish()
    return read


def _claim(record: Record) -> PartClaim:
    units = record.whole("units", most=100)
    fields = ("units",) if units else ()  # "0" says who must be there, it measures nothing
    read = PartClaim(
        bookable=record.code("bookable", default="") or None,
        choice=record.code("choice", default="") or None,
        units=1 if units is None else units,
        provenance=provenance(record, *fields),
    )
    if (read.bookable is None) == (read.choice is None):
        record.fault("", "must name either a bookable or a choice")
    record.finish()
    return read


def _window(record: Record) -> WindowTemplate:
    before = record.has("before")
    read = (_window_before if before else _window_from)(record)
    record.finish()
    return read


def _window_from(record: Record) -> WindowTemplate:
    least, target, most = (record.number(key) for key in BOUNDS)
    return WindowTemplate(
        anchor=record.code("from"),
        which=_which(record, "which"),
        edge=record.enum("edge", Edge, Edge.START),
        unit=record.enum("unit", WindowUnit),
        opens=least,
        target=target,
        closes=most,
        only=_only(record),
        provenance=provenance(record, *BOUNDS, "edge"),
    )


def _window_before(record: Record) -> WindowTemplate:
    return WindowTemplate(
        anchor=record.code("before"),
        which=_which(record, "which"),
        unit=record.enum("unit", WindowUnit, WindowUnit.HOURS),
        opens=record.number("min", least=0),
        only=_only(record),
        before=True,
        provenance=provenance(record, "min"),
    )


def _which(record: Record, key: str) -> Which | int | None:
    return None if record.get(key) is None else _one_of_repeats(record, key, record.get(key))


def _only(record: Record) -> tuple[Which | int, ...]:
    value = record.get("only")
    values = value if isinstance(value, list | tuple) else [] if value is None else [value]
    if len(values) > MOST_RECORDS:
        record.fault("only", f"holds more than {MOST_RECORDS} entries")
        return ()
    return tuple(_one_of_repeats(record, "only", each) for each in values)


def _one_of_repeats(record: Record, key: str, value: object) -> Which | int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_RECORDS:
        return value
    words = ("first", "last") if key == "only" else tuple(Which)
    if isinstance(value, str) and value in words:
        return Which(value)
    record.fault(key, f"must be one of: {', '.join(words)}, or a number from 1")
    return Which.FIRST


def check_in(record: Record) -> CheckInTemplate:
    """A check-in or assessment: an instrument around a visit."""
    repeat = record.record("repeat")
    read = CheckInTemplate(
        code=record.code("code"),
        title=record.text("title"),
        instrument=record.code("instrument"),
        by=record.enum("by", AnsweredBy),
        window=_window_from(record),
        repeat=_check_in_repeat(repeat) if repeat else None,
    )
    if read.window.only:
        record.fault("only", "is not known here")
    record.finish()
    return read


def _check_in_repeat(record: Record) -> CheckInRepeat:
    times = record.whole("times", least=1, most=MOST_RECORDS)
    every = record.number("every_days", least=0, most=400)
    if times is None or every is None:
        record.fault("", "needs times and every_days")
    read = CheckInRepeat(
        times=times or 1,
        every_days=every or 0.0,
        provenance=provenance(record, "times", "every_days"),
    )
    record.finish()
    return read
