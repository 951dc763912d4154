"""What becomes of a series after a visit did not take place."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from server.domain.breaches import Refused
from server.persistence import appointments as appointment_rows
from server.persistence import follow_ups as rows
from server.persistence.appointments import AppointmentRow
from server.persistence.database import db
from server.persistence.follow_ups import FollowUpRow
from server.persistence.outbox import OutboxMessageRow
from server.persistence.series import series as series_row
from server.persistence.transactions import transaction
from server.services.booking import appointments, booking
from server.services.booking.appointments import Step
from server.services.clinic import house_rules
from server.services.clinic.house_rules import HouseRules
from server.services.record import doctor
from server.services.refusals import Conflict, Stale
from server.services.series import follow_ups, series_changes, sweeps
from server.services.series.series_changes import Decision
from shared.vocabulary import (
    AppointmentStatus,
    FollowUpCause,
    FollowUpStatus,
    ReminderKind,
    Role,
)
from tests.builders import make_user
from tests.services.a_series import NOW, ShortClinic, short_clinic

A = AppointmentStatus
DAY = timedelta(days=1)
FIRST = datetime(2027, 3, 2, 14, tzinfo=UTC)
"""When the first infusion begins: Tuesday at nine in New York."""


@pytest.fixture
def clinic(app: Flask) -> ShortClinic:
    del app
    made = short_clinic()
    with transaction():
        make_user(made.by.clinic_id, Role.PRESCRIBER, "drew@clinic.example")
    return made


def booked(clinic: ShortClinic) -> str:
    series_id = clinic.enrolled()
    booking.book(clinic.by, series_id, clinic.plan(), expected_version=1, now=NOW)
    return series_id


def visit(series_id: str, code: str) -> AppointmentRow:
    db.session.rollback()
    db.session.expire_all()
    found = [row for row in appointment_rows.of_series(series_id) if row.visit_code == code]
    return next((row for row in found if row.live), found[-1])


def said(clinic: ShortClinic, series_id: str, code: str, status: A, now: datetime) -> None:
    row = visit(series_id, code)
    step = Step(to=status, expected_version=row.version)
    appointments.progress(clinic.by, row.id, step, now=now)


def follow_up(series_id: str, code: str) -> FollowUpRow:
    db.session.rollback()
    db.session.expire_all()
    found = rows.open_of(series_id, code)
    assert found is not None
    return found


def planned(series_id: str, code: str, now: datetime) -> FollowUpRow:
    """The follow-up with its plan, as the clock makes it."""
    row = follow_up(series_id, code)
    follow_ups.make_plan(row.clinic_id, row.id, now=now)
    return follow_up(series_id, code)


def told() -> list[tuple[str, str]]:
    """What staff were told of visits that were missed."""
    db.session.expire_all()
    found = db.session.query(OutboxMessageRow).filter_by(kind=ReminderKind.NO_SHOW).all()
    return [(each.subject_id, each.status) for each in found]


def version(clinic: ShortClinic, series_id: str) -> int:
    row = series_row(clinic.by.clinic_id, series_id)
    assert row is not None
    return row.version


def hold(clinic: ShortClinic, series_id: str, *, release: bool) -> None:
    series_changes.hold(
        clinic.by,
        series_id,
        reason="ill",
        release=release,
        expected_version=version(clinic, series_id),
        now=NOW,
    )


def times(series_id: str) -> dict[str, datetime]:
    db.session.rollback()
    db.session.expire_all()
    live = [row for row in appointment_rows.of_series(series_id) if row.live]
    return {row.visit_code: row.starts_at for row in live}


def test_a_missed_infusion_brings_a_ready_plan_that_keeps_the_gaps_and_is_taken_whole(
    clinic: ShortClinic,
) -> None:
    series_id, later = booked(clinic), FIRST + timedelta(hours=3)
    said(clinic, series_id, "infusion-1", A.NO_SHOW, later)

    row = planned(series_id, "infusion-1", later)
    follow_ups.apply(clinic.by, row.id, expected_version=row.version, now=later)

    at = times(series_id)
    assert set(at) == {"infusion-1", "session-1", "infusion-2", "session-2"}
    assert at["infusion-1"] > later + timedelta(hours=19)
    assert timedelta(days=2) <= at["infusion-2"] - at["infusion-1"] < timedelta(days=6)
    assert doctor.examine(now=later) == []
    assert db.session.get_one(FollowUpRow, row.id).status == FollowUpStatus.APPLIED


def test_a_missed_session_moves_nothing_else_while_its_window_is_open(
    clinic: ShortClinic,
) -> None:
    series_id = booked(clinic)
    said(clinic, series_id, "infusion-1", A.FULFILLED, FIRST + timedelta(hours=3))
    before = times(series_id)
    missed_at = before["session-1"] + timedelta(hours=1)
    said(clinic, series_id, "session-1", A.NO_SHOW, missed_at)

    row = planned(series_id, "session-1", missed_at)

    assert (row.remedy, row.cause) == ("replan", FollowUpCause.NO_SHOW)
    assert row.plan is not None
    assert [(v["visit"], v["previous"]) for v in row.plan["visits"]] == [("session-1", None)]  # type: ignore[attr-defined]


def test_a_session_whose_window_has_closed_is_a_deviation_to_record_and_is_not_shifted(
    clinic: ShortClinic,
) -> None:
    series_id = booked(clinic)
    said(clinic, series_id, "infusion-1", A.FULFILLED, FIRST + timedelta(hours=3))
    said(clinic, series_id, "session-1", A.NO_SHOW, visit(series_id, "session-1").ends_at)

    row = planned(series_id, "session-1", FIRST + 4 * DAY)

    assert (row.remedy, row.pair_with) == ("deviation", "infusion-2")
    assert row.plan is None


def test_beyond_the_greatest_gap_the_plan_waits_for_a_prescriber(clinic: ShortClinic) -> None:
    series_id = booked(clinic)
    said(clinic, series_id, "infusion-1", A.FULFILLED, FIRST + timedelta(hours=3))
    said(clinic, series_id, "infusion-2", A.NO_SHOW, visit(series_id, "infusion-2").ends_at)
    said(clinic, series_id, "session-2", A.NO_SHOW, visit(series_id, "session-2").ends_at)
    late = FIRST + 9 * DAY
    row = planned(series_id, "infusion-2", late)
    assert row.remedy == "prescriber-decides"
    assert row.plan is not None

    with pytest.raises(Refused):
        follow_ups.apply(clinic.by, row.id, expected_version=row.version, now=late)
    series_changes.decide(
        clinic.by,
        series_id,
        visit="infusion-2",
        decision=Decision.RESUME,
        reason="well enough",
        expected_version=version(clinic, series_id),
        now=late,
    )
    follow_ups.apply(clinic.by, row.id, expected_version=row.version, now=late)

    assert times(series_id)["infusion-2"] > late
    assert doctor.examine(now=late) == []


def test_the_people_of_the_series_are_told_at_once_and_only_while_it_is_open(
    clinic: ShortClinic,
) -> None:
    series_id, later = booked(clinic), FIRST + timedelta(hours=3)
    said(clinic, series_id, "infusion-1", A.NO_SHOW, later)
    row = follow_up(series_id, "infusion-1")
    assert told() == [(row.id, "preparation")]

    follow_ups.settle(
        clinic.by, row.id, outcome="rang; will not go on", expected_version=row.version, now=later
    )

    assert told() == [(row.id, "stopped")]
    again = db.session.get_one(FollowUpRow, row.id).version
    with pytest.raises(Conflict):
        follow_ups.settle(clinic.by, row.id, outcome="x", expected_version=again, now=later)


def test_a_plan_that_was_overtaken_is_not_taken(clinic: ShortClinic) -> None:
    series_id, later = booked(clinic), FIRST + timedelta(hours=3)
    said(clinic, series_id, "infusion-1", A.NO_SHOW, later)
    row = planned(series_id, "infusion-1", later)
    follow_up_id, seen = row.id, row.version
    assert row.plan is not None
    moved = [each["visit"] for each in row.plan["visits"] if each["previous"]]  # type: ignore[attr-defined]
    other = visit(series_id, moved[0])
    step = Step(to=A.CANCELLED, expected_version=other.version, reason="patient rang")
    appointments.cancel(clinic.by, other.id, step, now=later)
    before = times(series_id)

    with pytest.raises(Stale):
        follow_ups.apply(clinic.by, follow_up_id, expected_version=seen, now=later)

    assert times(series_id) == before


def rule(clinic: ShortClinic, minutes: int | None) -> None:
    with transaction():
        make_user(clinic.by.clinic_id, Role.ADMINISTRATOR, "ana@clinic.example")
    from dataclasses import replace

    wanted = HouseRules(
        confirm_hours=72,
        ride_home_hours=48,
        evening=1080,
        morning=420,
        noshow_after_minutes=minutes,
        offers_freed_times=True,
        digest_at=None,
    )
    by = replace(clinic.by, role=Role.ADMINISTRATOR)
    house_rules.change(by, wanted, expected_version=1, now=NOW)


def shift(series_id: str, by: timedelta) -> None:
    """As if the series had been booked earlier: every time of it is moved, for the database's clock
    cannot be."""
    from server.persistence.appointments import ClaimRow

    with transaction():
        for row in appointment_rows.of_series(series_id):
            values = {"starts_at": row.starts_at - by, "ends_at": row.ends_at - by}
            db.session.execute(
                update(AppointmentRow).where(AppointmentRow.id == row.id).values(values)
            )
            for claim in row.claims:
                when = {"starts_at": claim.starts_at - by, "ends_at": claim.ends_at - by}
                db.session.execute(update(ClaimRow).where(ClaimRow.id == claim.id).values(when))


def long_ago(series_id: str) -> None:
    """Let the first infusion have ended two hours ago."""
    ends = visit(series_id, "infusion-1").ends_at
    shift(series_id, ends - datetime.now(UTC) + timedelta(hours=2))


@pytest.mark.breaks_on_purpose  # times are moved by hand, off the grid
class TestWhatNobodySpokeOf:
    def test_comes_onto_the_list_and_is_not_called_missed_without_a_rule(
        self, clinic: ShortClinic
    ) -> None:
        series_id = booked(clinic)
        long_ago(series_id)

        assert sweeps.unsaid() == 0
        assert sweeps.settled() == 0

        assert visit(series_id, "infusion-1").status == A.BOOKED
        assert follow_up(series_id, "infusion-1").cause == FollowUpCause.UNSAID

    def test_once_settled_is_not_asked_about_again(self, clinic: ShortClinic) -> None:
        series_id = booked(clinic)
        long_ago(series_id)
        sweeps.unsaid()
        row = follow_up(series_id, "infusion-1")
        follow_ups.settle(
            clinic.by, row.id, outcome="it was fine", expected_version=row.version, now=NOW
        )

        sweeps.unsaid()

        assert rows.open_of(series_id, "infusion-1") is None

    def test_is_settled_by_saying_it(self, clinic: ShortClinic) -> None:
        series_id = booked(clinic)
        long_ago(series_id)
        sweeps.unsaid()

        said(clinic, series_id, "infusion-1", A.FULFILLED, datetime.now(UTC))

        assert sweeps.settled() == 1
        assert rows.open_of(series_id, "infusion-1") is None

    def test_counts_as_missed_once_where_the_clinic_has_that_rule(
        self, clinic: ShortClinic
    ) -> None:
        series_id = booked(clinic)
        rule(clinic, 90)
        long_ago(series_id)

        assert [sweeps.unsaid(), sweeps.unsaid()] == [1, 0]

        assert visit(series_id, "infusion-1").status == A.NO_SHOW
        assert follow_up(series_id, "infusion-1").cause == FollowUpCause.NO_SHOW

    def test_of_a_series_on_hold_is_given_up_and_nobody_is_blamed(
        self, clinic: ShortClinic
    ) -> None:
        series_id = booked(clinic)
        rule(clinic, 90)
        series_changes.hold(
            clinic.by,
            series_id,
            reason="ill",
            release=False,
            expected_version=version(clinic, series_id),
            now=NOW,
        )
        long_ago(series_id)

        sweeps.unsaid()

        row = visit(series_id, "infusion-1")
        assert (row.status, row.reason) == (A.CANCELLED, "on hold")

    def test_was_put_down_as_missed_can_be_put_right(self, clinic: ShortClinic) -> None:
        series_id = booked(clinic)
        rule(clinic, 0)
        long_ago(series_id)
        sweeps.unsaid()

        said(clinic, series_id, "infusion-1", A.FULFILLED, datetime.now(UTC))

        row = visit(series_id, "infusion-1")
        assert row.status == A.FULFILLED
        assert all(claim.live for claim in row.claims)
        assert sweeps.settled() == 1

    def test_a_closed_window_is_told_once(self, clinic: ShortClinic) -> None:
        series_id = booked(clinic)
        session = visit(series_id, "session-1")
        step = Step(to=A.CANCELLED, expected_version=session.version, reason="therapist ill")
        appointments.cancel(clinic.by, session.id, step, now=NOW)
        long_ago(series_id)
        said(clinic, series_id, "infusion-1", A.FULFILLED, datetime.now(UTC))
        assert sweeps.closed_windows() == 0
        shift(series_id, 4 * DAY)

        assert [sweeps.closed_windows(), sweeps.closed_windows()] == [1, 0]

        row = follow_up(series_id, "session-1")
        assert row.cause == FollowUpCause.WINDOW_CLOSED
        follow_ups.settle(
            clinic.by, row.id, outcome="recorded", expected_version=row.version, now=NOW
        )
        assert sweeps.closed_windows() == 0


def test_a_series_that_goes_on_after_a_hold_has_a_plan_for_what_lost_its_time(
    clinic: ShortClinic,
) -> None:
    series_id = booked(clinic)
    series_changes.hold(
        clinic.by,
        series_id,
        reason="ill",
        release=True,
        expected_version=version(clinic, series_id),
        now=NOW,
    )
    series_changes.resume(
        clinic.by, series_id, expected_version=version(clinic, series_id), now=NOW + DAY
    )

    row = planned(series_id, "infusion-1", NOW + DAY)
    assert row.cause == FollowUpCause.RESUMED
    follow_ups.apply(clinic.by, row.id, expected_version=row.version, now=NOW + DAY)
    assert set(times(series_id)) == {"infusion-1", "session-1", "infusion-2", "session-2"}
