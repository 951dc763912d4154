"""Messages on their way, and how a patient wants to be written to."""

from typing import Any

from marshmallow import fields

from shared.schemas.fields import (
    Body,
    Flag,
    Instant,
    Minutes,
    Pattern,
    Query,
    Ref,
    Text,
    Word,
    ZoneName,
)
from shared.vocabulary import ChannelName, MessageDetail, MessageStatus, ReminderKind


class Key(Pattern):
    """The Idempotency-Key by which a message was handed over."""

    def __init__(self, **kwargs: Any) -> None:
        reason = "Must be 64 hexadecimal characters."
        super().__init__("^[0-9a-f]{64}$", longest=64, reason=reason, **kwargs)


class MessageOut(Body):
    """One thing told or to be told; `failure` is why the last try failed."""

    id = Ref(required=True)
    kind = Word(ReminderKind, required=True)
    channel = Word(ChannelName, required=True)
    patient_id = Ref(required=True, allow_none=True)
    user_id = Ref(required=True, allow_none=True)
    subject_id = Ref(required=True)
    status = Word(MessageStatus, required=True)
    due_at = Instant(required=True)
    not_after = Instant(required=True)
    attempts = fields.Integer(required=True)
    sent_at = Instant(required=True, allow_none=True)
    delivered_at = Instant(required=True, allow_none=True)
    failure = fields.String(required=True)


class ReplyIn(Body):
    """A short answer from a phone, as the gateway passes it on. `id` is the gateway's own number
    for it; `answers` the Idempotency-Key of the message it answers, where the gateway knows."""

    id = Text(200, required=True)
    channel = Word(ChannelName, load_default=ChannelName.SMS)
    sender = Text(40, required=True)
    text = Text(2000, blank=True, lines=True, required=True)
    answers = Key(load_default=None, allow_none=True)


class ReplyOut(Body):
    """What was done: confirmed, asked-to-move, stopped, started or nothing."""

    done = fields.String(required=True)


class DeliveryIn(Body):
    """What became of a message, by its Idempotency-Key."""

    channel = Word(ChannelName, load_default=ChannelName.SMS)
    key = Key(required=True)
    arrived = Flag(required=True)


class DeliveryOut(Body):
    """How many reminders it was word of; 0 for a key nobody knows."""

    reminders = fields.Integer(required=True)


class ReminderOut(MessageOut):
    """The same, and of one that waits the exact text as it would go now, but for its link."""

    text = fields.String(required=True, allow_none=True)


class RemindersOut(Body):
    """Everything told or to be told about one thing."""

    reminders = fields.List(fields.Nested(ReminderOut), required=True)


class MessageTextIn(Body):
    """A clinic's own words; what may stand in braces is what the usual text has."""

    text = Text(300, required=True)


class MessageTextOut(Body):
    """What is told of one kind: the usual words, the clinic's own if it has any, and a whole
    message as it would go by e-mail."""

    kind = Word(ReminderKind, required=True)
    to_staff = Flag(required=True)
    usual = fields.String(required=True)
    own = fields.String(required=True, allow_none=True)
    placeholders = fields.List(fields.String(), required=True)
    example = fields.String(required=True)


class MessageTextsOut(Body):
    """Every text in one language."""

    texts = fields.List(fields.Nested(MessageTextOut), required=True)


class MessageQuery(Query):
    """Which messages."""

    status = Word(MessageStatus, load_default=None)


class ContactWishesIn(Body):
    """How a patient wants to be written to. Between `quiet_from` and `quiet_until` (minutes after
    midnight where they live) nothing comes; `stopped`: nothing at all."""

    channel = Word(ChannelName, required=True)
    detail = Word(MessageDetail, required=True)
    time_zone = ZoneName(load_default=None, allow_none=True)
    quiet_from = Minutes(0, 1439, required=True)
    quiet_until = Minutes(0, 1439, required=True)
    stopped = Flag(required=True)


class ContactWishesOut(Body):
    """The same as it holds now; an empty `time_zone` is that of the clinic."""

    channel = Word(ChannelName, required=True)
    detail = Word(MessageDetail, required=True)
    time_zone = fields.String(required=True)
    quiet_from = fields.Integer(required=True)
    quiet_until = fields.Integer(required=True)
    stopped = Flag(required=True)
    version = fields.Integer(required=True)
