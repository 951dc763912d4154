"""What planner and booking are asked about one series: what is to be placed, and the calendar
around it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from server.domain import claims, horizon
from server.domain.calendars import Claim, ClinicCalendar, PatientTimes
from server.domain.placement import Placement, SeriesPlan, SeriesToPlace
from server.domain.protocols import VisitDefinition
from server.services.planning import calendars
from server.services.planning.pictures import SeriesPicture
from shared.vocabulary import DayPart

START_WITHIN_DAYS = 56
"""How long after being ready a series is looked for where no `start_by` is given."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What planner and booking are asked: the series to place, and the calendar around it."""

    series: SeriesToPlace
    calendar: ClinicCalendar


def question(
    picture: SeriesPicture,
    *,
    now: datetime,
    free: Collection[str],
    pinned: Mapping[str, Placement] | None = None,
    strict: bool = False,
    proving: SeriesPlan | None = None,
) -> Question:
    """Ask for times of the visits in `free`, all others booked standing where they are.

    `pinned` visits are taken to stand at the times given instead of their booked ones. Visits
    neither booked nor pinned nor free take no part: what is counted from them is not asked for,
    unless `strict`, where a visit may not be booked before the one it is counted from.
    `proving` reads of the calendar only what bears on that plan, which must be of the free visits.
    """
    pinned = pinned or {}
    series = to_place(picture, now=now, free=free, pinned=pinned, strict=strict)
    loose, besides = _loose(picture, {*free, *pinned}), _claims(picture, pinned)
    if proving is not None:
        return Question(series=series, calendar=_around(picture, proving, loose, besides))
    days = series.ready_on, series.last_day
    return Question(series=series, calendar=_calendar(picture, days, loose, besides))


def _loose(picture: SeriesPicture, codes: Collection[str]) -> list[str]:
    """Ids of the appointments that are taken out of the calendar."""
    return [row.id for code, row in picture.live.items() if code in codes]


def to_place(
    picture: SeriesPicture,
    *,
    now: datetime,
    free: Collection[str],
    pinned: Mapping[str, Placement],
    strict: bool = False,
) -> SeriesToPlace:
    """The series half of a question; see there."""
    standing = {code: picture.placement(code) for code in picture.live}
    fixed = {code: each for code, each in standing.items() if code not in free} | dict(pinned)
    held = {code: each for code, each in standing.items() if code in free}
    first = max(picture.row.ready_on, now.astimezone(picture.zone).date())
    last = _last_day(picture, first, fixed)
    return SeriesToPlace(
        visits=_taking_part(picture, {*free, *fixed}, strict=strict),
        start_visit=picture.protocol.start_visit,
        choices=picture.protocol.choices,
        candidates=picture.candidates,
        patient=_times(picture, _loose(picture, {*free, *pinned}), pinned),
        ready_on=first,
        last_day=last,
        start_by=picture.row.start_by,
        not_before=now,
        fixed=fixed,
        held=held,
        held_choices=picture.row.choices,
    )


def _calendar(
    picture: SeriesPicture, days: tuple[date, date], loose: list[str], besides: Iterable[Claim]
) -> ClinicCalendar:
    eligible = (who for each in picture.candidates.values() for who in each)
    return calendars.of_site(
        picture.site,
        start=calendars.local_midnight(days[0], picture.zone),
        end=calendars.local_midnight(days[1] + timedelta(days=2), picture.zone),
        of={*claims.named(picture.visits), *eligible, *picture.row.choices.values()},
        without=loose,
        besides=besides,
        there=picture.bookables,
    )


def _around(
    picture: SeriesPicture,
    plan: SeriesPlan,
    loose: list[str],
    besides: Iterable[Claim],
) -> ClinicCalendar:
    """Of the calendar what bears on a plan; on an empty one nothing does."""
    on = [each.starts_at.astimezone(picture.zone).date() for each in plan.placements]
    if not on:
        return calendars.holding(picture.site, {}, besides)
    near = picture.near(frozenset(_concerned(picture, plan)), min(on), max(on))
    stands = [claim for appointment_id, claim in near.claims if appointment_id not in loose]
    return calendars.holding(picture.site, near.bookables, (*stands, *besides))


def _concerned(picture: SeriesPicture, plan: SeriesPlan) -> Iterator[str]:
    """The bookables that a plan claims or chooses."""
    for each in plan.placements:
        chosen = dict(plan.choices) | dict(each.choices)
        visit = picture.visit(each.visit)
        yield from chosen.values()
        yield from (claim.bookable_id for claim in claims.touched(visit, each.starts_at, chosen))


def _taking_part(
    picture: SeriesPicture, codes: set[str], *, strict: bool
) -> tuple[VisitDefinition, ...]:
    anchors = {visit.code for visit in picture.visits} if strict else codes
    return tuple(
        replace(visit, windows=tuple(w for w in visit.windows if w.anchor in anchors))
        for visit in picture.visits
        if visit.code in codes
    )


def _last_day(picture: SeriesPicture, first: date, fixed: Mapping[str, Placement]) -> date:
    start_by = picture.row.start_by or first + timedelta(days=START_WITHIN_DAYS)
    latest = max([start_by, first, *(p.starts_at.date() for p in fixed.values())])
    reach = horizon.days_after(picture.visits)
    return latest + timedelta(days=reach)


def _times(
    picture: SeriesPicture, loose: list[str], pinned: Mapping[str, Placement]
) -> PatientTimes:
    busy = [there for appointment_id, there in picture.busy if appointment_id not in loose]
    for code, placement in pinned.items():
        if there := claims.with_patient(picture.visit(code), placement.starts_at):
            busy.append(there)
    prefers = picture.patient.prefers
    return PatientTimes(
        weekly=picture.patient.weekly_hours(),
        away=frozenset(date.fromisoformat(day) for day in picture.patient.away),
        prefers=DayPart(prefers) if prefers else None,
        busy=tuple(busy),
    )


def _claims(picture: SeriesPicture, pinned: Mapping[str, Placement]) -> list[Claim]:
    return [
        taken.claim
        for code, placement in pinned.items()
        for taken in claims.taken(
            picture.visit(code),
            placement.starts_at,
            dict(picture.row.choices) | dict(placement.choices),
        )
    ]


def restricted(asked: Question, candidates: Mapping[str, tuple[str, ...]]) -> Question:
    """The same question with the choice narrowed to some candidates."""
    narrowed = dict(asked.series.candidates) | dict(candidates)
    return replace(asked, series=replace(asked.series, candidates=narrowed))
