from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask

from server.domain.breaches import Refused
from server.persistence import appointments
from server.persistence.appointments import AppointmentRow
from server.services.booking import booking, moves
from server.services.booking.moves import Wish
from server.services.record import doctor
from server.services.refusals import NotFound, Stale
from tests.services.a_series import NOW, ShortClinic, short_clinic

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def clinic(app: Flask) -> Iterator[ShortClinic]:
    """After every test the doctor must find nothing."""
    yield short_clinic()
    assert doctor.examine(now=NOW) == []


def booked(clinic: ShortClinic, therapist: int = 0, hour: int = 9) -> dict[str, AppointmentRow]:
    series_id = clinic.enrolled()
    plan = clinic.plan(therapist=therapist, hour=hour)
    booking.book(clinic.by, series_id, plan, expected_version=None, now=NOW)
    return live(series_id)


def live(series_id: str) -> dict[str, AppointmentRow]:
    return {row.visit_code: row for row in appointments.of_series(series_id) if row.live}


def moved(clinic: ShortClinic, row: AppointmentRow, to: datetime) -> list[str]:
    """Preview and apply; the codes of the visits that moved."""
    preview = moves.preview(clinic.by, row.id, Wish(starts_at=to, choices={}), now=NOW)
    shown = [each["visit"] for each in preview.body["visits"]]
    moves.apply(clinic.by, row.id, preview.id, expected_version=row.version, now=NOW)
    return shown


def test_a_visit_that_disturbs_nobody_moves_alone(clinic: ShortClinic) -> None:
    rows = booked(clinic)
    last = rows["session-2"]
    to = last.starts_at + HOUR

    assert moved(clinic, last, to) == ["session-2"]

    after = live(last.series_id)
    assert after["session-2"].starts_at == to
    assert after["session-2"].schedule_version == last.schedule_version + 1
    assert after["session-1"].starts_at == rows["session-1"].starts_at


def test_a_delayed_infusion_takes_its_integration_along_and_nothing_else(
    clinic: ShortClinic,
) -> None:
    rows = booked(clinic)
    last = rows["infusion-2"]
    to = last.starts_at + 2 * DAY

    shown = moved(clinic, last, to)

    assert shown == ["infusion-2", "session-2"]
    after = live(last.series_id)
    waited = after["session-2"].starts_at - after["infusion-2"].ends_at
    assert DAY <= waited <= 3 * DAY
    assert after["infusion-1"].starts_at == rows["infusion-1"].starts_at
    assert after["session-1"].starts_at == rows["session-1"].starts_at


def test_the_preview_says_which_rule_makes_each_visit_move(clinic: ShortClinic) -> None:
    last = booked(clinic)["infusion-2"]

    wish = Wish(starts_at=last.starts_at + 2 * DAY, choices={})
    preview = moves.preview(clinic.by, last.id, wish, now=NOW)

    follower = next(v for v in preview.body["visits"] if v["visit"] == "session-2")
    assert [reason["code"] for reason in follower["reasons"]] == ["outside-window"]
    assert live(last.series_id)["infusion-2"].starts_at == last.starts_at


def test_a_time_that_no_other_move_could_make_good_is_refused_with_its_reason(
    clinic: ShortClinic,
) -> None:
    mine = booked(clinic)["session-1"]
    booked(clinic, therapist=0, hour=12)  # the same therapist, three hours later each day
    taken = mine.starts_at + 3 * HOUR

    with pytest.raises(Refused) as refused:
        moves.preview(clinic.by, mine.id, Wish(starts_at=taken, choices={}), now=NOW)

    assert {str(breach.code) for breach in refused.value.breaches} == {"no-capacity"}


def test_a_shown_move_is_not_applied_once_somebody_took_the_time(clinic: ShortClinic) -> None:
    mine = booked(clinic)["session-1"]
    to = mine.starts_at + 3 * HOUR
    preview = moves.preview(clinic.by, mine.id, Wish(starts_at=to, choices={}), now=NOW)
    booked(clinic, therapist=0, hour=12)

    with pytest.raises(Refused) as refused:
        moves.apply(clinic.by, mine.id, preview.id, expected_version=mine.version, now=NOW)

    assert {str(breach.code) for breach in refused.value.breaches} == {"no-capacity"}
    assert live(mine.series_id)["session-1"].starts_at == mine.starts_at


def test_a_move_seen_at_an_older_version_is_stale(clinic: ShortClinic) -> None:
    mine = booked(clinic)["session-2"]
    seen = mine.version
    preview = moves.preview(
        clinic.by, mine.id, Wish(starts_at=mine.starts_at + HOUR, choices={}), now=NOW
    )
    moves.apply(clinic.by, mine.id, preview.id, expected_version=seen, now=NOW)

    with pytest.raises(Stale):
        moves.apply(clinic.by, mine.id, preview.id, expected_version=seen, now=NOW)


def test_a_preview_of_another_visit_moves_nothing(clinic: ShortClinic) -> None:
    rows = booked(clinic)
    wish = Wish(starts_at=rows["session-2"].starts_at + HOUR, choices={})
    preview = moves.preview(clinic.by, rows["session-2"].id, wish, now=NOW)

    other = rows["infusion-1"]
    with pytest.raises(NotFound):
        moves.apply(clinic.by, other.id, preview.id, expected_version=other.version, now=NOW)


def test_a_visit_may_change_to_another_therapist_only_if_the_whole_series_does(
    clinic: ShortClinic,
) -> None:
    mine = booked(clinic)["session-2"]
    wish = Wish(starts_at=mine.starts_at, choices={"therapist": clinic.therapist_ids[1]})

    with pytest.raises(Refused) as refused:
        moves.preview(clinic.by, mine.id, wish, now=NOW)

    assert "kept-choice-differs" in {str(breach.code) for breach in refused.value.breaches}
