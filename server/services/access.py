"""Who may do what: one table, deny by default, everything scoped by clinic."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.services.refusals import NotAllowed, NotFound
from shared.vocabulary import Role


class Relation(StrEnum):
    """How far a role's permission reaches."""

    OWN = "own"
    """The patient themselves."""
    CASELOAD = "caseload"
    """Patients whose series names this therapist, as chosen or as a candidate."""
    CLINIC = "clinic"
    """Everything of the same clinic."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """Who asks. Made once a request from the token; never re-read inside a rule."""

    user_id: str
    clinic_id: str
    role: Role
    patient_id: str | None = None
    practitioner_id: str | None = None


P, T, N = Role.PATIENT, Role.THERAPIST, Role.NURSE
DR, DESK, ADMIN, AUDIT = Role.PRESCRIBER, Role.FRONT_DESK, Role.ADMINISTRATOR, Role.AUDITOR
OWN, CASELOAD, CLINIC = Relation.OWN, Relation.CASELOAD, Relation.CLINIC

STAFF = {T: CLINIC, N: CLINIC, DR: CLINIC, DESK: CLINIC, ADMIN: CLINIC}
EVERYBODY = {P: CLINIC, AUDIT: CLINIC, **STAFF}
CARERS = {T: CASELOAD, N: CLINIC, DR: CLINIC, DESK: CLINIC, ADMIN: CLINIC}

ACTIONS: Mapping[str, Mapping[Role, Relation]] = {
    "me.read": EVERYBODY,
    "me.today": {P: OWN},
    "me.export": {P: OWN},
    "sign_ins.manage": EVERYBODY,
    "users.manage": {ADMIN: CLINIC},
    "clinic.read": EVERYBODY,
    "clinic.change": {ADMIN: CLINIC},
    "bookables.read": {AUDIT: CLINIC, **STAFF},
    "bookables.change": {ADMIN: CLINIC},
    "practitioners.read": {AUDIT: CLINIC, **STAFF},
    "practitioners.change": {ADMIN: CLINIC},
    "import.run": {ADMIN: CLINIC},
    "patients.list": CARERS,
    "patients.read": {P: OWN, **CARERS},
    "patients.create": {DR: CLINIC, DESK: CLINIC, ADMIN: CLINIC},
    "patients.invite": {T: CASELOAD, N: CLINIC, DR: CLINIC, DESK: CLINIC, ADMIN: CLINIC},
    "patients.change": {T: CASELOAD, N: CLINIC, DR: CLINIC, DESK: CLINIC, ADMIN: CLINIC},
    "protocols.read": {AUDIT: CLINIC, **STAFF},
    "protocols.write": {DR: CLINIC, ADMIN: CLINIC},
    "protocols.publish": {DR: CLINIC, ADMIN: CLINIC},
    "protocols.migrate": {DR: CLINIC, ADMIN: CLINIC},
    "protocols.sign": {DR: CLINIC},
    "series.read": {P: OWN, **CARERS},
    "series.enrol": {DR: CLINIC, DESK: CLINIC, ADMIN: CLINIC},
    "series.plan": CARERS,
    "series.book": CARERS,
    "series.hold": {T: CASELOAD, N: CLINIC, DR: CLINIC},
    "series.resume": {DR: CLINIC},
    "series.end": {DR: CLINIC},
    "series.release": {DR: CLINIC},
    "appointments.read": {P: OWN, **CARERS},
    "appointments.book": CARERS,
    "appointments.move": CARERS,
    "appointments.offer": {P: OWN, **CARERS},
    "appointments.take": {P: OWN, **CARERS},
    "appointments.confirm": {P: OWN, **CARERS},
    "appointments.ride": {P: OWN, **CARERS},
    "appointments.cancel": CARERS,
    "appointments.progress": {T: CASELOAD, N: CLINIC, DR: CLINIC, DESK: CLINIC},
    "check_ins.read": {P: OWN, T: CASELOAD, N: CLINIC, DR: CLINIC},
    "check_ins.answer": {P: OWN},
    "questionnaires.read": {AUDIT: CLINIC, **STAFF},
    "questionnaires.load": {DR: CLINIC, ADMIN: CLINIC},
    "paperwork.read": CARERS,
    "paperwork.fill": {T: CASELOAD, N: CLINIC, DR: CLINIC},
    "alerts.read": {T: CASELOAD, N: CLINIC, DR: CLINIC},
    "alerts.answer": {T: CASELOAD, N: CLINIC, DR: CLINIC},
    "on_call.read": STAFF,
    "on_call.change": {ADMIN: CLINIC, DR: CLINIC},
    "message_texts.read": {AUDIT: CLINIC, **STAFF},
    "message_texts.change": {ADMIN: CLINIC},
    "messages.read": {N: CLINIC, DESK: CLINIC, ADMIN: CLINIC},
    "messages.resend": {N: CLINIC, DESK: CLINIC, ADMIN: CLINIC},
    "wishes.read": {P: OWN, N: CLINIC, DESK: CLINIC, ADMIN: CLINIC},
    "wishes.change": {P: OWN, DESK: CLINIC, ADMIN: CLINIC},
    "waiting.list": CARERS,
    "waiting.read": {P: OWN, **CARERS},
    "waiting.change": {P: OWN, **CARERS},
    "freed_times.manage": {N: CLINIC, DR: CLINIC, DESK: CLINIC, ADMIN: CLINIC},
    "slot_offers.read": {P: OWN, **CARERS},
    "slot_offers.answer": {P: OWN, **CARERS},
    "follow_ups.read": CARERS,
    "follow_ups.settle": CARERS,
    "planning_runs.make": {N: CLINIC, DR: CLINIC, DESK: CLINIC, ADMIN: CLINIC},
    "repairs.make": {N: CLINIC, DR: CLINIC, DESK: CLINIC, ADMIN: CLINIC},
    "help_line.change": {ADMIN: CLINIC},
    "week.read": STAFF,
    "health.read": {ADMIN: CLINIC, DR: CLINIC, AUDIT: CLINIC},
    "audit.read": {AUDIT: CLINIC, ADMIN: CLINIC},
    "reports.read": {AUDIT: CLINIC, N: CLINIC, DR: CLINIC, DESK: CLINIC, ADMIN: CLINIC},
}
"""Action -> role -> how far it reaches. A role without an entry may not."""


def require(by: Caller, action: str) -> Relation:
    """How far this person's permission reaches; NotAllowed where their role has none."""
    reach = ACTIONS[action].get(by.role)
    if reach is None:
        raise NotAllowed
    return reach


def require_for_patient(by: Caller, action: str, patient_id: str, *, caseload: bool) -> None:
    """As `require`, for one patient of the caller's clinic. `caseload` says whether a series of
    theirs names the caller. A record out of reach looks like none: NotFound."""
    reach = require(by, action)
    if reach is Relation.OWN and by.patient_id != patient_id:
        raise NotFound
    if reach is Relation.CASELOAD and not caseload:
        raise NotFound
