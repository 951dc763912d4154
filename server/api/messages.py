"""What is told to whom: before it goes, and when it could not go."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, utc_now
from server.api.blueprint import ApiBlueprint
from server.services import outbox, wishes
from server.services.wishes import Wishes
from shared.schemas.messages import (
    ContactWishesIn,
    ContactWishesOut,
    MessageOut,
    MessageQuery,
    RemindersOut,
)

blp = ApiBlueprint("messages", description="Reminders: what, when, by which way, and if it went.")
Sent = Mapping[str, Any]


@blp.route("/messages")
@blp.action("messages.read", operation="listMessages")
@blp.arguments(MessageQuery, location="query")
@blp.paged(MessageOut)
def listed(asked: Sent, page: Any) -> Any:
    """The clinic's messages, those due last coming first."""
    return outbox.listed(caller(), status=asked["status"], page=page.number, page_size=page.size)


@blp.route("/messages/<id:message_id>/resend", methods=["POST"])
@blp.action("messages.resend", operation="resendMessage", also=(409,))
@blp.once
@blp.response(200, MessageOut)
def resend(message_id: str) -> Any:
    """Try again what was given up."""
    return outbox.resend(caller(), message_id, now=utc_now())


@blp.route("/appointments/<id:appointment_id>/reminders")
@blp.action("appointments.read", operation="listReminders")
@blp.response(200, RemindersOut)
def of_appointment(appointment_id: str) -> Any:
    """Everything told or to be told about an appointment."""
    return {"reminders": outbox.of_appointment(caller(), appointment_id, now=utc_now())}


@blp.route("/patients/<id:patient_id>/wishes")
@blp.action("wishes.read", operation="readWishes")
@blp.response(200, ContactWishesOut)
def read_wishes(patient_id: str) -> Any:
    """How a patient wants to be written to."""
    return wishes.read(caller(), patient_id, now=utc_now())


@blp.route("/patients/<id:patient_id>/wishes", methods=["PUT"])
@blp.action("wishes.change", operation="changeWishes")
@blp.arguments(ContactWishesIn)
@blp.response(200, ContactWishesOut)
def change_wishes(sent: Sent, patient_id: str) -> Any:
    """How a patient wants to be written to from now on, also by messages that wait already."""
    return wishes.change(caller(), patient_id, Wishes(**sent), now=utc_now())
