"""A patient's way in: the clinic hands out a code, the patient makes a login of it."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.persistence import invitations as rows
from server.persistence.database import db
from server.persistence.invitations import InvitationRow
from server.persistence.people import patient
from server.persistence.sign_ins import UserRow, revoke_families, user_by_email
from server.persistence.transactions import Locks, patient_lock, transaction
from server.persistence.types import new_id
from server.services import reach
from server.services.access import Caller
from server.services.record import audit
from server.services.refusals import Conflict, Invalid, NotFound
from server.services.sign_ins import passwords, sign_in, throttle
from shared.vocabulary import Role

LASTS = timedelta(days=7)
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""None that is easily taken for another."""
LONG, GROUP = 12, 4
NO_GOOD = "This code does not work, or not any more. Please ask your clinic for a new one."


@dataclass(frozen=True, kw_only=True, slots=True)
class Invited:
    """The only place where the code itself stands."""

    id: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Login:
    """What the patient chooses."""

    code: str
    email: str
    password: str


def invite(by: Caller, patient_id: str, *, now: datetime) -> Invited:
    """A code for a patient, good once within a week. One handed out before ends with it; so it is
    also the way back for a patient who forgot their password."""
    reach.require_patient(by, "patients.invite", patient_id)
    code = "".join(secrets.choice(LETTERS) for _ in range(LONG))
    with transaction(Locks(names=frozenset({patient_lock(patient_id)}))):
        if patient(by.clinic_id, patient_id) is None:
            raise NotFound
        _end_open(patient_id, now)
        row = InvitationRow(
            id=new_id(),
            clinic_id=by.clinic_id,
            patient_id=patient_id,
            code_hash=_hash_of(code),
            made_at=now,
            expires_at=now + LASTS,
        )
        db.session.add(row)
        audit.changed(by, "patients.invite", now=now, patient_id=patient_id, subject_id=row.id)
        return Invited(id=row.id, code=_grouped(code), expires_at=row.expires_at)


def is_good(code: str, *, now: datetime) -> bool:
    """Whether a login can be made of this code now. Looking does not use it up."""
    db.session.rollback()
    row = rows.by_code(_hash_of(code))
    return row is not None and row.ended_at is None and row.expires_at > now


def accept(wanted: Login, *, now: datetime) -> str:
    """The id of the login that the patient made, or whose password they set anew: then they are
    signed out everywhere else. Refuses as Invalid what cannot be, TooMany who tries too often."""
    email = wanted.email.strip().lower()
    throttle.count(f"invitation {email}", now=now)
    if not is_good(wanted.code, now=now):
        raise Invalid.field("code", NO_GOOD)
    passwords.require_good(wanted.password, email=email)
    password_hash = passwords.hashed(wanted.password)
    with transaction(Locks(names=frozenset({f"email:{email}", _lock(wanted.code)}))):
        user_id = _taken(wanted.code, email, password_hash, now)
    throttle.forget(f"invitation {email}")
    return user_id


def _taken(code: str, email: str, password_hash: str, now: datetime) -> str:
    row = rows.by_code(_hash_of(code))
    if row is None or row.ended_at or row.expires_at <= now:
        raise Invalid.field("code", NO_GOOD)
    user, holder = rows.login_of(row.clinic_id, row.patient_id), user_by_email(email)
    if holder is not None and (user is None or holder.id != user.id):
        raise Conflict("This e-mail address has a sign-in already.")
    user = user or _new_login(row, now)
    user.email, user.password_hash, user.disabled_at = email, password_hash, None
    row.ended_at = now
    db.session.add(user)
    db.session.flush()
    revoke_families(user.id, now, "new-password")
    who = sign_in.caller_for(user)
    audit.changed(who, "invitations.accept", now=now, patient_id=row.patient_id, subject_id=row.id)
    return user.id


def _new_login(row: InvitationRow, now: datetime) -> UserRow:
    return UserRow(
        id=new_id(),
        clinic_id=row.clinic_id,
        role=Role.PATIENT,
        patient_id=row.patient_id,
        made_at=now,
    )


def _end_open(patient_id: str, now: datetime) -> None:
    for each in rows.open_of(patient_id):
        each.ended_at = now


def _lock(code: str) -> str:
    return f"invitation:{_hash_of(code)}"


def _grouped(code: str) -> str:
    """As a person reads it: "ABCD-EFGH-JKMN"."""
    return "-".join(code[i : i + GROUP] for i in range(0, LONG, GROUP))


def _hash_of(code: str) -> str:
    """However it was typed: small letters, spaces or none."""
    plain = "".join(each for each in code.upper() if each.isalnum())
    return hashlib.sha256(f"invitation:{plain}".encode()).hexdigest()
