"""The two nights a year on which the clock on the wall jumps, walked through in steps of ten
minutes on the database's clock: what is due comes once, at its time on that wall."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.persistence import outbox
from server.services.booking import booking
from server.services.people import wishes
from server.services.people.wishes import Wishes
from shared.vocabulary import ChannelName, Role
from tests.jobs.a_post import Post
from tests.services.a_series import ZONE, ShortClinic, short_clinic

STEP = timedelta(minutes=10)
FORWARD, BACK = date(2027, 3, 14), date(2027, 11, 7)
NIGHTS = pytest.mark.parametrize("night", [FORWARD, BACK], ids=["forward", "back"])


def booked(
    clinic: ShortClinic,
    first: date,
    name: str,
    zone: ZoneInfo,
    asleep_until: int,
    *,
    at: int = 15,
) -> None:
    """A series whose first infusion is that day, of a patient whose phone is quiet until then."""
    now = datetime(first.year, first.month, first.day, tzinfo=ZONE) - timedelta(days=10)
    patient_id = clinic.patient(email=f"{name}@home.example")
    wished = Wishes(
        channel=ChannelName.EMAIL,
        detail="times",
        time_zone=zone.key,
        quiet_from=21 * 60,
        quiet_until=asleep_until,
        stopped=False,
    )
    desk = replace(clinic.by, role=Role.FRONT_DESK)
    wishes.change(desk, patient_id, wished, now=now)
    series_id = clinic.enrolled(patient_id=patient_id, now=now)
    plan = clinic.plan(day=first, hour=at, therapist=len(name) % 2)
    booking.book(clinic.by, series_id, plan, expected_version=1, now=now)


def walked(
    post: Post, since: datetime, until: datetime, clock: pytest.MonkeyPatch
) -> list[tuple[str, datetime]]:
    """Tick through this time; who was written to, and when. Every tick comes twice."""
    told: list[tuple[str, datetime]] = []
    at = since
    while at <= until:
        clock.setattr(outbox, "now", lambda at=at: at)
        before = len(post.box.letters)
        post.run()
        post.run()
        told += [(str(letter["To"]), at) for letter in post.box.letters[before:]]
        at += STEP
    return told


def hours_of(told: list[tuple[str, datetime]], name: str, zone: ZoneInfo) -> list[str]:
    mine = [at for to, at in told if to.startswith(name)]
    return [f"{at.astimezone(zone):%a %H:%M}" for at in mine]


@NIGHTS
def test_on_the_night_of_the_change_each_reminder_comes_once_at_its_time_on_the_wall(
    post: Post, night: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    fasting = {"solids_hours": 6, "clear_liquids_hours": 2, "evidence": "invented"}
    clinic, pacific = short_clinic(chairs=2, fasting=fasting), ZoneInfo("America/Los_Angeles")
    booked(clinic, night, "here", ZONE, 7 * 60)
    booked(clinic, night, "pacific", pacific, 7 * 60)
    noon = datetime(night.year, night.month, night.day, 12, tzinfo=ZONE).astimezone(UTC)

    afternoon = noon - timedelta(hours=20)
    walked(post, afternoon, afternoon, monkeypatch)
    post.box.letters.clear()

    told = walked(post, afternoon, noon, monkeypatch)

    assert hours_of(told, "here", ZONE) == ["Sat 18:00", "Sun 07:00"]
    assert hours_of(told, "pacific", pacific) == ["Sat 18:00", "Sun 07:00"]
    assert len({str(letter["Message-ID"]) for letter in post.box.letters}) == 4


@NIGHTS
def test_who_sleeps_until_an_hour_that_is_left_out_or_comes_twice_is_written_to_once(
    post: Post, night: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half past two is left out in spring; half past one comes twice in autumn."""
    clinic, forward = short_clinic(), night is FORWARD
    asleep_until = 150 if forward else 90
    booked(clinic, night + timedelta(days=3), "owl", ZONE, asleep_until, at=1)
    midnight = datetime(night.year, night.month, night.day, tzinfo=ZONE).astimezone(UTC)

    told = walked(post, midnight, midnight + timedelta(hours=6), monkeypatch)

    assert hours_of(told, "owl", ZONE) == ["Sun 03:30" if forward else "Sun 01:30"]
