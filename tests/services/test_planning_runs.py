"""Many series are planned at once: watched, stopped, compared, and booked whole or not at all."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text, update

from server.domain.breaches import Refused
from server.persistence import planning_runs as rows
from server.persistence.appointments import of_series
from server.persistence.database import db
from server.persistence.planning_runs import PlanningRunRow
from server.persistence.transactions import transaction
from server.planner.demand import Progress
from server.planner.what_if import Change
from server.services.booking import booking
from server.services.planning import planning_results, planning_runs, planning_work
from server.services.planning.planning_wishes import Wanted, from_body, to_body
from server.services.record import doctor
from server.services.refusals import Conflict, Invalid
from shared.planning_words import PlanningRunStatus, PlanningScope, WhatIf
from tests.services.a_series import ShortClinic, short_clinic

S = PlanningRunStatus
NOW = datetime.now(UTC).replace(microsecond=0)
EVERYTHING = ["appointment", "claim", "series", "planned_visit", "check_in", "outbox_message"]


@pytest.fixture
def clinic(app: Flask) -> ShortClinic:
    del app
    return short_clinic()


def enrolled(clinic: ShortClinic, count: int) -> list[str]:
    return [clinic.enrolled(patient_id=clinic.patient(f"Pat {n}"), now=NOW) for n in range(count)]


def asked(clinic: ShortClinic, *changes: Change, **more: object) -> str:
    wanted = Wanted(changes=changes, **{"seconds": 1, **more})  # type: ignore[arg-type]
    return planning_runs.ask(clinic.by, clinic.site_id, wanted, now=NOW).id


def worked_off() -> bool:
    attempt = planning_work.take()
    assert attempt is not None
    return planning_work.carry_out(attempt)


def run(clinic: ShortClinic, run_id: str) -> PlanningRunRow:
    db.session.rollback()
    db.session.expire_all()
    return planning_runs.read(clinic.by, run_id)


def result(clinic: ShortClinic, run_id: str) -> dict[str, object]:
    return planning_runs.result(clinic.by, run_id, now=NOW)


def written() -> list[int]:
    """How many rows there are of all that booking writes."""
    db.session.rollback()
    counts = [db.session.scalar(text(f"SELECT count(*) FROM {each}")) for each in EVERYTHING]
    return [count or 0 for count in counts]


def test_all_who_wait_are_planned_together_and_booked_as_shown(clinic: ShortClinic) -> None:
    series = enrolled(clinic, 4)
    run_id = asked(clinic)
    assert run(clinic, run_id).status == S.WAITING
    assert worked_off()

    done = run(clinic, run_id)
    assert (done.status, done.percent, done.series, done.placed) == (S.DONE, 100, 4, 4)
    shown = planning_results.plans(result(clinic, run_id))
    planning_runs.book(clinic.by, run_id, now=NOW)

    for one in series:
        booked = {row.visit_code: row.starts_at for row in of_series(one)}
        assert booked == {each.visit: each.starts_at for each in shown[one].placements}
    assert doctor.examine(now=NOW) == []
    with pytest.raises(Conflict, match="booked already"):
        planning_runs.book(clinic.by, run_id, now=NOW)


def test_who_has_times_already_keeps_them_and_is_not_planned(clinic: ShortClinic) -> None:
    first, second = enrolled(clinic, 2)
    only = asked(clinic, series_ids=(first,))
    worked_off()
    planning_runs.book(clinic.by, only, now=NOW)
    before = {row.visit_code: row.starts_at for row in of_series(first)}

    rest = asked(clinic)
    worked_off()
    assert set(planning_results.plans(result(clinic, rest))) == {second}
    planning_runs.book(clinic.by, rest, now=NOW)
    assert {row.visit_code: row.starts_at for row in of_series(first)} == before


def test_those_for_whom_room_is_kept_are_in_no_plan_and_are_never_booked(
    clinic: ShortClinic,
) -> None:
    waiting = set(enrolled(clinic, 2))
    run_id = asked(clinic, urgent=3, urgent_days=10)
    worked_off()

    done = run(clinic, run_id)
    assert (done.series, done.bound) == (2, None)  # nothing is proved of those who wait alone
    assert set(planning_results.plans(result(clinic, run_id))) == waiting
    planning_runs.book(clinic.by, run_id, now=NOW)
    assert {row.series_id for one in waiting for row in of_series(one)} == waiting


def test_nothing_is_booked_where_one_time_was_taken_meanwhile(clinic: ShortClinic) -> None:
    first, second = enrolled(clinic, 2)
    run_id = asked(clinic)
    worked_off()
    taken = planning_results.plans(result(clinic, run_id))[first]
    booking.book(clinic.by, second, taken, expected_version=1, now=NOW)
    before = written()

    with pytest.raises(Refused) as refused:
        planning_runs.book(clinic.by, run_id, now=NOW)
    assert {each.facts["series_id"] for each in refused.value.breaches} <= {first, second}
    assert written() == before
    assert run(clinic, run_id).booked_at is None


def test_what_if_tells_the_difference_and_writes_nothing(clinic: ShortClinic) -> None:
    enrolled(clinic, 3)
    before = written()
    run_id = asked(
        clinic,
        Change(kind=WhatIf.CLOSED_WEEKDAY, weekday=NOW.weekday()),
        Change(kind=WhatIf.CAPACITY, bookable_id=clinic.chairs_id, capacity=3),
        seconds=2,
    )
    worked_off()
    assert written() == before
    found = result(clinic, run_id)
    after = planning_results.plans(found)
    days = {each.starts_at.weekday() for plan in after.values() for each in plan.placements}
    assert NOW.weekday() not in days
    with pytest.raises(Conflict, match="only compares"):
        planning_runs.book(clinic.by, run_id, now=NOW)


def test_one_chair_more_lets_everybody_begin_as_soon_as_the_first(clinic: ShortClinic) -> None:
    enrolled(clinic, 2)
    more = Change(kind=WhatIf.CAPACITY, bookable_id=clinic.chairs_id, capacity=2)
    worked = asked(clinic, more, seconds=2)
    worked_off()
    found = result(clinic, worked)
    before, after = (found[side]["cost"] for side in ("before", "after"))  # type: ignore[index]
    assert after <= before


def test_one_more_therapist_is_somebody_whom_patients_may_have(clinic: ShortClinic) -> None:
    enrolled(clinic, 3)
    first, second = clinic.therapist_ids
    far = NOW.date() + timedelta(days=300)
    away = [
        Change(kind=WhatIf.AWAY, bookable_id=each, first=NOW.date(), last=far)
        for each in (first, second)
    ]
    alone = asked(clinic, *away, seconds=2)
    worked_off()
    assert planning_results.plans(result(clinic, alone)) == {}

    with_one = asked(clinic, Change(kind=WhatIf.ONE_MORE, bookable_id=first), *away, seconds=2)
    worked_off()
    chosen = planning_results.plans(result(clinic, with_one)).values()
    assert {plan.choices["therapist"] for plan in chosen} == {"one-more-1"}
    assert len(chosen) == 3
    texts = [each["text"] for each in result(clinic, with_one)["differences"]]  # type: ignore[attr-defined]
    assert all("One more like" in each for each in texts)


def test_everything_may_be_compared_as_if_it_were_free(clinic: ShortClinic) -> None:
    (series_id,) = enrolled(clinic, 1)
    first = asked(clinic)
    worked_off()
    planning_runs.book(clinic.by, first, now=NOW)
    tomorrow = NOW.date() + timedelta(days=3)
    closed = Change(kind=WhatIf.CLOSED, first=NOW.date(), last=tomorrow)
    before = written()
    both = asked(clinic, closed, scope=PlanningScope.ALL, seconds=2)
    worked_off()
    after = planning_results.plans(result(clinic, both))[series_id]
    assert min(each.starts_at.date() for each in after.placements) > tomorrow
    assert written() == before


def test_a_run_that_was_stopped_keeps_nothing_and_can_be_begun_anew(clinic: ShortClinic) -> None:
    enrolled(clinic, 1)
    run_id = asked(clinic)
    attempt = planning_work.take()
    assert attempt is not None
    planning_runs.cancel(clinic.by, run_id, now=NOW)
    assert not planning_work.beat(attempt)
    assert not planning_work.carry_out(attempt)
    assert run(clinic, run_id).status == S.CANCELLED
    with pytest.raises(Conflict):
        result(clinic, run_id)

    planning_runs.restart(clinic.by, run_id, now=NOW)
    assert worked_off()
    assert run(clinic, run_id).status == S.DONE


def test_a_run_whose_worker_is_silent_is_interrupted_and_what_it_still_says_is_dropped(
    clinic: ShortClinic,
) -> None:
    enrolled(clinic, 1)
    run_id = asked(clinic)
    ghost = planning_work.take()
    assert ghost is not None
    assert planning_work.lost() == 0
    with transaction() as session:
        session.execute(update(PlanningRunRow).values(beat_at=NOW - timedelta(hours=1)))
    assert planning_work.lost() == 1
    assert run(clinic, run_id).status == S.INTERRUPTED

    planning_runs.restart(clinic.by, run_id, now=NOW)
    assert planning_work.take() is not None
    assert not planning_work.carry_out(ghost)
    assert run(clinic, run_id).status == S.RUNNING


def test_how_far_it_is_can_be_seen(clinic: ShortClinic) -> None:
    enrolled(clinic, 1)
    run_id = asked(clinic)
    attempt = planning_work.take()
    assert attempt is not None
    watch = planning_work.watch(attempt, 1, 2)
    assert watch(Progress(share=0.5, cost=70, lower_bound=60, placed=1))
    seen = run(clinic, run_id)
    assert (seen.percent, seen.cost, seen.bound, seen.placed) == (75, 70, 60, 1)


def test_two_workers_never_take_the_same_run(clinic: ShortClinic) -> None:
    asked(clinic)
    assert planning_work.take() is not None
    assert planning_work.take() is None


def test_a_change_that_means_nothing_is_named(clinic: ShortClinic) -> None:
    wrong = {
        "bookable_id": Change(kind=WhatIf.AWAY, first=NOW.date()),
        "capacity": Change(kind=WhatIf.CAPACITY, bookable_id=clinic.chairs_id),
        "weekday": Change(kind=WhatIf.CLOSED_WEEKDAY),
        "first": Change(kind=WhatIf.CLOSED),
        "last": Change(kind=WhatIf.CLOSED, first=date(2027, 1, 2), last=date(2027, 1, 1)),
    }
    with pytest.raises(Invalid) as refused:
        asked(clinic, *wrong.values())
    places = [fault.path for fault in refused.value.faults]
    assert places == [f"changes.{n}.{key}" for n, key in enumerate(wrong)]
    with pytest.raises(Invalid, match=r"changes\.0\.bookable_id"):
        asked(clinic, Change(kind=WhatIf.ONE_MORE, bookable_id=clinic.chairs_id))
    with pytest.raises(Invalid, match="series_ids"):
        asked(clinic, series_ids=("0" * 32,))


def test_no_clinic_fills_the_workers_with_runs(clinic: ShortClinic) -> None:
    for _ in range(planning_runs.AT_ONCE):
        asked(clinic)
    with pytest.raises(Conflict, match="under way"):
        asked(clinic)


def test_nobody_waits_is_a_plan_too(clinic: ShortClinic) -> None:
    run_id = asked(clinic)
    worked_off()
    assert planning_results.plans(result(clinic, run_id)) == {}
    assert planning_runs.book(clinic.by, run_id, now=NOW) == []


def test_what_was_asked_is_kept_whole() -> None:
    wanted = Wanted(
        scope=PlanningScope.ALL,
        seconds=7,
        series_ids=("a", "b"),
        changes=(
            Change(kind=WhatIf.CAPACITY, bookable_id="chairs", capacity=0),
            Change(kind=WhatIf.CLOSED, first=date(2027, 1, 1), last=date(2027, 1, 3)),
            Change(kind=WhatIf.CLOSED_WEEKDAY, weekday=0),
        ),
    )
    assert from_body(to_body(wanted)) == wanted


def test_only_series_that_wait_are_looked_for(clinic: ShortClinic) -> None:
    first, second = enrolled(clinic, 2)
    run_id = asked(clinic, series_ids=(first,))
    worked_off()
    planning_runs.book(clinic.by, run_id, now=NOW)
    db.session.rollback()
    assert rows.waiting_series(clinic.by.clinic_id, clinic.site_id) == [second]
