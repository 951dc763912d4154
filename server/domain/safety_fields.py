"""Which entries of a protocol document bear on safety: a table, walked over the document.

The document must have been read before (protocol_document.read), so its shape is sound here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from server.domain.document_visits import AS_ARMS
from shared.vocabulary import Evidence, VisitKind

Document = dict[str, object]
MARKABLE = (
    *("mg_per_kg", "up_to_mg_per_kg", "mg", "up_to_mg", "minutes", "rest_minutes", "units"),
    *("min", "target", "max", "edge", "required", "solids_hours", "clear_liquids_hours"),
    *("until", "hours", "times", "every_days", "at_minutes", "every_minutes"),
)
"""Every key that may carry an evidence mark of its own."""

DRUG_PARTS = ("infusion", "administration")
OBSERVATION = "observation"
SETTLED = (Evidence.SIGNED, Evidence.INVENTED)


@dataclass(frozen=True)
class Entry:
    """One key of one record of a document. `none_allowed`: a prescriber may sign that no value is
    needed (no cap, no fasting)."""

    path: str
    label: str
    record: Document
    key: str
    none_allowed: bool = False
    only_if_empty: bool = False
    """Not about safety as such; it matters only where it was left empty."""

    @property
    def value(self) -> object:
        """What is written there now."""
        implied = True if self.key == "required" and "required" not in self.record else None
        return self.record.get(self.key, implied)

    @property
    def mark(self) -> str | None:
        """Its evidence mark as written."""
        return mark_of(self.record, self.key)

    @property
    def open(self) -> bool:
        """Must a prescriber still fill or confirm it? No mark covers what is not even written."""
        if self.value is None and self.key not in self.record:
            return True
        if self.mark in SETTLED:
            return False
        return self.value is None or (self.mark == Evidence.RECALLED and not self.only_if_empty)


def mark_of(record: Document, key: str) -> str | None:
    """The evidence mark of one key of a record of the document."""
    evidence = record.get("evidence")
    mark = evidence.get(key) if isinstance(evidence, dict) else evidence
    return mark if isinstance(mark, str) else None


def entries(document: Document) -> Iterator[Entry]:
    """Every safety entry of the document, in its order."""
    for index, arm in enumerate(_records(document, "arms")):
        yield from _of_arm(f"arms[{index}]", arm)
    drugs = {str(v["code"]) for _, v in visits(document) if v.get("kind") == VisitKind.INFUSION}
    for path, visit in visits(document):
        yield from _of_visit(path, visit, drugs)
    for index, gate in enumerate(_records(document, "gates")):
        yield from _of_gate(f"gates[{index}]", gate)
    yield from _of_going_home(document)


def visits(document: Document) -> Iterator[tuple[str, Document]]:
    """Every visit as written, with its path."""
    for i, phase in enumerate(_records(document, "phases")):
        for j, visit in enumerate(_records(phase, "visits")):
            yield f"phases[{i}].visits[{j}]", visit


def _of_arm(path: str, arm: Document) -> Iterator[Entry]:
    title = str(arm["title"])
    for name, words in (("dose", "Dose"), ("later_doses", "Later doses")):
        if dose := _record(arm, name):
            for key in ("mg_per_kg", "up_to_mg_per_kg", "mg", "up_to_mg"):
                if key in dose:
                    label = f"{words} of {title} ({key.replace('_', ' ')})"
                    spare = key.startswith("up_to")
                    yield Entry(f"{path}.{name}.{key}", label, dose, key, spare)
    cap, duration = _record(arm, "cap"), _record(arm, "duration")
    assert cap is not None  # read() insists on both
    assert duration is not None
    yield Entry(f"{path}.cap.mg", f"Highest dose of {title} (mg)", cap, "mg", True)
    label = f"How long giving {title} takes (minutes)"
    yield Entry(f"{path}.duration.minutes", label, duration, "minutes")
    if devices := _record(arm, "devices"):
        for key, words in (("mg", "mg in each"), ("rest_minutes", "minutes of rest between two")):
            yield Entry(f"{path}.devices.{key}", f"Devices of {title}: {words}", devices, key)


def _of_visit(path: str, visit: Document, drugs: set[str]) -> Iterator[Entry]:
    title, infusion = str(visit["title"]), str(visit["code"]) in drugs
    for index, part in enumerate(_records(visit, "parts")):
        yield from _of_part(f"{path}.parts[{index}]", part, title, infusion)
    gap = _record(_record(visit, "repeat") or {}, "gap")
    if infusion and gap is not None:
        yield from _bounds(f"{path}.repeat.gap", gap, f"Gap between two of {title}", needed=True)
    for index, window in enumerate(_records(visit, "windows")):
        anchor = str(window.get("from", ""))
        if infusion or anchor in drugs:
            label = f"{title}, counted from {anchor}"
            both = infusion and anchor in drugs
            yield from _bounds(f"{path}.windows[{index}]", window, label, needed=both)
            if mark_of(window, "edge") == Evidence.RECALLED:
                yield Entry(f"{path}.windows[{index}].edge", f"{label}: which end", window, "edge")


def _of_part(path: str, part: Document, title: str, infusion: bool) -> Iterator[Entry]:
    name = str(part["name"])
    if part.get("minutes") != AS_ARMS:
        guarded = infusion and name in (*DRUG_PARTS, OBSERVATION)
        label = f"{name.capitalize()} of {title} (minutes)"
        yield Entry(f"{path}.minutes", label, part, "minutes", only_if_empty=not guarded)
    for index, claim in enumerate(_records(part, "claims")):
        if "units" in claim and claim["units"] != 0:
            label = f"Units of {claim.get('bookable')} during {name} of {title}"
            yield Entry(f"{path}.claims[{index}].units", label, claim, "units")


def _bounds(path: str, window: Document, label: str, *, needed: bool) -> Iterator[Entry]:
    """`needed`: the least distance between two infusions can be signed only as a number."""
    unit = window.get("unit", "hours")
    for key, words, spare in (("min", "at least", not needed), ("max", "at most", True)):
        if key in window:
            yield Entry(f"{path}.{key}", f"{label}, {words} ({unit})", window, key, spare)


def _of_gate(path: str, gate: Document) -> Iterator[Entry]:
    title = str(gate["title"])
    if "required" in gate or mark_of(gate, "required") == Evidence.RECALLED:
        yield Entry(f"{path}.required", f"Is required: {title}", gate, "required")
    for index, limit in enumerate(_records(gate, "limits")):
        for key, words in (("min", "at least"), ("max", "at most")):
            if key in limit:
                label = f"{title}: {limit['measure']} {words}"
                yield Entry(f"{path}.limits[{index}].{key}", label, limit, key, True)


GOING_HOME = (
    ("fasting", "solids_hours", "Hours without food before the drug", True),
    ("fasting", "clear_liquids_hours", "Hours without clear liquids before the drug", True),
    ("no_drive", "until", "When the patient may drive again (next-day or hours)", False),
    ("no_drive", "hours", "Hours without driving", False),
    ("escort", "required", "A responsible adult has to take the patient home", False),
)


def _of_going_home(document: Document) -> Iterator[Entry]:
    for name, key, label, spare in GOING_HOME:
        record = _record(document, name)
        if record is not None and not (key == "hours" and record.get("until") != "hours"):
            yield Entry(f"{name}.{key}", label, record, key, spare)


def marked(value: object, path: str = "") -> Iterator[Entry]:
    """Every markable entry anywhere in the document that carries a mark."""
    if isinstance(value, dict):
        for key in MARKABLE:
            if mark_of(value, key) and (key in value or isinstance(value["evidence"], dict)):
                yield Entry(f"{path}.{key}".lstrip("."), key, value, key)
        for key, inner in value.items():
            if key not in ("evidence", "signatures"):
                yield from marked(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from marked(inner, f"{path}[{index}]")


def _records(record: Document, key: str) -> list[Document]:
    found = record.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _record(record: Document, key: str) -> Document | None:
    found = record.get(key)
    return found if isinstance(found, dict) else None
