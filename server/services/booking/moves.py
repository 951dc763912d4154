"""Moves a booked visit: first shows what else must move and why, then applies exactly that."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from server.domain import booking
from server.domain.breaches import Breach, BreachCode, Refused, sentence
from server.domain.placement import Placement, SeriesPlan
from server.persistence import series as rows
from server.persistence.appointments import AppointmentRow
from server.persistence.database import db
from server.persistence.last_word import guarded
from server.persistence.series import ProposedPlanRow
from server.persistence.transactions import transaction
from server.persistence.types import new_id
from server.services.access import Caller
from server.services.booking import appointments, bookings, following
from server.services.planning import pictures, plan_bodies, questions
from server.services.planning.pictures import SeriesPicture
from server.services.planning.planning import OFFERED_FOR
from server.services.record import audit
from server.services.refusals import Conflict, NotFound, Stale
from shared.vocabulary import Role, SeriesStatus

LATEST_BY_PATIENT = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Where one visit should go, and for whom if that changes."""

    starts_at: datetime
    choices: Mapping[str, str]


def preview(by: Caller, appointment_id: str, wish: Wish, *, now: datetime) -> ProposedPlanRow:
    """What follows if this visit moves there: the other visits that must move with it, each with
    the rule it would break, in the fewest changes. Refused names every rule that stands against
    the wished time itself."""
    row = appointments.within_reach(by, "appointments.move", appointment_id)
    return offered(by, pictures.of_series(by.clinic_id, row.series_id), row, wish, now=now)


def offered(
    by: Caller, picture: SeriesPicture, row: AppointmentRow, wish: Wish, *, now: datetime
) -> ProposedPlanRow:
    """The same for an appointment that was read already."""
    require_movable(picture, row, now)
    return keep(by, picture, [body_for(picture, row, wish, now=now)], now=now)[0]


def body_for(
    picture: SeriesPicture, row: AppointmentRow, wish: Wish, *, now: datetime
) -> dict[str, object]:
    """What moves if the wish is granted. Raises Refused where a rule stands against it."""
    wished = _wished(picture, row, wish)
    alone = _alone(picture, wished, now)
    plan = SeriesPlan(placements=(wished,), choices=picture.row.choices)
    if alone:
        plan = following.with_fewest_changes(picture, wished, alone, now=now)
    return _body(picture, plan, alone)


@guarded
def apply(
    by: Caller, appointment_id: str, preview_id: str, *, expected_version: int, now: datetime
) -> list[AppointmentRow]:
    """Move exactly what the preview showed, or stop: Stale where the appointment has changed since,
    Refused where the shown times no longer stand."""
    row = appointments.within_reach(by, "appointments.take", appointment_id)
    shown = _shown(by, row, preview_id, now)
    before = pictures.of_series(by.clinic_id, row.series_id)
    with transaction(bookings.locks_for(before, shown)):
        fresh = appointments.within_reach(by, "appointments.take", appointment_id)
        if fresh.version != expected_version:
            raise Stale
        picture = pictures.of_series(by.clinic_id, fresh.series_id)
        require_movable(picture, fresh, now)
        require_in_time(by, fresh, now=now)
        free = {each.visit for each in shown.placements}
        if free - picture.movable(now):
            raise Stale
        asked = questions.question(picture, now=now, free=free, proving=shown)
        bookings.prove(asked, shown, now=now)
        written = bookings.write(picture, shown, now=now)
        rows.touch(picture.row)
        _on_record(by, picture, written, now)
        return written


def require_in_time(by: Caller, row: AppointmentRow, *, now: datetime) -> None:
    """A patient moves a visit themselves until a day before it; after that the clinic does."""
    if by.role is Role.PATIENT and row.starts_at - now < LATEST_BY_PATIENT:
        raise Conflict("This visit is very soon. Please call the clinic to move it.")


def way_back(by: Caller, appointment_id: str, preview_id: str, *, now: datetime) -> ProposedPlanRow:
    """An applied move the other way round, on offer like any move. Stale where a visit of it has
    moved on since."""
    row = appointments.within_reach(by, "appointments.move", appointment_id)
    shown = _shown(by, row, preview_id, now)
    picture = pictures.of_series(by.clinic_id, row.series_id)
    for each in shown.placements:
        if each.visit not in picture.live or picture.placement(each.visit) != each:
            raise Stale
    before = rows.proposed_plan(by.clinic_id, preview_id)
    return keep(by, picture, [_turned_round(before.body if before else {})], now=now)[0]


def _turned_round(body: Mapping[str, object]) -> dict[str, object]:
    visits = [
        dict(each)
        | {"starts_at": each["previous"], "previous": each["starts_at"], "reasons": []}
        | {"choices": each["previous_choices"], "previous_choices": each["choices"]}
        for each in cast(list[Mapping[str, object]], body["visits"])
    ]
    return dict(body) | {"visits": visits}


def require_movable(picture: SeriesPicture, row: AppointmentRow, now: datetime) -> None:
    """Raises Refused for what is over, given up or on hold."""
    if picture.row.status == SeriesStatus.ON_HOLD:
        raise Refused([Breach(code=BreachCode.ON_HOLD, visit=row.visit_code)])
    if not row.live or row.visit_code not in picture.movable(now):
        facts = {"what": "an appointment", "before": str(row.status), "after": "moved"}
        raise Refused(
            [Breach(code=BreachCode.NOT_ALLOWED_CHANGE, visit=row.visit_code, facts=facts)]
        )


def _wished(picture: SeriesPicture, row: AppointmentRow, wish: Wish) -> Placement:
    now_at = picture.placement(row.visit_code)
    return replace(
        now_at,
        starts_at=wish.starts_at.astimezone(picture.zone),
        choices=dict(now_at.choices) | dict(wish.choices),
    )


def _alone(picture: SeriesPicture, wished: Placement, now: datetime) -> list[Breach]:
    """What the wished time breaks while every other visit stays."""
    plan = SeriesPlan(placements=(wished,), choices=picture.row.choices)
    asked = questions.question(picture, now=now, free={wished.visit}, proving=plan)
    return booking.breaches(asked.series, plan, asked.calendar, now=now)


def _body(picture: SeriesPicture, plan: SeriesPlan, alone: list[Breach]) -> dict[str, object]:
    """The plan, and beside each visit its present time and why it moves."""
    why: dict[str, list[dict[str, object]]] = {}
    for breach in alone:
        for code in {breach.visit, breach.facts.get("anchor"), breach.facts.get("other")}:
            if isinstance(code, str):
                said: dict[str, object] = {"code": breach.code, "sentence": sentence(breach)}
                why.setdefault(code, []).append(said)
    body = plan_bodies.to_body(plan, why)
    for each in cast(list[dict[str, object]], body["visits"]):
        before = picture.placement(str(each["visit"]))
        each["title"] = picture.visit(str(each["visit"])).title
        each["previous"] = before.starts_at.isoformat()
        each["previous_choices"] = dict(before.choices)
    body["kind"] = "move"
    return body


def keep(
    by: Caller, picture: SeriesPicture, bodies: list[dict[str, object]], *, now: datetime
) -> list[ProposedPlanRow]:
    """Write down what is offered, so that exactly it can be applied."""
    patient_id, series_id = picture.patient.id, picture.row.id
    rows = [
        ProposedPlanRow(
            id=new_id(),
            clinic_id=by.clinic_id,
            series_id=series_id,
            place=place_in_line,
            body=body,
            made_at=now,
            expires_at=now + OFFERED_FOR,
        )
        for place_in_line, body in enumerate(bodies, start=1)
    ]
    with transaction():
        db.session.add_all(rows)
        audit.looked(by, "appointments.move", [patient_id], now=now)
    return rows


def _shown(by: Caller, row: AppointmentRow, preview_id: str, now: datetime) -> SeriesPlan:
    kept = rows.proposed_plan(by.clinic_id, preview_id)
    if kept is None or kept.series_id != row.series_id:
        raise NotFound
    plan = plan_bodies.from_body(kept.body)
    if kept.body.get("kind") != "move" or plan.of(row.visit_code) is None:
        raise NotFound
    if kept.expires_at <= now:
        raise Refused([Breach(code=BreachCode.STALE)])
    return plan


def _on_record(
    by: Caller, picture: SeriesPicture, written: list[AppointmentRow], now: datetime
) -> None:
    db.session.flush()
    audit.changed(
        by,
        "appointments.move",
        now=now,
        patient_id=picture.patient.id,
        subject_id=picture.row.id,
        facts={"appointments": [row.id for row in written]},
    )
