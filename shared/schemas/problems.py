"""The shape of every refusal (RFC 9457)."""

from marshmallow import fields

from shared.schemas.fields import Body


class FieldFaultSchema(Body):
    """One thing wrong with what was sent."""

    path = fields.String(required=True, metadata={"description": 'Where: "visits.0.starts_at".'})
    reason = fields.String(required=True)


class BreachSchema(Body):
    """One rule of the clinic that is not met."""

    code = fields.String(required=True, metadata={"description": "Stable; for programs."})
    visit = fields.String(required=True, allow_none=True)
    facts = fields.Dict(required=True, keys=fields.String())
    sentence = fields.String(required=True, metadata={"description": "For a person."})


class ProblemSchema(Body):
    """Problem details. `type` tells problems apart; `errors` and `breaches` say what to mend."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    instance = fields.String(metadata={"description": "What to quote when asking for help."})
    errors = fields.List(fields.Nested(FieldFaultSchema))
    breaches = fields.List(fields.Nested(BreachSchema))
