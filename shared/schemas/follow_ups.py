"""Visits that did not take place, and what can be done about them."""

from marshmallow import fields

from shared.schemas.fields import Body, Code, Instant, Query, Ref, Title, Whole, Word
from shared.vocabulary import FollowUpCause, FollowUpStatus


class FollowUpVisitOut(Body):
    """A visit of the plan, and where it was before (null: nowhere)."""

    visit = Code(required=True)
    starts_at = fields.String(required=True, metadata={"format": "date-time"})
    previous = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    choices = fields.Dict(keys=Code(), values=Ref(), required=True)


class FollowUpPlanOut(Body):
    """What would be booked and moved, all of it or nothing."""

    choices = fields.Dict(keys=Code(), values=Ref(), required=True)
    visits = fields.List(fields.Nested(FollowUpVisitOut), required=True)


class FollowUpOut(Body):
    """A visit that needs somebody. `remedy`: replan, prescriber-decides (one of `decisions`) or
    deviation (`pair_with` the next infusion, if somebody agrees); empty until looked at. `plan` is
    ready to take; without one `obstacles` says why, or nothing needs another time."""

    id = Ref(required=True)
    patient_id = Ref(required=True)
    series_id = Ref(required=True)
    visit_code = Code(required=True)
    cause = Word(FollowUpCause, required=True)
    status = Word(FollowUpStatus, required=True)
    remedy = fields.String(required=True)
    decisions = fields.List(Code(), required=True)
    pair_with = Code(required=True, allow_none=True)
    plan = fields.Nested(FollowUpPlanOut, required=True, allow_none=True)
    obstacles = fields.List(fields.Dict(), required=True)
    planned_at = Instant(required=True, allow_none=True)
    made_at = Instant(required=True)
    settled_at = Instant(required=True, allow_none=True)
    outcome = fields.String(required=True)
    version = Whole(1, 2**31, required=True)


class FollowUpQuery(Query):
    """Which ones."""

    status = Word(FollowUpStatus, load_default=None)


class SettleIn(Body):
    """What was done instead, in the clinic's words."""

    outcome = Title(required=True)
