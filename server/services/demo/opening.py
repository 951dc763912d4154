"""Opens the demo clinic in an empty database, and says what it holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server.persistence import counts
from server.persistence.database import db
from server.persistence.sign_ins import UserRow
from server.persistence.transactions import Locks, transaction
from server.persistence.types import new_id
from server.services.access import Caller
from server.services.demo import answers, places, protocols, story, today
from server.services.demo.places import Clinic
from server.services.people import on_call
from server.services.people.on_call import OnCall
from server.services.record import doctor
from server.services.sign_ins import passwords
from shared.vocabulary import Role

PASSWORD = "only-for-the-demo-clinic"  # noqa: S105  (printed at every start; guards nothing)
STAFF = (
    ("ana", Role.ADMINISTRATOR, None),
    ("drew", Role.PRESCRIBER, "drew"),
    ("dana", Role.PRESCRIBER, "dana"),
    ("theo", Role.THERAPIST, "theo"),
    ("tilda", Role.THERAPIST, "tilda"),
    ("nora", Role.NURSE, None),
    ("fay", Role.FRONT_DESK, None),
    ("ada", Role.AUDITOR, None),
)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What the database holds, and how many invariants are broken."""

    series: int
    booked: int
    appointments: int
    waiting: int
    breaches: int
    without_plan: int = 0

    def __str__(self) -> str:
        return (
            f"{self.series} series, {self.booked} of them planned and booked whole; "
            f"{self.appointments} appointments; {self.waiting} series still wait for a plan; "
            f"breaches {self.breaches}"
        )


def ensure(*, now: datetime) -> Summary:
    """Fill the database if it holds no clinic, then count what is there."""
    if counts.clinics() == 0:
        _open(now)
    return summary(now=now)


def summary(*, now: datetime) -> Summary:
    """What the database holds now."""
    found = counts.series_by_status()
    waiting = found.get("draft", 0)
    return Summary(
        series=sum(found.values()),
        booked=sum(found.values()) - waiting,
        appointments=counts.live_appointments(),
        waiting=waiting,
        breaches=len(doctor.examine(now=now)),
    )


def sign_ins() -> Iterable[tuple[str, str, str]]:
    """E-mail, password and role of everybody who can sign in to the demo clinic."""
    for name, role, _ in STAFF:
        yield f"{name}@demo.invalid", PASSWORD, role
    yield "patient@demo.invalid", PASSWORD, Role.PATIENT


def _open(now: datetime) -> None:
    began = now - timedelta(days=100)
    on = now.astimezone(ZoneInfo("America/New_York")).date()
    with transaction(Locks(names=frozenset({"demo"}))):
        if counts.clinics():
            return  # another process was first
        clinic = places.make(now=began, today=on)
        callers = _staff(clinic, began)
    editions = protocols.adopt_all(callers["drew"], now=began)
    protocols.leave_open(callers["drew"], now=began)
    by = {"harbour": callers["drew"], "mesa": callers["dana"]}
    minutes = (("nora", 10), ("drew", 15))
    rota = [OnCall(user_id=callers[who].user_id, within_minutes=n) for who, n in minutes]
    on_call.change(callers["ana"], rota, now=began)
    told = story.tell(clinic, editions, by, now)
    story.live_until(now, clinic.row.id)
    story.hold_one(callers["drew"], now)
    answers.give(began, now)
    today.happen(callers["drew"], now)
    _patient_sign_in(clinic, told.signs_in, now)


def _staff(clinic: Clinic, now: datetime) -> dict[str, Caller]:
    hashed = passwords.hashed(PASSWORD)
    callers = {}
    for name, role, code in STAFF:
        practitioner = clinic.practitioners[code].id if code else None
        row = _user(clinic.row.id, f"{name}@demo.invalid", hashed, role, now)
        row.practitioner_id = practitioner
        callers[name] = Caller(
            user_id=row.id, clinic_id=clinic.row.id, role=role, practitioner_id=practitioner
        )
    return callers


def _user(clinic_id: str, email: str, hashed: str, role: Role, now: datetime) -> UserRow:
    row = UserRow(
        id=new_id(), clinic_id=clinic_id, email=email, password_hash=hashed, role=role, made_at=now
    )
    db.session.add(row)
    return row


def _patient_sign_in(clinic: Clinic, patient_id: str, now: datetime) -> None:
    """One patient at the beginning of a series can sign in."""
    with transaction():
        email = "patient@demo.invalid"
        row = _user(clinic.row.id, email, passwords.hashed(PASSWORD), Role.PATIENT, now)
        row.patient_id = patient_id
