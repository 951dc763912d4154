"""Who waits for a time, times that came free, and to whom they were offered."""

from marshmallow import fields, validate

from shared.schemas.fields import Body, Code, Instant, LocalDate, Ref, Whole, Word
from shared.vocabulary import FreedStatus, OfferStatus, VisitKind


class WaitingIn(Body):
    """For which visit a time is wanted: a sooner one where it has one. Only these local dates and
    weekdays (Monday is 0; none: any) will do, and no sooner than `notice_hours` from the offer."""

    series_id = Ref(required=True)
    visit_code = Code(required=True)
    not_before = LocalDate(load_default=None, allow_none=True)
    not_after = LocalDate(load_default=None, allow_none=True)
    weekdays = fields.List(Whole(0, 6), load_default=list, validate=validate.Length(max=7))
    notice_hours = Whole(2, 24 * 30, load_default=24)


class WaitingOut(WaitingIn):
    """Somebody waits."""

    id = Ref(required=True)
    patient_id = Ref(required=True)
    made_at = Instant(required=True)


class WaitingListOut(Body):
    """What a patient waits for."""

    waiting = fields.List(fields.Nested(WaitingOut), required=True)


class SlotOfferOut(Body):
    """A freed time offered to a patient. `plan.visits` are what is booked or moved if they take it;
    `previous` is where a visit is now (null: nowhere)."""

    id = Ref(required=True)
    patient_id = Ref(required=True)
    series_id = Ref(required=True)
    visit_code = Code(required=True)
    starts_at = Instant(required=True)
    time_zone = fields.String(required=True)
    plan = fields.Dict(required=True)
    status = Word(OfferStatus, required=True)
    made_at = Instant(required=True)
    expires_at = Instant(required=True)


class SlotOffersOut(Body):
    """Everything offered to a patient, newest first."""

    offers = fields.List(fields.Nested(SlotOfferOut), required=True)


class FreedTimeOut(Body):
    """A stretch that an appointment gave up; until `held_until` it is kept for those asked."""

    id = Ref(required=True)
    site_id = Ref(required=True)
    appointment_id = Ref(required=True)
    kind = Word(VisitKind, required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    status = Word(FreedStatus, required=True)
    held_until = Instant(required=True, allow_none=True)
    offers = fields.List(fields.Nested(SlotOfferOut), required=True)
