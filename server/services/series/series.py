"""One patient's series: enrolled, read, listed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from server.persistence import bookables, people, protocols
from server.persistence import series as rows
from server.persistence.database import db
from server.persistence.protocols import ProtocolVersionRow
from server.persistence.series import PlannedVisitRow, SeriesRow
from server.persistence.transactions import Locks, patient_lock, transaction
from server.persistence.types import new_id
from server.services import reach
from server.services.access import Caller, require
from server.services.planning import pictures
from server.services.record import audit
from server.services.refusals import Conflict, Invalid, NotFound
from shared.vocabulary import PlannedVisitStatus, SeriesStatus

OPEN = (SeriesStatus.DRAFT, SeriesStatus.ACTIVE, SeriesStatus.ON_HOLD)


@dataclass(frozen=True, kw_only=True)
class Enrolment:
    """What a prescriber or the front desk writes down to begin a series."""

    patient_id: str
    protocol_version_id: str
    ready_on: date
    start_by: date | None = None
    arm: str | None = None
    candidates: Mapping[str, list[str]] = field(default_factory=dict)


def enrol(by: Caller, enrolment: Enrolment, *, now: datetime) -> SeriesRow:
    """A new series with every visit of the protocol planned and none booked."""
    require(by, "series.enrol")
    with transaction(Locks(names=frozenset({patient_lock(enrolment.patient_id)}))):
        patient = people.patient(by.clinic_id, enrolment.patient_id)
        if patient is None:
            raise NotFound
        _require_none_open(by, patient.id)
        version = _active_version(by, enrolment.protocol_version_id)
        _require_sensible(enrolment, version, patient.site_id)
        row = _new(by, enrolment, version, patient.site_id, now)
        db.session.add(row)
        audit.changed(by, "series.enrol", now=now, patient_id=patient.id, subject_id=row.id)
        return row


def _require_none_open(by: Caller, patient_id: str) -> None:
    if rows.open_of_patient(by.clinic_id, patient_id, OPEN):
        raise Conflict("This patient has a series that has not ended.")


def _active_version(by: Caller, version_id: str) -> ProtocolVersionRow:
    version = protocols.version_of(by.clinic_id, version_id)
    if version is None:
        raise Invalid.field("protocol_version_id", "there is no such protocol version")
    if version.activated_at is None or version.retired_at is not None:
        raise Conflict("This protocol version is not active: a prescriber signs and activates it.")
    return version


def _require_sensible(enrolment: Enrolment, version: ProtocolVersionRow, site_id: str) -> None:
    protocol = pictures.read_protocol(version)
    known = {choice.name: choice.kind for choice in protocol.choices}
    for name, named_ids in enrolment.candidates.items():
        if name not in known:
            raise Invalid.field(f"candidates.{name}", "the protocol has no such choice")
        eligible = bookables.practising(site_id, known[name])
        if not named_ids or (set(named_ids) - set(eligible)):
            raise Invalid.field(f"candidates.{name}", f"name one {known[name]} of the site or more")
    if enrolment.start_by and enrolment.start_by < enrolment.ready_on:
        raise Invalid.field("start_by", "is before ready_on")
    if enrolment.arm is not None and enrolment.arm not in {arm.code for arm in protocol.arms}:
        raise Invalid.field("arm", "the protocol has no such arm")


def _new(
    by: Caller, enrolment: Enrolment, version: ProtocolVersionRow, site_id: str, now: datetime
) -> SeriesRow:
    visits = pictures.read_protocol(version).visits
    row = SeriesRow(
        id=new_id(),
        clinic_id=by.clinic_id,
        site_id=site_id,
        patient_id=enrolment.patient_id,
        protocol_version_id=version.id,
        arm=enrolment.arm,
        status=SeriesStatus.DRAFT,
        ready_on=enrolment.ready_on,
        start_by=enrolment.start_by,
        candidates={name: list(ids) for name, ids in enrolment.candidates.items()},
        choices={},
        made_at=now,
    )
    row.planned_visits = [
        PlannedVisitRow(
            clinic_id=by.clinic_id,
            place=place,
            code=visit.code,
            status=PlannedVisitStatus.DRAFT if visit.awaits_decision else PlannedVisitStatus.ACTIVE,
        )
        for place, visit in enumerate(visits)
    ]
    return row


def read(by: Caller, series_id: str, *, now: datetime) -> SeriesRow:
    """One series; that somebody looked is on record."""
    require(by, "series.read")
    with transaction():
        row = within_reach(by, "series.read", series_id)
        audit.looked(by, "series.read", [row.patient_id], now=now)
        return row


def within_reach(by: Caller, action: str, series_id: str) -> SeriesRow:
    """The series, or NotFound where there is none this person may know of."""
    require(by, action)
    row = rows.series(by.clinic_id, series_id)
    if row is None:
        raise NotFound
    reach.require_patient(by, action, row.patient_id)
    return row


def listed(
    by: Caller,
    *,
    now: datetime,
    page: int,
    page_size: int,
    status: SeriesStatus | None = None,
    patient_id: str | None = None,
) -> tuple[list[SeriesRow], int]:
    """A page of the series this person may see, and how many there are."""
    require(by, "series.read")
    with transaction():
        found, total = rows.listed(
            by.clinic_id,
            status=status,
            patient_id=patient_id,
            only_patients=reach.only_patients(by, "series.read"),
            page=page,
            page_size=page_size,
        )
        audit.looked(by, "series.read", {row.patient_id for row in found}, now=now)
        return found, total
