"""Patients who would come sooner, or at another time: who waits for what."""

from dataclasses import dataclass
from datetime import date, datetime

from server.persistence import series as series_rows
from server.persistence import waiting as rows
from server.persistence.database import db
from server.persistence.transactions import Locks, series_lock, transaction
from server.persistence.types import new_id
from server.persistence.waiting import WaitingRow
from server.services import reach
from server.services.access import Caller, require
from server.services.planning import pictures
from server.services.record import audit
from server.services.refusals import Conflict, Invalid, NotFound
from shared.vocabulary import AppointmentStatus, SeriesStatus


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """For which visit of which series a time is wanted, and what will do; see `WaitingRow`."""

    series_id: str
    visit_code: str
    not_before: date | None = None
    not_after: date | None = None
    weekdays: tuple[int, ...] = ()
    notice_hours: int = 24


def join(by: Caller, patient_id: str, wanted: Wanted, *, now: datetime) -> WaitingRow:
    """Wait for a time. Conflict for a visit that is over, or is waited for already."""
    reach.require_known(by, "waiting.change", patient_id)
    with transaction(Locks(names=frozenset({series_lock(wanted.series_id)}))):
        _require_due(by, patient_id, wanted)
        if wanted.not_before and wanted.not_after and wanted.not_after < wanted.not_before:
            raise Invalid.field("not_after", "is before not_before")
        if rows.open_entry(wanted.series_id, wanted.visit_code):
            raise Conflict("This visit is on the waiting list already.")
        row = WaitingRow(
            id=new_id(),
            clinic_id=by.clinic_id,
            patient_id=patient_id,
            made_at=now,
            **(vars(wanted) | {"weekdays": sorted(set(wanted.weekdays))}),
        )
        db.session.add(row)
        _on_record(by, row, "waits", now)
        return row


def _require_due(by: Caller, patient_id: str, wanted: Wanted) -> None:
    series = series_rows.series(by.clinic_id, wanted.series_id)
    if series is None or series.patient_id != patient_id:
        raise Invalid.field("series_id", "is no series of this patient")
    if series.status not in (SeriesStatus.ACTIVE, SeriesStatus.ON_HOLD):
        raise Conflict("This series has not begun or is over.")
    picture = pictures.of_series(by.clinic_id, series.id)
    if wanted.visit_code not in {visit.code for visit in picture.visits}:
        raise Invalid.field("visit_code", "is no visit of this series")
    booked = picture.live.get(wanted.visit_code)
    if booked is not None and booked.status in (
        AppointmentStatus.ARRIVED,
        AppointmentStatus.FULFILLED,
    ):
        raise Conflict("This visit has taken place.")


def leave(by: Caller, waiting_id: str, *, now: datetime) -> None:
    """Wait no longer."""
    require(by, "waiting.change")
    row = rows.entry(by.clinic_id, waiting_id)
    if row is None:
        raise NotFound
    reach.require_patient(by, "waiting.change", row.patient_id)
    with transaction(Locks(names=frozenset({series_lock(row.series_id)}))):
        row = rows.entry(by.clinic_id, waiting_id)
        if row is None or row.ended_at is not None:
            raise NotFound
        row.ended_at = now
        _on_record(by, row, "waits no longer", now)


def _on_record(by: Caller, row: WaitingRow, what: str, now: datetime) -> None:
    db.session.flush()
    facts: dict[str, object] = {"what": what, "visit": row.visit_code}
    audit.changed(
        by,
        "waiting.change",
        now=now,
        patient_id=row.patient_id,
        subject_id=row.id,
        facts=facts,
    )


def listed(by: Caller, *, page: int, page_size: int, now: datetime) -> tuple[list[WaitingRow], int]:
    """A page of those who wait, of patients within reach, longest first."""
    only = reach.only_patients(by, "waiting.list")
    with transaction():
        found, total = rows.entries(
            by.clinic_id, only_patients=only, page=page, page_size=page_size
        )
        audit.looked(by, "waiting.list", {row.patient_id for row in found}, now=now)
        return found, total


def of_patient(by: Caller, patient_id: str, *, now: datetime) -> list[WaitingRow]:
    """What a patient waits for."""
    reach.require_known(by, "waiting.read", patient_id)
    with transaction():
        audit.looked(by, "waiting.read", [patient_id], now=now)
        return rows.of_patient(by.clinic_id, patient_id)
