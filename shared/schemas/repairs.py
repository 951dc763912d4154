"""A repair as it is shown: which visits change, from when to when, and what cannot be saved."""

from marshmallow import fields

from shared.schemas.fields import Body, Code, Instant, Ref
from shared.schemas.series import PlanVisitOut


class RepairedVisitOut(PlanVisitOut):
    """A visit that changes, with its present time."""

    appointment_id = Ref(required=True)
    previous = fields.String(required=True, metadata={"format": "date-time"})


class RepairedSeriesOut(Body):
    """One series with the visits of it that change; `choices` are who is kept from then on."""

    series_id = Ref(required=True)
    patient_id = Ref(required=True)
    choices = fields.Dict(keys=Code(), values=Ref(), required=True)
    visits = fields.List(fields.Nested(RepairedVisitOut), required=True)


class UnresolvedOut(Body):
    """A series that cannot be saved as it is; nothing of it changes."""

    series_id = Ref(required=True)
    patient_id = Ref(required=True)
    reasons = fields.List(fields.Dict(), required=True)


class RepairOut(Body):
    """The whole repair; apply it by its id, exactly so. `lower_bound` is proved: no repair costs
    less."""

    id = Ref(required=True)
    summary = fields.List(fields.String(), required=True, attribute="body.summary")
    series = fields.List(fields.Nested(RepairedSeriesOut), required=True, attribute="body.series")
    unresolved = fields.List(
        fields.Nested(UnresolvedOut), required=True, attribute="body.unresolved"
    )
    cost = fields.Integer(required=True, attribute="body.cost")
    lower_bound = fields.Integer(required=True, attribute="body.lower_bound")
    expires_at = Instant(required=True)
