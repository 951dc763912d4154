"""Answers that a clinician must see, and who is told of them."""

from marshmallow import fields, validate

from shared.schemas.fields import Body, Code, Instant, Minutes, Query, Ref, Title, Whole, Word
from shared.schemas.weekly import Weekdays
from shared.vocabulary import AlertStatus
from shared.weekdays import WEEK


class AlertStepOut(Body):
    """Who was told or did something, and when."""

    at = Instant(required=True)
    what = Code(required=True)
    user_id = Ref(required=True, allow_none=True)


class AlertOut(Body):
    """An alert with everything that happened to it; `climbs_at` is when the next is told."""

    id = Ref(required=True)
    patient_id = Ref(required=True)
    check_in_id = Ref(required=True)
    reasons = fields.List(Code(), required=True)
    status = Word(AlertStatus, required=True)
    raised_at = Instant(required=True)
    climbs_at = Instant(required=True, allow_none=True)
    acknowledged_at = Instant(required=True, allow_none=True)
    acknowledged_by = Ref(required=True, allow_none=True)
    closed_at = Instant(required=True, allow_none=True)
    outcome = fields.String(required=True)
    steps = fields.List(fields.Nested(AlertStepOut), required=True)


class AlertQuery(Query):
    """Which alerts."""

    status = Word(AlertStatus, load_default=None)


class OutcomeIn(Body):
    """What was done, in the clinic's words."""

    outcome = Title(required=True)


class OnCall(Body):
    """Somebody on call, how many minutes they have to acknowledge an alert, and when they are told:
    hours that close before they open last until the next morning."""

    user_id = Ref(required=True)
    within_minutes = Whole(1, 1440, required=True)
    days = Weekdays(load_default=lambda: list(WEEK))
    opens = Minutes(0, 1439, load_default=0, metadata={"description": "After midnight."})
    closes = Minutes(1, 1440, load_default=1440, metadata={"description": "After midnight."})


class Rota(Body):
    """Who is told of an alert, in this order."""

    rota = fields.List(fields.Nested(OnCall), required=True, validate=validate.Length(max=50))
