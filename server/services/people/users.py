"""Logins of a clinic: made, changed and disabled by an administrator."""

from dataclasses import dataclass
from datetime import datetime

from server.persistence import people
from server.persistence import sign_ins as rows
from server.persistence.clinics import ClinicRow
from server.persistence.database import db
from server.persistence.sign_ins import UserRow
from server.persistence.transactions import Locks, transaction
from server.persistence.types import new_id
from server.services import freshness
from server.services.access import ACTIONS, Caller, require
from server.services.record import audit
from server.services.refusals import Conflict, Invalid
from server.services.sign_ins import passwords
from shared.vocabulary import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class NewUser:
    """A login to be made. A patient's names the patient, a practitioner's may name theirs."""

    email: str
    password: str
    role: Role
    patient_id: str | None = None
    practitioner_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class UserChange:
    """What is to be different; None leaves it."""

    disabled: bool | None = None
    password: str | None = None
    role: Role | None = None


def create(by: Caller, wanted: NewUser, *, now: datetime) -> UserRow:
    """A new login of the caller's clinic."""
    require(by, "users.manage")
    passwords.require_good(wanted.password, email=wanted.email)
    password_hash = passwords.hashed(wanted.password)
    with transaction(Locks(names=frozenset({f"email:{wanted.email}"}))):
        _require_person(by, wanted)
        if rows.user_by_email(wanted.email):
            raise Conflict("This e-mail address has a sign-in already.")
        row = UserRow(
            id=new_id(),
            clinic_id=by.clinic_id,
            email=wanted.email.lower(),
            password_hash=password_hash,
            role=wanted.role,
            patient_id=wanted.patient_id,
            practitioner_id=wanted.practitioner_id,
            made_at=now,
        )
        db.session.add(row)
        db.session.flush()
        audit.changed(by, "users.manage", now=now, patient_id=row.patient_id, subject_id=row.id)
        return row


def _require_person(by: Caller, wanted: NewUser) -> None:
    """A patient's login names a patient of the clinic, and nobody else's does."""
    if wanted.role is Role.PATIENT:
        if not wanted.patient_id:
            raise Invalid.field("patient_id", "A patient's sign-in names the patient.")
        if people.patient(by.clinic_id, wanted.patient_id) is None:
            raise Invalid.field("patient_id", "There is no such patient.")
    elif wanted.patient_id:
        raise Invalid.field("patient_id", "Only a patient's sign-in names a patient.")
    if wanted.practitioner_id:
        _require_practitioner(by, wanted.practitioner_id, wanted.role)


def _require_practitioner(by: Caller, practitioner_id: str, role: Role) -> None:
    if role is Role.PATIENT:
        raise Invalid.field("practitioner_id", "A patient's sign-in names no practitioner.")
    if people.practitioner(by.clinic_id, practitioner_id) is None:
        raise Invalid.field("practitioner_id", "There is no such practitioner.")


def listed(by: Caller, *, page: int, page_size: int) -> tuple[list[UserRow], int]:
    """A page of the clinic's logins, and how many there are."""
    require(by, "users.manage")
    db.session.rollback()
    return rows.users(by.clinic_id, page=page, page_size=page_size)


def read(by: Caller, user_id: str) -> UserRow:
    """One login of the clinic."""
    require(by, "users.manage")
    db.session.rollback()
    return freshness.found(rows.user(by.clinic_id, user_id))


def change(
    by: Caller, user_id: str, wanted: UserChange, *, expected_version: int, now: datetime
) -> UserRow:
    """Disable, let in again, give another role or password. All but letting in ends the person's
    sign-ins at once."""
    require(by, "users.manage")
    password_hash = None if wanted.password is None else passwords.hashed(wanted.password)
    with transaction(Locks(names=frozenset({f"user:{user_id}"}))):
        row = freshness.unchanged(rows.user(by.clinic_id, user_id), expected_version)
        _apply(by, row, wanted, now)
        row.password_hash = password_hash or row.password_hash
        facts: dict[str, object] = {"changed": _named(wanted)}
        audit.changed(by, "users.manage", now=now, subject_id=row.id, facts=facts)
        db.session.flush()
        return row


def _apply(by: Caller, row: UserRow, wanted: UserChange, now: datetime) -> None:
    _require_sensible(by, row, wanted)
    if wanted.password is not None:
        passwords.require_good(wanted.password, email=row.email)
    if wanted.role is not None:
        row.role = wanted.role
    if wanted.disabled is not None:
        row.disabled_at = (row.disabled_at or now) if wanted.disabled else None
    if wanted.password is not None or wanted.role is not None or wanted.disabled:
        rows.revoke_families(row.id, now, "changed by an administrator")


def _require_sensible(by: Caller, row: UserRow, wanted: UserChange) -> None:
    if row.id == by.user_id and (wanted.disabled or wanted.role not in (None, by.role)):
        raise Conflict("Ask another administrator to change your own sign-in.")
    if wanted.role is not None and (wanted.role is Role.PATIENT) != (row.role == Role.PATIENT):
        raise Invalid.field("role", "A patient's sign-in stays a patient's.")


def _named(wanted: UserChange) -> list[str]:
    return [name for name in ("disabled", "password", "role") if getattr(wanted, name) is not None]


def me(by: Caller) -> dict[str, object]:
    """The caller's own login, their clinic, and the rows of the access table they have."""
    require(by, "me.read")
    row = freshness.found(rows.user(by.clinic_id, by.user_id))
    clinic = freshness.found(db.session.get(ClinicRow, by.clinic_id))
    may = {name: str(reach[by.role]) for name, reach in ACTIONS.items() if by.role in reach}
    return {"user": row, "clinic": {"id": clinic.id, "title": clinic.title}, "may": may}
