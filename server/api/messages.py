"""What is told to whom: before it goes, and when it could not go."""

from collections.abc import Mapping
from typing import Any

from flask import current_app

from server.api.asking import caller, utc_now
from server.api.blueprint import ApiBlueprint
from server.services.messages import message_texts, outbox
from server.services.people import wishes
from server.services.people.wishes import Wishes
from shared.schemas.messages import (
    ContactWishesIn,
    ContactWishesOut,
    MessageOut,
    MessageQuery,
    MessageTextIn,
    MessageTextOut,
    MessageTextsOut,
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
    found = outbox.of_appointment(caller(), appointment_id, now=utc_now())
    return {"reminders": [_shown(row) for row in found]}


def _shown(row: Any) -> dict[str, Any]:
    known = {name: getattr(row, name) for name in MessageOut().fields}
    return {**known, "text": message_texts.exactly(row, _address())}


def _address() -> str:
    return str(current_app.config["ADDRESS"])


@blp.route("/message-texts/<string:language>")
@blp.action("message_texts.read", operation="listMessageTexts")
@blp.response(200, MessageTextsOut)
def texts(language: str) -> Any:
    """What messages say in a language, each with a whole example."""
    return {"texts": message_texts.listed(caller(), language, _address(), now=utc_now())}


@blp.route("/message-texts/<string:language>/<string:kind>", methods=["PUT"])
@blp.action("message_texts.change", operation="changeMessageText")
@blp.arguments(MessageTextIn)
@blp.response(200, MessageTextOut)
def change_text(sent: Sent, language: str, kind: str) -> Any:
    """The clinic's own words from now on. Words that give a treatment away are refused."""
    return message_texts.change(caller(), language, kind, sent["text"], _address(), now=utc_now())


@blp.route("/message-texts/<string:language>/<string:kind>", methods=["DELETE"])
@blp.action("message_texts.change", operation="resetMessageText")
@blp.response(204)
def reset_text(language: str, kind: str) -> None:
    """The usual words again."""
    message_texts.reset(caller(), language, kind, now=utc_now())


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
