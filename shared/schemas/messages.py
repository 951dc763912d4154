"""Messages on their way, and how a patient wants to be written to."""

from marshmallow import fields

from shared.schemas.fields import Body, Flag, Instant, Minutes, Query, Ref, Word, ZoneName
from shared.vocabulary import ChannelName, MessageDetail, MessageStatus, ReminderKind


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
    failure = fields.String(required=True)


class RemindersOut(Body):
    """Everything told or to be told about one thing."""

    reminders = fields.List(fields.Nested(MessageOut), required=True)


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
