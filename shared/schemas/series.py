"""A patient's series: enrolment, its visits, plans on offer, and what a clinician does to it."""

from marshmallow import fields, validate

from shared.schemas.appointments import AppointmentOut
from shared.schemas.fields import (
    Body,
    Code,
    Flag,
    Instant,
    LocalDate,
    Query,
    Ref,
    Title,
    Whole,
    Word,
)
from shared.vocabulary import DayPart, PlannedVisitStatus, SeriesStatus

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def candidates() -> fields.Dict:
    """For each choice of the protocol the eligible bookables, the wished one first."""
    named = fields.List(Ref(), validate=validate.Length(1, 50))
    return fields.Dict(keys=Code(), values=named, validate=validate.Length(max=20))


class EnrolmentIn(Body):
    """What begins a series."""

    patient_id = Ref(required=True)
    protocol_version_id = Ref(required=True)
    ready_on = LocalDate(required=True)
    start_by = LocalDate(load_default=None, allow_none=True)
    arm = Code(load_default=None, allow_none=True)
    candidates = candidates()


class PlannedVisitOut(Body):
    """A visit due in the series."""

    code = Code(required=True)
    status = Word(PlannedVisitStatus, required=True)
    decision = Code(required=True, allow_none=True)


class HoldOut(Body):
    """A clinical stop."""

    reason = Title(required=True)
    began_at = Instant(required=True)
    ended_at = Instant(required=True, allow_none=True)


class SeriesOut(Body):
    """A series as staff and patient may see it; `version` is its ETag."""

    id = Ref(required=True)
    patient_id = Ref(required=True)
    site_id = Ref(required=True)
    protocol_version_id = Ref(required=True)
    arm = Code(required=True, allow_none=True)
    status = Word(SeriesStatus, required=True)
    ready_on = LocalDate(required=True)
    start_by = LocalDate(required=True, allow_none=True)
    candidates = fields.Dict(keys=Code(), values=fields.List(Ref()), required=True)
    choices = fields.Dict(keys=Code(), values=Ref(), required=True)
    planned_visits = fields.List(fields.Nested(PlannedVisitOut), required=True)
    holds = fields.List(fields.Nested(HoldOut), required=True)
    version = Whole(1, 2**31 - 1, required=True)


class SeriesQuery(Query):
    """Which series are listed."""

    status = Word(SeriesStatus)
    patient_id = Ref()


class WishesIn(Body):
    """What the person planning asks for beyond the protocol; all optional."""

    candidates = candidates()
    start_on_or_after = LocalDate(load_default=None, allow_none=True)
    start_by = LocalDate(load_default=None, allow_none=True)
    not_on = fields.List(
        fields.String(validate=validate.OneOf(WEEKDAYS)), validate=validate.Length(max=7)
    )
    prefers = Word(DayPart, load_default=None, allow_none=True)


class PlanVisitOut(Body):
    """One visit of a plan, with why it lies where it does."""

    visit = Code(required=True)
    starts_at = fields.String(required=True, metadata={"format": "date-time"})
    choices = fields.Dict(keys=Code(), values=Ref(), required=True)
    reasons = fields.List(fields.Dict(), required=True)


class PlanOut(Body):
    """A whole plan; book it by its id while nothing else takes its times."""

    id = Ref(required=True)
    place = Whole(1, 100, required=True)
    cost = fields.Integer(required=True, attribute="body.cost")
    choices = fields.Dict(keys=Code(), values=Ref(), required=True, attribute="body.choices")
    visits = fields.List(fields.Nested(PlanVisitOut), required=True, attribute="body.visits")
    expires_at = Instant(required=True)


class OfferOut(Body):
    """Up to three plans, best first; or, where there is none, what stands in the way."""

    series_version = Whole(1, 2**31 - 1, required=True)
    plans = fields.List(fields.Nested(PlanOut), required=True)
    obstacles = fields.List(fields.Dict(), required=True)


class BookPlanIn(Body):
    """Which of the plans on offer to book."""

    plan_id = Ref(required=True)


class HoldIn(Body):
    """Why a series is stopped; `release` gives up its later appointments."""

    reason = Title(required=True)
    release = Flag(load_default=False)


class EndIn(Body):
    """Why a series ends early."""

    reason = Title(required=True)


class ReleaseIn(Body):
    """Visits that waited for a prescriber's decision and are now due."""

    visits = fields.List(Code(), required=True, validate=validate.Length(1, 60))


class DecisionIn(Body):
    """What a prescriber decides about a missed visit."""

    visit = Code(required=True)
    decision = fields.String(required=True, validate=validate.OneOf(["resume", "deviation"]))
    reason = Title(required=True)


class BookedOut(Body):
    """The appointments that were written."""

    appointments = fields.List(fields.Nested(AppointmentOut), required=True)
