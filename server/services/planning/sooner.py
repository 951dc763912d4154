"""Whether a patient's visit could be at one of some given times, every rule of the series kept."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import cast

from server.domain import booking
from server.domain.breaches import Refused
from server.domain.placement import Placement, SeriesPlan
from server.planner import quick
from server.services.booking import moves
from server.services.booking.moves import Wish
from server.services.planning import plan_bodies, questions
from server.services.planning.pictures import SeriesPicture

FEW = 5
"""A time for which more visits would have to move serves nobody."""
Body = dict[str, object]


def at(
    picture: SeriesPicture, visit_code: str, starts: Iterable[datetime], *, now: datetime
) -> tuple[datetime, Body] | None:
    """The first of these times that would do, with what is booked or moved for it; None where none
    does. A visit that has a time is only ever brought forward."""
    row = picture.live.get(visit_code)
    if row is not None and visit_code not in picture.movable(now):
        return None
    for wished in starts:
        if row is not None and wished >= row.starts_at:
            return None
        body = _moved(picture, visit_code, wished, now) if row else None
        body = body if row else _booked(picture, visit_code, wished, now)
        if body is not None:
            return wished, body
    return None


def _moved(picture: SeriesPicture, visit_code: str, wished: datetime, now: datetime) -> Body | None:
    row = picture.live[visit_code]
    wish = Wish(starts_at=wished, choices=picture.placement(visit_code).choices)
    try:
        body = moves.body_for(picture, row, wish, now=now)
    except Refused:
        return None
    visits = cast(list[Body], body["visits"])
    near = [datetime.fromisoformat(str(each["previous"])) for each in visits]
    too_soon = any(at - now < moves.LATEST_BY_PATIENT for at in near)
    return None if len(visits) > FEW or too_soon else body


def _booked(
    picture: SeriesPicture, visit_code: str, wished: datetime, now: datetime
) -> Body | None:
    asked = questions.question(picture, now=now, free={visit_code}, strict=True)
    held = {name: (who,) for name, who in picture.row.choices.items()}
    asked = questions.restricted(asked, held)
    there = wished.astimezone(picture.zone)
    day = replace(asked.series, ready_on=there.date(), last_day=there.date(), not_before=there)
    for plan in quick.best_plans(day, asked.calendar, count=10):
        if (found := plan.of(visit_code)) is not None and found.starts_at == wished:
            return _as_body(plan)
    return _proved(asked, visit_code, there, now)


def _proved(
    asked: questions.Question, visit_code: str, there: datetime, now: datetime
) -> Body | None:
    """The wished time itself, where the visit leaves nobody to choose."""
    placed = Placement(visit=visit_code, starts_at=there, choices={})
    choices = dict(asked.series.held_choices)
    plan = SeriesPlan(placements=(placed,), choices=choices)
    if booking.breaches(asked.series, plan, asked.calendar, now=now):
        return None
    return _as_body(plan)


def _as_body(plan: SeriesPlan) -> Body:
    body = plan_bodies.to_body(plan)
    for each in cast(list[Body], body["visits"]):
        each["previous"] = None
    return body
