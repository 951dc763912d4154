"""Which other visits of a series move along with one, and where to: the fewest changes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server.domain import booking, claims, horizon
from server.domain.breaches import Breach, Refused
from server.domain.calendars import ClinicCalendar
from server.domain.placement import Placement, SeriesPlan, SeriesToPlace
from server.domain.protocols import VisitDefinition
from server.planner import quick
from server.services.planning import calendars, questions
from server.services.planning.pictures import SeriesPicture


def with_fewest_changes(
    picture: SeriesPicture, wished: Placement, alone: list[Breach], *, now: datetime
) -> SeriesPlan:
    """The plan with the fewest changes in which the wished time stands. Refused, with what it
    breaks alone, where there is none.

    The wish itself is proved with all other movable visits out of the way; what breaks even then
    is final.
    """
    others = picture.movable(now) - {wished.visit}
    _require_by_itself(picture, wished, others, now)
    series = _series(picture, wished, others, now)
    calendar = _calendar(picture, wished, others, series)
    found = quick.best_plans(series, calendar, count=1)
    if not found:
        raise Refused(alone)
    moved = [p for p in found[0].placements if p != series.held.get(p.visit)]
    return replace(found[0], placements=(wished, *moved))


def _require_by_itself(
    picture: SeriesPicture, wished: Placement, others: set[str], now: datetime
) -> None:
    plan = SeriesPlan(placements=(wished,), choices=picture.row.choices)
    free = {wished.visit, *others}
    asked = questions.question(picture, now=now, free=free, proving=plan)
    only = replace(asked.series, visits=_only(asked.series.visits, others))
    if final := booking.breaches(only, plan, asked.calendar, now=now):
        raise Refused(final)


def _only(visits: Iterable[VisitDefinition], others: set[str]) -> tuple[VisitDefinition, ...]:
    kept = [visit for visit in visits if visit.code not in others]
    codes = {visit.code for visit in kept}
    return tuple(
        replace(visit, windows=tuple(w for w in visit.windows if w.anchor in codes))
        for visit in kept
    )


def _series(
    picture: SeriesPicture, wished: Placement, others: set[str], now: datetime
) -> SeriesToPlace:
    """The others to be placed around the wished time with whom they have, no later than their
    windows reach."""
    pinned = {wished.visit: wished}
    asked = questions.to_place(picture, now=now, free=others, pinned=pinned)
    held = {name: (who,) for name, who in picture.row.choices.items()}
    stands = {code: each.starts_at.date() for code, each in asked.fixed.items()}
    last = horizon.last_day(asked.visits, stands)
    return replace(
        asked,
        candidates=dict(asked.candidates) | held,
        last_day=asked.last_day if last is None else max(asked.ready_on, min(last, asked.last_day)),
    )


def _calendar(
    picture: SeriesPicture, wished: Placement, others: set[str], series: SeriesToPlace
) -> ClinicCalendar:
    """What is taken of all that these visits may claim, for as long as they may be placed."""
    eligible = (who for each in series.candidates.values() for who in each)
    chosen = dict(picture.row.choices) | dict(wished.choices)
    taken = claims.taken(picture.visit(wished.visit), wished.starts_at, chosen)
    of = {*claims.named(picture.visits), *eligible}
    return calendars.of_site(
        picture.site,
        start=calendars.local_midnight(series.ready_on, picture.zone),
        end=calendars.local_midnight(series.last_day + timedelta(days=2), picture.zone),
        of=of,
        without=[picture.live[code].id for code in {wished.visit, *others}],
        besides=[each.claim for each in taken],
        there=picture.known(of),
        until=_until(series, picture.zone),
    )


def _until(series: SeriesToPlace, zone: ZoneInfo) -> Mapping[str, datetime]:
    """When nobody claims any longer what visits name: chairs are free of them after the last
    infusion, however far the follow-ups reach."""
    stands = {code: each.starts_at.date() for code, each in series.fixed.items()}
    latest, found = horizon.last_days(series.visits, stands), dict[str, datetime]()
    eligible = {who for each in series.candidates.values() for who in each}
    for name in claims.named(series.visits) - eligible:
        mine = [v.code for v in series.visits if v.code not in stands and name in claims.named([v])]
        if all(code in latest for code in mine):
            last = max((latest[code] for code in mine), default=series.ready_on)
            found[name] = calendars.local_midnight(last + timedelta(days=2), zone)
    return found
