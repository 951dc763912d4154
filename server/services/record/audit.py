"""Who changed what and who looked at whom: written in the very transaction that did it."""

from collections.abc import Iterable
from datetime import datetime

from server.persistence import audit, sign_ins
from server.persistence.audit import AuditEventRow
from server.persistence.sign_ins import UserRow
from server.persistence.transactions import transaction
from server.services.access import Caller, require


def changed(
    by: Caller,
    action: str,
    *,
    now: datetime,
    patient_id: str | None = None,
    subject_id: str | None = None,
    facts: dict[str, object] | None = None,
) -> None:
    """Put a change on record in the present transaction. `facts` hold ids and codes, no names."""
    audit.record(
        clinic_id=by.clinic_id,
        at=now,
        by_user_id=by.user_id,
        role=by.role,
        action=action,
        patient_id=patient_id,
        subject_id=subject_id,
        facts=facts,
    )


def looked(by: Caller, action: str, patient_ids: Iterable[str], *, now: datetime) -> None:
    """Put on record that somebody saw these patients, one event each."""
    audit.record_looks(
        sorted(set(patient_ids)),
        clinic_id=by.clinic_id,
        at=now,
        by_user_id=by.user_id,
        role=by.role,
        action=action,
    )


def listed(
    by: Caller,
    *,
    now: datetime,
    patient_id: str | None = None,
    by_user_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    page: int = 1,
    page_size: int = 100,
) -> tuple[list[AuditEventRow], int]:
    """A page of events, newest first, and how many there are. That somebody asked about a patient
    is on record too."""
    require(by, "audit.read")
    with transaction():
        found = audit.events(
            by.clinic_id,
            patient_id=patient_id,
            by_user_id=by_user_id,
            since=since,
            until=until,
            page=page,
            page_size=page_size,
        )
        if patient_id and found[1]:
            looked(by, "audit.read", [patient_id], now=now)
        return found


def actors(by: Caller, rows: Iterable[AuditEventRow]) -> dict[str, str]:
    """Who did it, by login: the e-mail they sign in with."""
    require(by, "audit.read")
    return sign_ins.emails(by.clinic_id, {row.by_user_id for row in rows if row.by_user_id})


def staff(by: Caller) -> list[UserRow]:
    """Everybody of the clinic whose doings may be asked for, those let go included."""
    require(by, "audit.read")
    return sign_ins.staff(by.clinic_id)
