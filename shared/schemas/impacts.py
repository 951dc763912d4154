"""What an edition would do to running series: who moves from when to when, and who cannot."""

from marshmallow import fields, validate

from shared.schemas.fields import Body, Code, Flag, Instant, Ref, Whole
from shared.schemas.repairs import UnresolvedOut
from shared.schemas.series import PlanVisitOut

MOST = 300


class ImpactIn(Body):
    """Which series to look at; null for all that run on other editions."""

    series_ids = fields.List(
        Ref(), load_default=None, allow_none=True, validate=validate.Length(max=MOST)
    )


class ImpactVisitOut(PlanVisitOut):
    """A visit of the series with its present time, null for one that is new."""

    appointment_id = Ref(required=True, allow_none=True)
    previous = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    moves = Flag(required=True)


class GivenUpOut(Body):
    """A booked visit that the edition no longer has: it is cancelled."""

    visit = Code(required=True)
    appointment_id = Ref(required=True)
    starts_at = fields.String(required=True, metadata={"format": "date-time"})


class ImpactSeriesOut(Body):
    """One series; `late` are new visits whose time is over already, which are given up."""

    series_id = Ref(required=True)
    patient_id = Ref(required=True)
    edition = Whole(1, 2**31, required=True)
    choices = fields.Dict(keys=Code(), values=Ref(), required=True)
    visits = fields.List(fields.Nested(ImpactVisitOut), required=True)
    gone = fields.List(fields.Nested(GivenUpOut), required=True)
    late = fields.List(Code(), required=True)


class ImpactCountsOut(Body):
    """How many series go over, and what becomes of their visits."""

    series = fields.Integer(required=True)
    moved = fields.Integer(required=True)
    added = fields.Integer(required=True)
    cancelled = fields.Integer(required=True)
    unresolved = fields.Integer(required=True)


class ImpactStaysOut(UnresolvedOut):
    """A series that cannot be carried over, and why."""

    edition = Whole(1, 2**31, required=True)


class ImpactOut(Body):
    """The whole impact; apply it by its id, exactly so."""

    id = Ref(required=True)
    version_id = Ref(required=True)
    summary = fields.List(fields.String(), required=True, attribute="body.summary")
    counts = fields.Nested(ImpactCountsOut, required=True, attribute="body.counts")
    series = fields.List(fields.Nested(ImpactSeriesOut), required=True, attribute="body.series")
    unresolved = fields.List(
        fields.Nested(ImpactStaysOut), required=True, attribute="body.unresolved"
    )
    expires_at = Instant(required=True)
    applied_at = Instant(required=True, allow_none=True)
