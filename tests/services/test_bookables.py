from datetime import date

import pytest
from flask import Flask

from server.domain.calendars import WeeklyHours
from server.persistence.bookables import BookableRow
from server.services.access import Caller
from server.services.clinic import availability, bookables
from server.services.clinic.availability import Absence
from server.services.refusals import Conflict, Invalid, NotAllowed, NotFound, Stale
from shared.vocabulary import BookableKind, Role
from tests.services.a_clinic import NOW, a_clinic, a_site, colleague

WEEKDAYS = (0, 1, 2, 3, 4)


def hours(opens: int = 8, closes: int = 18, capacity: int = 1, days=WEEKDAYS) -> WeeklyHours:
    return WeeklyHours(days=days, opens=opens * 60, closes=closes * 60, capacity=capacity)


def chairs(by: Caller, site_id: str | None, capacity: int = 3, code: str = "chairs") -> BookableRow:
    return bookables.create(
        by,
        kind=BookableKind.CHAIR,
        code=code,
        title="Infusion chairs",
        site_id=site_id,
        capacity=capacity,
        now=NOW,
    )


def test_a_pool_of_chairs_may_hold_more_at_noon_than_in_the_evening(app: Flask) -> None:
    by = a_clinic()
    row = chairs(by, a_site(by))
    week = [hours(8, 18, 2), hours(11, 14, 1), hours(9, 12, 1, days=(5,))]

    done = availability.set_weekly(by, row.id, week, expected_version=1, now=NOW)

    assert done.affected == []
    assert done.bookable.version == 2
    kept = bookables.bookable(by, row.id)
    assert [each.to_domain() for each in kept.weekly] == week


def test_a_week_replaces_the_one_before_it(app: Flask) -> None:
    by = a_clinic()
    row = chairs(by, a_site(by))
    availability.set_weekly(by, row.id, [hours(), hours(18, 20)], expected_version=1, now=NOW)

    availability.set_weekly(by, row.id, [hours(9, 10)], expected_version=2, now=NOW)

    assert [each.to_domain() for each in bookables.bookable(by, row.id).weekly] == [hours(9, 10)]


@pytest.mark.parametrize(
    ("week", "path"),
    [
        pytest.param([hours(10, 10)], "weekly.0.closes", id="closes as it opens"),
        pytest.param([hours(12, 10)], "weekly.0.closes", id="closes before it opens"),
        pytest.param([hours(20, 25)], "weekly.0.closes", id="after midnight"),
        pytest.param([hours(-1, 5)], "weekly.0.opens", id="before midnight"),
        pytest.param([hours(days=())], "weekly.0.days", id="no weekday"),
        pytest.param([hours(days=(1, 1))], "weekly.0.days", id="a weekday twice"),
        pytest.param([hours(days=(7,))], "weekly.0.days", id="an eighth weekday"),
        pytest.param([hours(capacity=0)], "weekly.0.capacity", id="open with nothing"),
        pytest.param([hours(), hours(capacity=4)], "weekly.0.capacity", id="more than there are"),
        pytest.param(
            [hours(8, 12, 2), hours(11, 18, 2)], "weekly.1.capacity", id="overlap adds up"
        ),
    ],
)
def test_a_week_that_cannot_be_is_refused_whole(app: Flask, week, path: str) -> None:
    by = a_clinic()
    row = chairs(by, a_site(by))
    availability.set_weekly(by, row.id, [hours()], expected_version=1, now=NOW)

    with pytest.raises(Invalid) as refusal:
        availability.set_weekly(by, row.id, week, expected_version=2, now=NOW)

    assert path in [each.path for each in refusal.value.faults]
    kept = bookables.bookable(by, row.id)
    assert [each.to_domain() for each in kept.weekly] == [hours()]
    assert kept.version == 2


def test_a_leave_of_two_weeks_is_an_exception_a_day(app: Flask) -> None:
    by = a_clinic()
    row = chairs(by, a_site(by))
    leave = Absence(first_on=date(2027, 7, 1), last_on=date(2027, 7, 14), reason="Summer")

    done = availability.add_absence(by, row.id, leave, expected_version=1, now=NOW)

    assert [each.on for each in done.bookable.exceptions] == list(leave.dates())
    assert {each.capacity for each in done.bookable.exceptions} == {0}


def test_an_exception_taken_back_leaves_the_others(app: Flask) -> None:
    by = a_clinic()
    row = chairs(by, a_site(by))
    leave = Absence(first_on=date(2027, 7, 1), last_on=date(2027, 7, 2))
    first, second = availability.add_absence(
        by, row.id, leave, expected_version=1, now=NOW
    ).bookable.exceptions

    availability.remove_exception(by, row.id, first.id, expected_version=2, now=NOW)

    kept = bookables.bookable(by, row.id)
    assert [each.id for each in kept.exceptions] == [second.id]
    assert kept.version == 3


JULY = date(2027, 7, 1)


@pytest.mark.parametrize(
    ("absence", "path"),
    [
        pytest.param(
            Absence(first_on=JULY, last_on=date(2027, 6, 30)), "last_on", id="ends before it begins"
        ),
        pytest.param(
            Absence(first_on=JULY, last_on=date(2028, 7, 1)), "last_on", id="longer than a year"
        ),
        pytest.param(Absence(first_on=JULY, last_on=date(9999, 12, 31)), "last_on", id="for ever"),
        pytest.param(
            Absence(first_on=JULY, last_on=JULY, opens=480), "closes", id="only half of its hours"
        ),
        pytest.param(
            Absence(first_on=JULY, last_on=JULY, opens=600, closes=480), "closes", id="backwards"
        ),
        pytest.param(
            Absence(first_on=JULY, last_on=JULY, capacity=4), "capacity", id="more than there are"
        ),
        pytest.param(
            Absence(first_on=JULY, last_on=JULY, capacity=-1), "capacity", id="less than nothing"
        ),
    ],
)
def test_an_absence_that_cannot_be_is_refused(app: Flask, absence: Absence, path: str) -> None:
    by = a_clinic()
    row = chairs(by, a_site(by))

    with pytest.raises(Invalid) as refusal:
        availability.add_absence(by, row.id, absence, expected_version=1, now=NOW)

    assert [each.path for each in refusal.value.faults] == [path]
    assert bookables.bookable(by, row.id).exceptions == []


def test_the_ceiling_never_goes_below_the_weekly_hours(app: Flask) -> None:
    by = a_clinic()
    row = chairs(by, a_site(by))
    availability.set_weekly(by, row.id, [hours(capacity=3)], expected_version=1, now=NOW)

    with pytest.raises(Conflict, match="weekly hours"):
        bookables.change(by, row.id, title="Chairs", capacity=2, expected_version=2, now=NOW)

    kept = bookables.bookable(by, row.id)
    assert (kept.title, kept.capacity) == ("Infusion chairs", 3)


@pytest.mark.parametrize("capacity", [0, -1, 1001])
def test_a_ceiling_is_from_one_to_a_thousand(app: Flask, capacity: int) -> None:
    by = a_clinic()
    site_id = a_site(by)
    row = chairs(by, site_id)

    with pytest.raises(Invalid, match="capacity"):
        chairs(by, site_id, capacity, code="more-chairs")
    with pytest.raises(Invalid, match="capacity"):
        bookables.change(by, row.id, title="", capacity=capacity, expected_version=1, now=NOW)


def test_a_code_means_one_thing_at_a_site(app: Flask) -> None:
    by = a_clinic()
    first, second = a_site(by, "Riverside"), a_site(by, "Hillside")
    chairs(by, first)
    chairs(by, second)

    with pytest.raises(Conflict):
        chairs(by, first)
    with pytest.raises(Conflict):
        chairs(by, None)


def test_a_site_that_is_not_there_has_no_chairs(app: Flask) -> None:
    theirs = a_site(a_clinic("Moorgate"))

    with pytest.raises(Invalid, match="site_id"):
        chairs(a_clinic("Larkfield"), theirs)


def test_what_is_retired_stays_on_the_list_and_is_closed(app: Flask) -> None:
    by = a_clinic()
    row = chairs(by, a_site(by))
    availability.set_weekly(by, row.id, [hours()], expected_version=1, now=NOW)

    done = bookables.retire(by, row.id, expected_version=2, now=NOW)

    assert done.bookable.retired
    assert done.bookable.to_domain().weekly == ()


def test_a_bookable_that_changed_meanwhile_is_not_overwritten(app: Flask) -> None:
    by = a_clinic()
    row = chairs(by, a_site(by))
    availability.set_weekly(by, row.id, [hours()], expected_version=1, now=NOW)

    with pytest.raises(Stale):
        availability.set_weekly(by, row.id, [], expected_version=1, now=NOW)
    with pytest.raises(Stale):
        bookables.retire(by, row.id, expected_version=1, now=NOW)


def test_the_list_comes_in_pages_by_code(app: Flask) -> None:
    by = a_clinic()
    site_id = a_site(by)
    for number in range(5):
        chairs(by, site_id, code=f"chair-{number}")

    found, total = bookables.bookables(by, page=2, page_size=2)

    assert [row.code for row in found] == ["chair-2", "chair-3"]
    assert total == 5
    assert bookables.bookables(by, kind=BookableKind.ROOM) == ([], 0)


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMINISTRATOR])
def test_only_an_administrator_changes_the_hours(app: Flask, role: Role) -> None:
    by = a_clinic()
    row = chairs(by, a_site(by))

    with pytest.raises(NotAllowed):
        availability.set_weekly(colleague(by, role), row.id, [], expected_version=1, now=NOW)


def test_someone_from_another_clinic_sees_nothing(app: Flask) -> None:
    by = a_clinic("Larkfield")
    row = chairs(by, a_site(by))
    stranger = a_clinic("Moorgate")

    assert bookables.bookables(stranger) == ([], 0)
    for ask in (
        lambda: bookables.bookable(stranger, row.id),
        lambda: bookables.retire(stranger, row.id, expected_version=1, now=NOW),
        lambda: availability.set_weekly(stranger, row.id, [], expected_version=1, now=NOW),
        lambda: bookables.change(
            stranger, row.id, title="", capacity=1, expected_version=1, now=NOW
        ),
    ):
        with pytest.raises(NotFound):
            ask()
