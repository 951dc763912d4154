"""The worker's side of planning runs: take one, plan, tell how far it is, keep what was found."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from server.domain.calendars import ClinicCalendar
from server.persistence import clinics, outbox, repairs
from server.persistence import planning_runs as rows
from server.persistence.clinics import SiteRow
from server.persistence.planning_runs import PlanningRunRow
from server.persistence.transactions import transaction
from server.planner.demand import ClinicDemand, ClinicPlan, Demand, Progress
from server.planner.what_if import changed
from server.services.planning import calendars, pictures, planning_results, questions
from server.services.planning.pictures import SeriesPicture
from server.services.planning.planning_wishes import Wanted, from_body
from server.services.refusals import Conflict, NotFound
from shared.planning_words import PlanningRunStatus, PlanningScope

S = PlanningRunStatus
SILENT_FOR = timedelta(seconds=60)
"""A run of which nothing was heard for so long has lost its worker."""
BEATS_EVERY = timedelta(seconds=5)
REASONS_SECONDS = 3.0
Body = dict[str, object]
Watch = Callable[[Progress], bool]


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A run that a worker has taken, and the how-manieth time."""

    run_id: str
    number: int


def take() -> Attempt | None:
    """The run that has waited longest becomes this worker's."""
    with transaction():
        row = rows.oldest_waiting()
        if row is None:
            return None
        at = outbox.now()
        row.status, row.attempt = S.RUNNING, row.attempt + 1
        row.began_at = row.beat_at = at
        row.percent, row.placed, row.cost, row.bound, row.ended_at = 0, 0, None, None, None
        return Attempt(run_id=row.id, number=row.attempt)


def waits() -> bool:
    """Whether any run waits for a worker."""
    return rows.oldest_waiting() is not None


def beat(attempt: Attempt) -> bool:
    """Its worker is alive. False where the attempt counts no more."""
    return _tell(attempt, {})


def lose(attempt: Attempt) -> None:
    """Its planner is gone; the run can be begun anew."""
    _tell(attempt, {"status": S.INTERRUPTED, "ended_at": outbox.now()})


def fail(attempt: Attempt) -> None:
    """Its planner gave up."""
    _tell(attempt, {"status": S.FAILED, "ended_at": outbox.now()})


def _tell(attempt: Attempt, values: Mapping[str, object]) -> bool:
    with transaction():
        told = {"beat_at": outbox.now(), **values}
        return rows.tell(attempt.run_id, attempt.number, told)


def lost() -> int:
    """Give up for lost the runs whose workers are silent. How many is returned."""
    with transaction():
        at = outbox.now()
        return rows.silent(at - SILENT_FOR, at)


def carry_out(attempt: Attempt) -> bool:
    """Plan what was asked and keep what was found. False where somebody stopped it meanwhile."""
    row = rows.anywhere(attempt.run_id)
    if row is None:
        return False
    found = _found(row, attempt)
    if found is None:
        return False
    ended = {"status": S.DONE, "percent": 100, "result": found, "ended_at": outbox.now()}
    return _tell(attempt, ended)


@dataclass
class Stopped(Exception):
    """Somebody stopped the run."""


def _found(row: PlanningRunRow, attempt: Attempt) -> Body | None:
    wanted, site = from_body(row.asked), clinics.site(row.clinic_id, row.site_id)
    if site is None:
        raise NotFound  # cannot be: a foreign key holds it
    asked = _pictures(row, wanted)
    demand = _demand(site, asked, wanted)
    _tell(attempt, {"series": len(demand.demands)})
    try:
        if not wanted.changes:
            after = _side(asked, demand, wanted, watch(attempt, 0, 1))
            return {"before": None, "after": after, "differences": []}
        other, half = changed(demand, wanted.changes), replace(wanted, seconds=wanted.seconds / 2)
        before = _side(asked, demand, half, watch(attempt, 0, 2))
        after = _side(asked, other, half, watch(attempt, 1, 2))
    except Stopped:
        return None
    titles = {each.id: each.title for each in other.calendar.bookables.values()}
    told = planning_results.differences(before, after, titles)
    return {"before": before, "after": after, "differences": told}


def _pictures(row: PlanningRunRow, wanted: Wanted) -> dict[str, SeriesPicture]:
    """Every series that wants a place. One whose protocol asks for what the site has not is left
    out: it waits for the clinic, not for a time."""
    ids = wanted.series_ids or rows.waiting_series(row.clinic_id, row.site_id)
    if wanted.scope is PlanningScope.ALL:
        ids = [*ids, *repairs.series_booked_after(row.site_id, outbox.now())]
    found = (_picture(row.clinic_id, each) for each in dict.fromkeys(ids))
    return {each.row.id: each for each in found if each is not None}


def _picture(clinic_id: str, series_id: str) -> SeriesPicture | None:
    try:
        found = pictures.of_series(clinic_id, series_id)
    except (Conflict, NotFound):
        return None
    return found if found.row.status in ("draft", "active") else None


def _demand(site: SiteRow, asked: Mapping[str, SeriesPicture], wanted: Wanted) -> ClinicDemand:
    """All that want a place, on a calendar that holds whatever stays."""
    now, moves = outbox.now(), wanted.scope is PlanningScope.ALL
    free = {
        series_id: _without_time(picture) | (picture.movable(now) if moves else set())
        for series_id, picture in asked.items()
    }
    demands = tuple(
        Demand(
            id=series_id,
            series=replace(
                questions.to_place(picture, now=now, free=free[series_id], pinned={}), held={}
            ),
        )
        for series_id, picture in asked.items()
        if free[series_id]
    )
    loose = [
        appointment.id
        for series_id, picture in asked.items()
        for code, appointment in picture.live.items()
        if code in free[series_id]
    ]
    return ClinicDemand(calendar=_calendar(site, demands, loose), demands=demands)


def _without_time(picture: SeriesPicture) -> set[str]:
    return {visit.code for visit in picture.visits} - set(picture.live)


def _calendar(site: SiteRow, demands: Iterable[Demand], loose: list[str]) -> ClinicCalendar:
    zone = pictures.zone_of(site)
    today = outbox.now().astimezone(zone).date()
    # From today on: room may be kept for somebody who is ready before all who wait.
    first: date = min([today, *(each.series.ready_on for each in demands)])
    last: date = max((each.series.last_day for each in demands), default=today)
    start = calendars.local_midnight(first, zone)
    end = calendars.local_midnight(last + timedelta(days=2), zone)
    return calendars.of_site(site, start=start, end=end, without=loose)


def watch(attempt: Attempt, done: int, of: int) -> Watch:
    """Puts down how far the attempt is, this being the plan after `done` of `of`."""

    def told(progress: Progress) -> bool:
        percent = min(99, int(100 * (done + progress.share) / of))
        best = {"placed": progress.placed, "cost": progress.cost, "bound": progress.lower_bound}
        return _tell(attempt, {"percent": percent, **best})

    return told


def _side(
    asked: Mapping[str, SeriesPicture], demand: ClinicDemand, wanted: Wanted, told: Watch
) -> Body:
    from server.planner.clinic.warm_up import place_one  # compiled; who only asks need not wait
    from server.planner.holding_back import plan_holding_back, urgent_like
    from server.planner.reasons.unplaced import reasons

    place_one()  # else the time asked for would go by with loading what is compiled

    going = [True]

    def goes_on(progress: Progress) -> bool:
        going[0] = told(progress)
        return going[0]

    today = outbox.now().astimezone(demand.calendar.zone).date()
    expected = urgent_like(demand.demands, wanted.urgent, wanted.urgent_days, today)
    found: ClinicPlan = plan_holding_back(demand, expected, seconds=wanted.seconds, watch=goes_on)
    last = Progress(
        share=1.0, cost=found.cost, lower_bound=found.lower_bound, placed=len(found.placed)
    )
    if not going[0] or not told(last):
        raise Stopped
    return planning_results.side(
        asked, demand, found, reasons(demand, found, seconds=REASONS_SECONDS)
    )
