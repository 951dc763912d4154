"""Who did what, and who looked at whom."""

from marshmallow import fields

from shared.schemas.fields import Body, Instant, Query, Ref


class AuditQuery(Query):
    """Which events: about whom, by whom, from `since` up to, not including, `until`."""

    patient_id = Ref()
    by_user_id = Ref()
    since = Instant()
    until = Instant()


class AuditEventSchema(Body):
    """One event. `action` is a row of the access table; `facts` hold ids, never names."""

    id = Ref(required=True)
    at = Instant(required=True)
    by_user_id = Ref(required=True, allow_none=True)
    role = fields.String(required=True)
    action = fields.String(required=True)
    patient_id = Ref(required=True, allow_none=True)
    subject_id = fields.String(required=True, allow_none=True)
    facts = fields.Dict(required=True, keys=fields.String())
