"""Books a whole series, or the rest of it, in one transaction: all of it or nothing."""

from collections.abc import Mapping
from datetime import datetime

from server.domain import series as rules
from server.domain.breaches import Breach, BreachCode, Refused
from server.domain.placement import Placement, SeriesPlan
from server.persistence import series as rows
from server.persistence.appointments import AppointmentRow
from server.persistence.database import db
from server.persistence.last_word import guarded
from server.persistence.transactions import transaction
from server.services import reach
from server.services.access import Caller, require
from server.services.booking import bookings
from server.services.planning import pictures, plan_bodies, questions
from server.services.planning.pictures import SeriesPicture
from server.services.record import audit
from server.services.refusals import NotFound, Stale
from shared.vocabulary import SeriesStatus


@guarded
def book_plan(
    by: Caller, series_id: str, plan_id: str, *, expected_version: int, now: datetime
) -> list[AppointmentRow]:
    """Book a plan that was proposed, exactly as it was shown. Refused with every breach where the
    world has moved on since; Stale where the series itself has."""
    require(by, "series.book")
    plan = _proposed(by, series_id, plan_id, now)
    return book(by, series_id, plan, expected_version=expected_version, now=now)


def _proposed(by: Caller, series_id: str, plan_id: str, now: datetime) -> SeriesPlan:
    row = rows.proposed_plan(by.clinic_id, plan_id)
    if row is None or row.series_id != series_id:
        raise NotFound
    if row.expires_at <= now:
        raise Refused([Breach(code=BreachCode.STALE)])
    return plan_bodies.from_body(row.body)


@guarded
def book(
    by: Caller, series_id: str, plan: SeriesPlan, *, expected_version: int | None, now: datetime
) -> list[AppointmentRow]:
    """Book these times for visits of a series, whole. `expected_version` None books whatever the
    series has become since, as long as every rule holds."""
    require(by, "series.book")
    before = pictures.of_series(by.clinic_id, series_id)
    reach.require_patient(by, "series.book", before.patient.id)
    locks = bookings.locks_for(before, plan)
    with transaction(locks):
        picture = pictures.of_series(by.clinic_id, series_id)
        if expected_version is not None and picture.row.version != expected_version:
            raise Stale
        return booked(by, picture, plan, now=now)


def booked(
    by: Caller, picture: SeriesPicture, plan: SeriesPlan, *, now: datetime
) -> list[AppointmentRow]:
    """Prove and book, in the present transaction and under the locks of `bookings.locks_for`."""
    _require_bookable(picture, plan)
    free = {each.visit for each in plan.placements}
    asked = questions.question(picture, now=now, free=free, strict=True, proving=plan)
    bookings.prove(asked, plan, now=now)
    written = bookings.write(picture, plan, now=now)
    picture.row.status = SeriesStatus.ACTIVE
    rows.touch(picture.row)
    _on_record(by, picture, written, now)
    return written


def book_visit(
    by: Caller,
    series_id: str,
    *,
    visit: str,
    starts_at: datetime,
    choices: Mapping[str, str],
    expected_version: int,
    now: datetime,
) -> list[AppointmentRow]:
    """Book one visit. The series' kept choices hold; a first one may be made with it."""
    require(by, "appointments.book")
    picture = pictures.of_series(by.clinic_id, series_id)
    reach.require_patient(by, "appointments.book", picture.patient.id)
    picture.visit(visit)
    kept = picture.kept_names()
    made = {name: who for name, who in choices.items() if name in kept}
    own = {name: who for name, who in choices.items() if name not in kept}
    at = starts_at.astimezone(picture.zone)
    plan = SeriesPlan(
        placements=(Placement(visit=visit, starts_at=at, choices=own),),
        choices=dict(picture.row.choices) | made,
    )
    return book(by, series_id, plan, expected_version=expected_version, now=now)


def _require_bookable(picture: SeriesPicture, plan: SeriesPlan) -> None:
    status = SeriesStatus(picture.row.status)
    if status is SeriesStatus.ON_HOLD:
        raise Refused([Breach(code=BreachCode.ON_HOLD)])
    if status is not SeriesStatus.ACTIVE:
        rules.change(status, SeriesStatus.ACTIVE)
    again = [each.visit for each in plan.placements if each.visit in picture.live]
    if again:
        raise Refused([Breach(code=BreachCode.ALREADY_BOOKED, visit=code) for code in again])


def _on_record(
    by: Caller, picture: SeriesPicture, written: list[AppointmentRow], now: datetime
) -> None:
    db.session.flush()
    audit.changed(
        by,
        "series.book",
        now=now,
        patient_id=picture.patient.id,
        subject_id=picture.row.id,
        facts={"appointments": [row.id for row in written]},
    )
