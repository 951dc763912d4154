"""What a probe is told."""

from marshmallow import fields

from shared.schemas.fields import Body


class HealthSchema(Body):
    """It is well."""

    status = fields.Constant("ok", required=True, metadata={"type": "string", "enum": ["ok"]})


class ReadySchema(HealthSchema):
    """It can serve; and whether reminders go out."""

    clock = fields.String(required=True, metadata={"enum": ["ok", "late"]})


class ClockSchema(Body):
    """Whether reminders go out."""

    status = fields.String(required=True, metadata={"enum": ["ok", "late"]})
