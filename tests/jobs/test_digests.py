"""The morning mail to those who have something to do today."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.persistence import outbox
from server.persistence.house_rules import HouseRulesRow
from server.persistence.transactions import transaction
from server.services.messages import digests
from shared.vocabulary import ReminderKind, Role
from tests import builders
from tests.jobs.a_post import Post

pytestmark = pytest.mark.breaks_on_purpose  # a visit at whatever hour it is now


@pytest.fixture
def staff(post: Post) -> dict[str, str]:
    """A clinic with a visit of Theo's in two hours; everybody's login by name."""
    del post
    soon = (datetime.now(UTC) + timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
    with transaction() as session:
        clinic = builders.make_clinic()
        site = builders.make_site(clinic, "House")
        site.time_zone = zone_where_it_is_morning()
        people = {}
        for name in ("theo", "tess"):
            practitioner, bookable = builders.make_practitioner(site, name.title())
            user = builders.make_user(
                clinic.id, Role.THERAPIST, f"{name}@x.org", practitioner_id=practitioner.id
            )
            people[name] = (user.id, bookable)
        nora = builders.make_user(clinic.id, Role.NURSE, "nora@x.org")
        version = builders.make_version(clinic.id)
        series = builders.make_series(
            builders.make_patient(site, "Pat Example"), version, people["theo"][1]
        )
        builders.make_appointment(series, [people["theo"][1]], soon)
        session.flush()
        known = {name: user_id for name, (user_id, _) in people.items()}
        return known | {"nora": nora.id, "clinic": clinic.id}


def zone_where_it_is_morning() -> str:
    """Somewhere it is between seven and eight now."""
    now = datetime.now(UTC)
    zones = [f"Etc/GMT{hours:+d}" for hours in range(-12, 13)]
    return next(each for each in zones if now.astimezone(ZoneInfo(each)).hour == 7)


def told(post: Post) -> set[str]:
    return {str(row.user_id) for row in post.rows(kind=ReminderKind.DIGEST)}


def test_whoever_has_something_to_do_today_is_told_once(post: Post, staff: dict[str, str]) -> None:
    for _ in range(3):
        digests.write_due()
    post.run()

    assert told(post) == {staff["theo"], staff["nora"]}
    assert len(post.box.letters) == 2
    for letter in post.box.letters:
        assert "There are visits today" in letter.get_content()
        assert "Pat" not in letter.as_string()


@pytest.mark.parametrize("digest_at", [None, 12 * 60])
def test_nobody_is_told_before_the_hour_or_where_the_clinic_wants_none(
    post: Post, staff: dict[str, str], digest_at: int | None
) -> None:
    with transaction() as session:
        session.add(HouseRulesRow(clinic_id=staff["clinic"], digest_at=digest_at))

    assert digests.write_due() == 0
    assert told(post) == set()


def test_a_mail_that_could_not_go_in_the_morning_does_not_go_in_the_afternoon(
    post: Post, staff: dict[str, str]
) -> None:
    del staff
    digests.write_due()

    latest = max(row.not_after for row in post.rows(kind=ReminderKind.DIGEST))

    assert latest - outbox.now() <= digests.LATEST
