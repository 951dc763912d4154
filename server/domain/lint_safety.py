"""Is the patient looked after: observed, gated, taken home?"""

from collections.abc import Iterator

from server.domain.faults import Fault, Severity
from server.domain.protocol_references import visit_places
from server.domain.protocol_templates import PhaseStart, VisitTemplate
from server.domain.protocols import Protocol
from server.domain.safety_fields import DRUG_PARTS, OBSERVATION
from server.domain.treatment import Arm, Dose, DriveAgain
from server.domain.visit_definitions import Part
from shared.vocabulary import VisitKind

CHAIRS = "chairs"
ON_SITE = "prescriber-on-site"
RULES = (
    ("fasting", "hours without food and clear liquids before the drug"),
    ("no_drive", "when the patient may drive again"),
    ("escort", "whether a responsible adult has to take the patient home"),
)


def faults_of_safety(protocol: Protocol) -> Iterator[Fault]:
    """What is missing for a protocol that gives a drug; nothing for one that does not."""
    infusions = [
        (path, visit) for path, visit in visit_places(protocol) if visit.kind is VisitKind.INFUSION
    ]
    if infusions:
        yield from _rules(protocol)
        yield from _gates(protocol, [visit for _, visit in infusions])
    for path, visit in infusions:
        yield from _infusion(path, visit)
    for index, arm in enumerate(protocol.arms):
        yield from _arm(f"arms[{index}]", arm)
    yield from _limits(protocol)
    yield from _maintenance(protocol)


def _rules(protocol: Protocol) -> Iterator[Fault]:
    if not protocol.arms:
        yield Fault(path="arms", reason="must say which drug is given, how much and how long")
    for key, words in RULES:
        if getattr(protocol, key) is None:
            yield Fault(path=key, reason=f"must say {words}; write null where not published")
    rule = protocol.no_drive
    if rule and rule.until is DriveAgain.HOURS and rule.hours is None:
        yield Fault(path="no_drive.hours", reason="must say how many hours without driving")


def _gates(protocol: Protocol, infusions: list[VisitTemplate]) -> Iterator[Fault]:
    for visit in infusions:
        asked = [gate.code for gate in protocol.gates if visit.code in gate.before]
        if not any("suicide" in code for code in asked):
            reason = f"nothing asks about suicidality before {visit.title}"
            yield Fault(path="gates", reason=reason, severity=Severity.WARNING)


def _infusion(path: str, visit: VisitTemplate) -> Iterator[Fault]:
    names = [part.name for part in visit.parts]
    drug = next((i for i, name in enumerate(names) if name in DRUG_PARTS), None)
    if drug is None:
        reason = f"{visit.title} needs a part named {' or '.join(DRUG_PARTS)}"
        yield Fault(path=f"{path}.parts", reason=reason)
        return
    yield from _watched(f"{path}.parts[{drug}]", visit.parts[drug])
    if all(claim.bookable != ON_SITE for claim in visit.parts[drug].claims):
        reason = "no prescriber is on site while the drug is given"
        place = f"{path}.parts[{drug}].claims"
        yield Fault(path=place, reason=reason, severity=Severity.WARNING)
    after = names[drug + 1 :]
    if OBSERVATION not in after:
        reason = f"{visit.title} needs a part named {OBSERVATION} after the drug is given"
        yield Fault(path=f"{path}.parts", reason=reason)
        return
    index = drug + 1 + after.index(OBSERVATION)
    yield from _watched(f"{path}.parts[{index}]", visit.parts[index])


def _watched(path: str, part: Part) -> Iterator[Fault]:
    if not part.with_patient:
        yield Fault(path=f"{path}.with_patient", reason=f"the patient is there in {part.name}")
    if not any(claim.units and claim.bookable != CHAIRS for claim in part.claims):
        reason = f"nobody is claimed to watch the patient in {part.name}"
        yield Fault(path=f"{path}.claims", reason=reason)


def _arm(path: str, arm: Arm) -> Iterator[Fault]:
    doses = (("dose", arm.dose), ("later_doses", arm.later_doses))
    for key, dose in doses:
        if dose is not None:
            yield from _dose(f"{path}.{key}", dose)
            if arm.cap.mg is not None and dose.mg is not None and dose.mg > arm.cap.mg:
                yield Fault(path=f"{path}.{key}.mg", reason="is more than the highest dose, cap")


def _dose(path: str, dose: Dose) -> Iterator[Fault]:
    for key in ("mg_per_kg", "mg"):
        low, high = getattr(dose, key), getattr(dose, f"up_to_{key}")
        if low is not None and high is not None and low > high:
            yield Fault(path=f"{path}.up_to_{key}", reason=f"is less than {key}")


def _limits(protocol: Protocol) -> Iterator[Fault]:
    for i, gate in enumerate(protocol.gates):
        for j, limit in enumerate(gate.limits):
            if limit.least is not None and limit.most is not None and limit.least > limit.most:
                reason = "no reading can lie between min and max: min is the larger"
                yield Fault(path=f"gates[{i}].limits[{j}].min", reason=reason)


def _maintenance(protocol: Protocol) -> Iterator[Fault]:
    for index, phase in enumerate(protocol.phases):
        named = any(word in phase.title.lower() for word in ("maintenance", "booster"))
        if named and phase.begins is PhaseStart.AUTOMATICALLY:
            reason = "maintenance should begin on-decision: a prescriber decides each time"
            path = f"phases[{index}].begins"
            yield Fault(path=path, reason=reason, severity=Severity.WARNING)
