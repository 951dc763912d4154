"""The rest of a series after one of its visits did not take place: what the protocol lets the
clinic do, and the plan with the fewest changes that does it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from server.domain import missed
from server.domain import series as rules
from server.domain.missed import FollowUp, Remedy
from server.domain.placement import Placement, SeriesPlan
from server.planner import explain, quick
from server.services.planning import plan_bodies, questions
from server.services.planning.pictures import SeriesPicture
from server.services.planning.planning import REASONS_SECONDS
from server.services.planning.questions import Question
from shared.vocabulary import AppointmentStatus

NOTICE = timedelta(hours=20)
"""Nobody is asked to come sooner than this, and what lies nearer is not moved any more."""
Body = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Rest:
    """What follows, and a plan body whose visits say their `previous` time; None where nothing
    needs another time, or nothing fits, as `obstacles` then says."""

    remedy: str = ""
    decisions: tuple[str, ...] = ()
    pair_with: str | None = None
    body: Body | None = None
    obstacles: tuple[Body, ...] = ()


def after(picture: SeriesPicture, visit_code: str, *, now: datetime) -> Rest:
    """What follows once this visit did not take place. An infusion on which a prescriber still has
    to decide is planned as if they let it go on: the plan can be taken once they have."""
    known = {visit.code for visit in picture.visits}
    if visit_code not in known or visit_code in picture.live:
        return Rest()
    follow = missed.follow_up_of_missed(
        visit_code, picture.visits, _happened(picture), now=now, zone=picture.zone
    )
    found = Rest(remedy=follow.remedy, decisions=follow.decisions, pair_with=follow.pair_with)
    return _planned(_if_decided(picture, follow), follow, found, now)


def _happened(picture: SeriesPicture) -> dict[str, Placement]:
    done = [c for c, row in picture.live.items() if row.status == AppointmentStatus.FULFILLED]
    return {code: picture.placement(code) for code in done}


def _if_decided(picture: SeriesPicture, follow: FollowUp) -> SeriesPicture:
    if follow.remedy is not Remedy.PRESCRIBER_DECIDES:
        return picture
    visits = tuple(
        rules.resumed(each) if each.code == follow.visit else each for each in picture.visits
    )
    return replace(picture, visits=visits)


def _planned(picture: SeriesPicture, follow: FollowUp, found: Rest, now: datetime) -> Rest:
    lost = {follow.visit} if follow.remedy is Remedy.DEVIATION else set()
    open_visits = {visit.code for visit in picture.visits} - set(picture.live) - lost
    asked = None
    for free in _tries(open_visits, follow):
        asked = _question(picture, free | _later(picture, now), now)
        plans = quick.best_plans(asked.series, asked.calendar, count=1)
        if plans:
            return replace(found, body=_body(asked, plans[0]))
    if asked is None:
        return found
    patience = explain.Patience.of(REASONS_SECONDS)
    why = explain.why_not(asked.series, asked.calendar, patience=patience)
    return replace(found, obstacles=tuple(each.as_json() for each in why))


def _tries(open_visits: set[str], follow: FollowUp) -> list[set[str]]:
    """Everything that has no time; and where that does not fit, what was missed alone."""
    alone = open_visits & {follow.visit}
    return [each for each in (open_visits, alone) if each]


def _later(picture: SeriesPicture, now: datetime) -> set[str]:
    return {c for c in picture.movable(now) if picture.live[c].starts_at >= now + NOTICE}


def _question(picture: SeriesPicture, free: set[str], now: datetime) -> Question:
    asked = questions.question(picture, now=now, free=free)
    series = replace(asked.series, not_before=max(asked.series.not_before, now + NOTICE))
    asked = replace(asked, series=series)
    return questions.restricted(asked, {name: (who,) for name, who in picture.row.choices.items()})


def _body(asked: Question, plan: SeriesPlan) -> Body | None:
    held = asked.series.held
    changed = tuple(each for each in plan.placements if held.get(each.visit) != each)
    if not changed:
        return None
    body = plan_bodies.to_body(replace(plan, placements=changed))
    for each in cast(list[Body], body["visits"]):
        before = held.get(str(each["visit"]))
        each["previous"] = before.starts_at.isoformat() if before else None
    return body


def stands(picture: SeriesPicture, body: Mapping[str, object], now: datetime) -> bool:
    """Whether every visit of a plan still is where it was when the plan was made."""
    return all(_as_before(picture, each, now) for each in cast(list[Body], body["visits"]))


def _as_before(picture: SeriesPicture, shown: Body, now: datetime) -> bool:
    code = str(shown["visit"])
    if shown["previous"] is None:
        return code not in picture.live
    if code not in picture.movable(now):
        return False
    return picture.placement(code).starts_at.isoformat() == shown["previous"]
