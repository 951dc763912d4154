"""Planning runs: what is asked, how far it is, what was found."""

from marshmallow import fields, validate

from shared.planning_words import PlanningRunStatus, PlanningScope, WhatIf
from shared.schemas.fields import Body, Code, Instant, LocalDate, Ref, Whole, Word
from shared.schemas.series import PlanVisitOut

MOST_SERIES = 2000
MOST_CHANGES = 20
LONGEST_SECONDS = 3600
MOST_URGENT, MOST_URGENT_DAYS = 20, 60


class WhatIfIn(Body):
    """A change to be tried out. `capacity` needs a bookable and how many it holds; `closed-weekday`
    a weekday (0 is Monday); `closed` a first day and perhaps a last; `away` a bookable besides;
    `one-more` a person of whom there is to be one more."""

    kind = Word(WhatIf, required=True)
    bookable_id = Ref(load_default=None, allow_none=True)
    capacity = Whole(0, 1000, load_default=None, allow_none=True)
    weekday = Whole(0, 6, load_default=None, allow_none=True)
    first = LocalDate(load_default=None, allow_none=True)
    last = LocalDate(load_default=None, allow_none=True)


class PlanningRunIn(Body):
    """Plan the series named, or all of the site that wait. With `changes` two plans are made, as it
    is and changed, each in half the time, to compare; so is `scope` all, which takes what is booked
    for later as free. Room is kept for `urgent` series that nobody knows yet and that begin within
    `urgent_days`; they are in no plan."""

    scope = Word(PlanningScope, load_default=PlanningScope.WAITING)
    seconds = Whole(1, LONGEST_SECONDS, load_default=30)
    series_ids = fields.List(Ref(), load_default=list, validate=validate.Length(max=MOST_SERIES))
    changes = fields.List(
        fields.Nested(WhatIfIn), load_default=list, validate=validate.Length(max=MOST_CHANGES)
    )
    urgent = Whole(0, MOST_URGENT, load_default=0)
    urgent_days = Whole(1, MOST_URGENT_DAYS, load_default=14)


class PlanningRunOut(Body):
    """How far a run is. `bound` is proved: no plan costs less."""

    id = Ref(required=True)
    site_id = Ref(required=True)
    status = Word(PlanningRunStatus, required=True)
    scope = fields.String(required=True, attribute="asked.scope")
    seconds = fields.Integer(required=True, attribute="asked.seconds")
    changes = fields.List(fields.Dict(), required=True, attribute="asked.changes")
    urgent = fields.Integer(required=True, attribute="asked.urgent", dump_default=0)
    percent = fields.Integer(required=True)
    series = fields.Integer(required=True)
    placed = fields.Integer(required=True)
    cost = fields.Integer(required=True, allow_none=True)
    bound = fields.Integer(required=True, allow_none=True)
    attempt = fields.Integer(required=True)
    made_at = Instant(required=True)
    began_at = Instant(required=True, allow_none=True)
    ended_at = Instant(required=True, allow_none=True)
    booked_at = Instant(required=True, allow_none=True)


class RunVisitOut(PlanVisitOut):
    """A visit of a plan; who is chosen may be somebody who is only tried out."""

    choices = fields.Dict(keys=Code(), values=fields.String(), required=True)


class RunSeriesOut(Body):
    """One series with its times."""

    series_id = Ref(required=True)
    patient_id = Ref(required=True)
    choices = fields.Dict(keys=Code(), values=fields.String(), required=True)
    cost = fields.Integer(required=True)
    visits = fields.List(fields.Nested(RunVisitOut), required=True)


class LeftOutOut(Body):
    """A series without a place, and why."""

    series_id = Ref(required=True)
    patient_id = Ref(required=True)
    reasons = fields.List(fields.Dict(), required=True)


class PlanningWeekOut(Body):
    """How much happens in a week."""

    monday = fields.String(required=True, metadata={"format": "date"})
    infusions = fields.Integer(required=True)
    others = fields.Integer(required=True)


class PlanningSideOut(Body):
    """One plan of everybody."""

    cost = fields.Integer(required=True)
    lower_bound = fields.Integer(required=True, allow_none=True)
    seconds = fields.Float(required=True)
    series = fields.List(fields.Nested(RunSeriesOut), required=True)
    unplaced = fields.List(fields.Nested(LeftOutOut), required=True)
    weeks = fields.List(fields.Nested(PlanningWeekOut), required=True)


class PlanningDifferenceOut(Body):
    """What one series has otherwise in the changed clinic."""

    series_id = Ref(required=True)
    patient_id = Ref(required=True)
    text = fields.String(required=True)


class PlanningResultOut(Body):
    """What was found; `before` is the clinic as it is, where changes were tried out."""

    before = fields.Nested(PlanningSideOut, required=True, allow_none=True)
    after = fields.Nested(PlanningSideOut, required=True)
    differences = fields.List(fields.Nested(PlanningDifferenceOut), required=True)
