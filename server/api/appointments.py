"""Appointments: read, book one visit, show and apply a move, cancel, say what became of it."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, if_match, utc_now
from server.api.blueprint import ApiBlueprint
from server.api.paging import Page
from server.services.booking import appointments, booking, moves
from server.services.booking.appointments import Span, Step
from server.services.booking.moves import Wish
from shared.schemas.appointments import (
    ApplyMoveIn,
    AppointmentOut,
    AppointmentQuery,
    BookVisitIn,
    CancelIn,
    MoveIn,
    MovePreviewOut,
    ProgressIn,
)
from shared.schemas.series import BookedOut
from shared.vocabulary import AppointmentStatus

blp = ApiBlueprint("appointments", description="Booked times.")
Sent = Mapping[str, Any]


@blp.route("/appointments", methods=["GET"])
@blp.action("appointments.read", operation="listAppointments")
@blp.arguments(AppointmentQuery, location="query")
@blp.paged(AppointmentOut)
def listed(wanted: Sent, page: Page) -> Any:
    """Appointments that touch a span of time, soonest first."""
    span = Span(**wanted)
    return appointments.listed(caller(), span, page=page.number, page_size=page.size, now=utc_now())


@blp.route("/appointments", methods=["POST"])
@blp.action("appointments.book", operation="bookVisit", if_match=True, also=(404, 409))
@blp.once
@blp.arguments(BookVisitIn)
@blp.response(201, BookedOut)
def book(sent: Sent) -> Any:
    """Book one visit of a series; If-Match names the version of the series."""
    wish = {"choices": {}, **sent}
    rows = booking.book_visit(caller(), **wish, expected_version=if_match(), now=utc_now())
    return {"appointments": rows}


@blp.route("/appointments/<id:appointment_id>", methods=["GET"])
@blp.action("appointments.read", operation="readAppointment")
@blp.response(200, AppointmentOut)
def read(appointment_id: str) -> Any:
    """One appointment."""
    return appointments.read(caller(), appointment_id, now=utc_now())


@blp.route("/appointments/<id:appointment_id>/move-previews", methods=["POST"])
@blp.action("appointments.move", operation="previewMove", also=(409,))
@blp.arguments(MoveIn)
@blp.response(201, MovePreviewOut)
def preview(sent: Sent, appointment_id: str) -> Any:
    """What else must move, and why, if this visit goes there; every reason if it cannot."""
    wish = Wish(starts_at=sent["starts_at"], choices=sent.get("choices", {}))
    return moves.preview(caller(), appointment_id, wish, now=utc_now())


@blp.route("/appointments/<id:appointment_id>/moves", methods=["POST"])
@blp.action("appointments.take", operation="applyMove", if_match=True, also=(409,))
@blp.once
@blp.arguments(ApplyMoveIn)
@blp.response(200, BookedOut)
def apply(sent: Sent, appointment_id: str) -> Any:
    """Move exactly what a preview showed, or nothing."""
    seen = if_match()
    rows = moves.apply(
        caller(), appointment_id, sent["preview_id"], expected_version=seen, now=utc_now()
    )
    return {"appointments": rows}


@blp.route("/appointments/<id:appointment_id>/cancel", methods=["POST"])
@blp.action("appointments.cancel", operation="cancelAppointment", if_match=True, also=(409,))
@blp.once
@blp.arguments(CancelIn)
@blp.response(200, AppointmentOut)
def cancel(sent: Sent, appointment_id: str) -> Any:
    """Give up a booked time; the visit stays due."""
    step = Step(to=AppointmentStatus.CANCELLED, expected_version=if_match(), reason=sent["reason"])
    return appointments.cancel(caller(), appointment_id, step, now=utc_now())


@blp.route("/appointments/<id:appointment_id>/progress", methods=["POST"])
@blp.action("appointments.progress", operation="recordProgress", if_match=True, also=(409,))
@blp.once
@blp.arguments(ProgressIn)
@blp.response(200, AppointmentOut)
def progress(sent: Sent, appointment_id: str) -> Any:
    """The patient arrived, was treated, or did not come."""
    step = Step(
        to=AppointmentStatus(sent["status"]), expected_version=if_match(), reason=sent["reason"]
    )
    return appointments.progress(caller(), appointment_id, step, now=utc_now())
