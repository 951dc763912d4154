"""Booked times: what is asked, shown and changed."""

from enum import StrEnum

from marshmallow import fields, validate

from shared.schemas.fields import Body, Code, Instant, Query, Ref, Text, Title, Whole, Word
from shared.vocabulary import AppointmentStatus, VisitKind


def choices() -> fields.Dict:
    """Who is chosen, by the name of the choice."""
    return fields.Dict(keys=Code(), values=Ref(), validate=validate.Length(max=20))


class ClaimOut(Body):
    """A stretch of a bookable that the appointment takes."""

    bookable_id = Ref(required=True)
    part = Title(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    units = Whole(0, 1000, required=True)


class AppointmentOut(Body):
    """A booked time; `version` is its ETag. `wall_time` is what the clinic's clock will show."""

    id = Ref(required=True)
    series_id = Ref(required=True)
    patient_id = Ref(required=True)
    site_id = Ref(required=True)
    visit_code = Code(required=True)
    kind = Word(VisitKind, required=True)
    status = Word(AppointmentStatus, required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    wall_time = Text(80, required=True)
    time_zone = Text(80, required=True)
    choices = choices()
    reason = Text(200, blank=True, required=True)
    version = Whole(1, 2**31 - 1, required=True)


class BookVisitIn(Body):
    """One visit of a series at one time."""

    series_id = Ref(required=True)
    visit = Code(required=True)
    starts_at = Instant(required=True)
    choices = choices()


class AppointmentQuery(Query):
    """Which appointments: those that touch [start, end), at most 100 days apart."""

    start = Instant(required=True)
    end = Instant(required=True)
    site_id = Ref()
    patient_id = Ref()
    bookable_id = Ref()


class MoveIn(Body):
    """Where a visit should go."""

    starts_at = Instant(required=True)
    choices = choices()


class MovedVisitOut(Body):
    """One visit that moves, from where, to where, and the rules that make it."""

    visit = Code(required=True)
    previous = fields.String(required=True, metadata={"format": "date-time"})
    starts_at = fields.String(required=True, metadata={"format": "date-time"})
    choices = choices()
    reasons = fields.List(fields.Dict(), required=True)


class MovePreviewOut(Body):
    """Everything that moves if the wish is granted; apply it by its id, exactly so."""

    id = Ref(required=True)
    visits = fields.List(fields.Nested(MovedVisitOut), required=True, attribute="body.visits")
    expires_at = Instant(required=True)


class ApplyMoveIn(Body):
    """Which preview to apply."""

    preview_id = Ref(required=True)


class CancelIn(Body):
    """Why a time is given up."""

    reason = Title(required=True)


class Progress(StrEnum):
    """What may become of a booked visit on its day."""

    ARRIVED = AppointmentStatus.ARRIVED
    FULFILLED = AppointmentStatus.FULFILLED
    NO_SHOW = AppointmentStatus.NO_SHOW


class ProgressIn(Body):
    """What became of a visit: the patient arrived, was treated, or did not come."""

    status = Word(Progress, required=True)
    reason = Text(200, blank=True, load_default="")
