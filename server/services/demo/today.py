"""What is going on in the demo clinic at this moment: a day half over, times given up, people who
wait, answers to look at. All of it invented."""

from datetime import datetime, timedelta

from server.domain.stages import ORDER
from server.persistence import appointments, check_ins, outbox, paperwork, series
from server.persistence.appointments import AppointmentRow
from server.persistence.check_ins import CheckInRow
from server.persistence.database import db
from server.persistence.people import PatientRow
from server.persistence.transactions import transaction
from server.persistence.types import new_id
from server.services.access import Caller
from server.services.booking import bookings
from server.services.check_ins import alerts
from server.services.refusals import Conflict
from server.services.waiting import waiting_list
from server.services.waiting.waiting_list import Wanted
from shared.vocabulary import (
    AppointmentStatus,
    CheckInStatus,
    PaperworkStatus,
    SeriesStatus,
    Stage,
    VisitKind,
)

A = AppointmentStatus
EVERY = 19
"""One in so many visits that took place came at the second try."""
REASONS = (
    "ill",
    "no ride home",
    "no answer on the telephone",
    "the patient asked for another time",
)
STILL_OPEN = 3
FORM, WORRY = "own-next-day", "side-effects-strong"
STRONG = {"sickness": 3, "headache": 2, "dizzy": 2, "unreal": 1}
SOON = timedelta(minutes=45)
LATE = timedelta(minutes=25)
STAGES = {"preparation": Stage.CHECKS, "infusion": Stage.INFUSING, "observation": Stage.OBSERVING}


def happen(by: Caller, now: datetime) -> None:
    """Put the whole clinic where it would be now; `by` is somebody who sees all of it."""
    with transaction():
        rows = _all(by.clinic_id)
        _stumbles(rows, now)
        _under_way(rows, now)
        _given_up(rows, now)
        _filled_in(by, rows, now)
        _worries(rows, now)
        wished = _wishes(rows, now)
    for number, (patient_id, wanted) in enumerate(wished):
        try:
            waiting_list.join(by, patient_id, wanted, now=now - timedelta(days=number))
        except Conflict:
            continue  # no longer due: nobody waits for it


def _all(clinic_id: str) -> list[AppointmentRow]:
    begun = (SeriesStatus.ACTIVE, SeriesStatus.ON_HOLD, SeriesStatus.COMPLETED)
    ids = [row.id for status in begun for row in series.in_status(clinic_id, status)]
    found = [row for each in ids for row in appointments.of_series(each)]
    return sorted(found, key=lambda row: (row.starts_at, _name(row), row.visit_code))


def _name(row: AppointmentRow) -> str:
    return db.session.get_one(PatientRow, row.patient_id).name_key


def _stumbles(rows: list[AppointmentRow], now: datetime) -> None:
    """Some came at the second try: the first, a day before, was missed or called off."""
    past = [row for row in rows if row.status == A.FULFILLED and row.starts_at < now]
    for number, row in enumerate(past[7::EVERY]):
        first = row.starts_at - timedelta(days=1)
        db.session.add(
            AppointmentRow(
                id=new_id(),
                clinic_id=row.clinic_id,
                site_id=row.site_id,
                patient_id=row.patient_id,
                series_id=row.series_id,
                planned_visit_id=row.planned_visit_id,
                visit_code=row.visit_code,
                kind=row.kind,
                status=A.CANCELLED if number % 3 else A.NO_SHOW,
                starts_at=first,
                ends_at=first + (row.ends_at - row.starts_at),
                wall_time=row.wall_time,
                time_zone=row.time_zone,
                reason=REASONS[number % len(REASONS)],
                made_at=row.made_at,
            )
        )


def _under_way(rows: list[AppointmentRow], now: datetime) -> None:
    """Who is here is at the stage that the plan has for this minute; one is late, one early."""
    ahead = [row for row in rows if row.status == A.BOOKED and now < row.starts_at < now + SOON]
    for row in ahead[:1]:
        row.status, row.stage_at = A.ARRIVED, now - timedelta(minutes=6)
    here = [row for row in rows if row.status == A.ARRIVED and row.starts_at <= now]
    for row in here:
        row.stage_at = row.starts_at - timedelta(minutes=4)
        if row.kind == VisitKind.INFUSION:
            row.stage, row.stage_at = _stage(row, now)
    late = [row for row in here if now - row.starts_at < LATE and row.kind != VisitKind.INFUSION]
    for row in late[:1]:
        row.status, row.stage_at = A.BOOKED, None


def _stage(row: AppointmentRow, now: datetime) -> tuple[Stage, datetime]:
    """By the parts that its claims are for; ready once the last with a patient is over."""
    found = (Stage.ARRIVED, row.starts_at)
    for claim in sorted(row.claims, key=lambda each: each.starts_at):
        stage = STAGES.get(claim.part)
        if stage and claim.starts_at <= now and ORDER.index(stage) > ORDER.index(found[0]):
            found = (stage, claim.starts_at)
    watched = [each.ends_at for each in row.claims if each.part == "observation"]
    return (Stage.READY, max(watched)) if watched and max(watched) <= now else found


def _given_up(rows: list[AppointmentRow], now: datetime) -> None:
    """Somebody called off a visit of later today, and one an infusion in some days."""
    later = [row for row in rows if row.status == A.BOOKED and row.starts_at > now + SOON]
    soon = [row for row in later if row.kind in (VisitKind.INTEGRATION, VisitKind.THERAPY)]
    far = [row for row in later if row.starts_at > now + timedelta(days=3)]
    infusion = [row for row in far if row.kind == VisitKind.INFUSION]
    for row, reason in ((soon[:1], "ill"), (infusion[4:5], "no ride home")):
        for each in row:
            bookings.let_go(each, A.CANCELLED, reason, now=now)


def _filled_in(by: Caller, rows: list[AppointmentRow], now: datetime) -> None:
    """The clinic's own forms were filled in on their day, but for the last few."""
    asked = [
        each
        for series_id in dict.fromkeys(row.series_id for row in rows)
        for each in paperwork.of_series(series_id).values()
        if each.is_open and each.due_at < now
    ]
    asked.sort(key=lambda each: (each.due_at, each.code))
    for each in asked[:-STILL_OPEN]:
        each.status, each.tell_at = PaperworkStatus.COMPLETED, None
        each.done_at, each.done_by = each.due_at, by.user_id
    outbox.stop([each.id for each in asked[:-STILL_OPEN]])


def _worries(rows: list[AppointmentRow], now: datetime) -> None:
    """Two answers ask for somebody."""
    given: dict[str, CheckInRow] = {}
    for series_id in dict.fromkeys(row.series_id for row in rows if row.status == A.BOOKED):
        for each in check_ins.of_series(series_id).values():
            if each.status == CheckInStatus.COMPLETED and each.questionnaire == FORM:
                given[series_id] = each
    for row, minutes in zip(list(given.values())[1:3], (34, 190), strict=False):
        if row.response:
            row.response.answers = {**row.response.answers, **STRONG}
        alerts.raise_alert(row, [WORRY], now=now - timedelta(minutes=minutes))


def _wishes(rows: list[AppointmentRow], now: datetime) -> list[tuple[str, Wanted]]:
    """Who would come sooner, and on which days, by patient."""
    booked = [row for row in rows if row.status == A.BOOKED and row.kind == VisitKind.INFUSION]
    far = [row for row in booked if row.starts_at > now + timedelta(days=6)]
    first = {row.patient_id: row for row in reversed(far)}
    days = ((0, 2, 4), (), (1, 3), ())
    return [
        (row.patient_id, Wanted(series_id=row.series_id, visit_code=row.visit_code, weekdays=on))
        for row, on in zip(reversed(first.values()), days, strict=False)
    ]
