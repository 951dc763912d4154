"""What a patient's phone asks and says: today, confirming, the ride home, another time."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, utc_now
from server.api.blueprint import ApiBlueprint
from server.services.booking import confirmations, offers
from server.services.clinic import help_lines
from server.services.clinic.help_lines import HelpLine
from server.services.days import sync
from server.services.people import exports
from shared.schemas.sync import (
    ConfirmedOut,
    ConfirmIn,
    ExportOut,
    HelpLineSchema,
    OffersOut,
    RideOut,
    RideSchema,
    TodayOut,
)

blp = ApiBlueprint("today", description="The patient's own view.")
Sent = Mapping[str, Any]


@blp.route("/me/today", methods=["GET"])
@blp.action("me.today", operation="readToday")
@blp.response(200, TodayOut)
def today() -> Any:
    """What is next, what to do before it, and what is asked, in one document to keep."""
    return sync.today(caller(), now=utc_now())


@blp.route("/me/export", methods=["GET"])
@blp.action("me.export", operation="exportMe")
@blp.response(200, ExportOut)
def export() -> Any:
    """All that the clinic keeps of the patient, to take along."""
    return exports.document(caller(), now=utc_now())


@blp.route("/appointments/<id:appointment_id>/confirm", methods=["POST"])
@blp.action("appointments.confirm", operation="confirmAppointment", also=(409, 412))
@blp.once
@blp.arguments(ConfirmIn)
@blp.response(200, ConfirmedOut)
def confirm(sent: Sent, appointment_id: str) -> Any:
    """The patient comes; 412 where the appointment has another time than they were shown."""
    return confirmations.confirm(caller(), appointment_id, **sent, now=utc_now())


@blp.route("/appointments/<id:appointment_id>/ride", methods=["POST"])
@blp.action("appointments.ride", operation="nameRide", also=(409,))
@blp.once
@blp.arguments(RideSchema)
@blp.response(200, RideOut)
def name_ride(sent: Sent, appointment_id: str) -> Any:
    """Who takes the patient home."""
    return confirmations.name_ride(caller(), appointment_id, **sent, now=utc_now())


@blp.route("/appointments/<id:appointment_id>/offers", methods=["POST"])
@blp.action("appointments.offer", operation="offerTimes", also=(409,))
@blp.response(201, OffersOut)
def offer(appointment_id: str) -> Any:
    """Up to three other times that keep the protocol; take one at `/moves` by its id."""
    return offers.make(caller(), appointment_id, now=utc_now())


@blp.route("/clinic/help-line", methods=["PUT"])
@blp.action("help_line.change", operation="changeHelpLine")
@blp.arguments(HelpLineSchema)
@blp.response(200, HelpLineSchema)
def change_help_line(sent: Sent) -> Any:
    """Whom patients are shown on every screen and page."""
    return help_lines.change(caller(), HelpLine(**sent), now=utc_now())
