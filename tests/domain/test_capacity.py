from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest

from server.domain.calendars import AvailabilityException, Claim, WeeklyHours
from server.domain.capacity import capacity_at, capacity_steps, least_capacity, peak
from shared.vocabulary import BookableKind
from tests.domain.clinic import EVERY_DAY, NEW_YORK, at, bookable, claim, hours

MONDAY = date(2027, 5, 10)
NURSES = bookable("nurses", BookableKind.NURSE, hours(8, 18, 2), hours(10, 14, 1))


def nurses(*exceptions):
    return replace(NURSES, exceptions=exceptions)


def closed_day(capacity=0):
    return AvailabilityException(on=MONDAY, capacity=capacity)


def changed(opens, closes, capacity):
    return AvailabilityException(on=MONDAY, opens=opens * 60, closes=closes * 60, capacity=capacity)


def units(pool, clock, day="2027-05-10"):
    return capacity_at(pool, at(f"{day} {clock}"), NEW_YORK)


def least(pool, start, end):
    return least_capacity(pool, at(f"2027-05-10 {start}"), at(f"2027-05-10 {end}"), NEW_YORK)


def test_rows_that_overlap_add_up():
    assert [units(NURSES, clock) for clock in ("07:59", "08:00", "10:00", "14:00", "18:00")] == [
        *(0, 2, 3, 2, 0)
    ]


def test_a_day_without_a_row_is_closed():
    assert units(NURSES, "10:00", "2027-05-09") == 0


def test_an_exception_for_the_day_replaces_all_its_hours():
    assert units(nurses(closed_day(1)), "03:00") == 1
    assert units(nurses(closed_day(0)), "11:00") == 0
    assert units(nurses(closed_day(0)), "11:00", "2027-05-11") == 3


def test_an_exception_with_hours_replaces_only_those():
    pool = nurses(changed(8, 12, 1))
    assert [units(pool, clock) for clock in ("08:00", "11:59", "12:00")] == [1, 1, 3]


@pytest.mark.parametrize("order", [1, -1])
def test_the_day_comes_first_and_hours_replace_theirs_in_whatever_order_they_are_listed(order):
    pool = nurses(*[closed_day(0), changed(9, 11, 2)][::order])
    assert [units(pool, clock) for clock in ("08:00", "09:00", "11:00")] == [0, 2, 0]


def test_of_two_exceptions_for_the_same_time_the_later_listed_wins():
    assert units(nurses(changed(8, 12, 1), changed(10, 13, 5)), "11:00") == 5
    assert units(nurses(changed(10, 13, 5), changed(8, 12, 1)), "11:00") == 1
    assert units(nurses(closed_day(4), closed_day(2)), "11:00") == 2


def test_opening_until_midnight_lasts_until_midnight():
    pool = bookable("nurses", BookableKind.NURSE, hours(20, 24))
    assert least(pool, "23:00", "23:59") == 1
    midnight = at("2027-05-11 00:00")
    assert least_capacity(pool, at("2027-05-10 23:00"), midnight, NEW_YORK) == 1
    assert capacity_at(pool, midnight, NEW_YORK) == 0


def test_a_day_and_the_next_join_at_midnight():
    pool = bookable("nurses", BookableKind.NURSE, hours(0, 24, days=EVERY_DAY))
    assert least_capacity(pool, at("2027-05-10 22:00"), at("2027-05-12 03:00"), NEW_YORK) == 1


def test_the_least_capacity_is_that_of_the_worst_moment():
    assert least(NURSES, "10:00", "14:00") == 3
    assert least(NURSES, "09:59", "14:00") == 2
    assert least(NURSES, "10:00", "18:00") == 2
    assert least(NURSES, "10:00", "18:01") == 0


def test_a_gap_of_one_minute_is_a_gap():
    rows = (hours(8, 12), WeeklyHours(days=(0,), opens=721, closes=1080))
    pool = bookable("nurses", BookableKind.NURSE, *rows)
    assert least(pool, "08:00", "18:00") == 0
    assert least(pool, "12:01", "18:00") == 1


def test_the_steps_of_a_day_are_named_once_each():
    steps = capacity_steps(NURSES, at("2027-05-10 00:00"), at("2027-05-11 00:00"), NEW_YORK)
    assert [(f"{moment.astimezone(NEW_YORK):%H:%M}", units) for moment, units in steps] == [
        *(("00:00", 0), ("08:00", 2), ("10:00", 3), ("14:00", 2), ("18:00", 0))
    ]


def test_expired_credentials_leave_nothing():
    valid = replace(NURSES, usable_until=MONDAY)
    assert units(valid, "17:59") == 2
    assert units(valid, "08:00", "2027-05-11") == 0


def test_a_moment_in_any_zone_is_read_on_the_clinics_clock():
    assert capacity_at(NURSES, at("2027-05-10 08:00").astimezone(UTC), NEW_YORK) == 2


@pytest.mark.parametrize(
    ("word", "starts", "ends", "taken"),
    [
        ("before", "08:00", "08:30", 0),
        ("until", "08:00", "09:00", 0),
        ("into", "08:30", "09:30", 1),
        ("across", "08:30", "11:00", 1),
        ("same", "09:00", "10:00", 1),
        ("within", "09:15", "09:45", 1),
        ("out of", "09:30", "10:30", 1),
        ("from", "10:00", "11:00", 0),
        ("after", "10:30", "11:00", 0),
        ("nothing", "09:30", "09:30", 0),
    ],
)
def test_a_claim_counts_only_where_it_overlaps_nine_to_ten(word, starts, ends, taken):
    one = claim("nurses", f"2027-05-10 {starts}", f"2027-05-10 {ends}")
    assert peak([one], at("2027-05-10 09:00"), at("2027-05-10 10:00")) == taken


def quarter_claims(*quarters):
    start = at("2027-05-10 09:00")
    return [
        Claim(
            bookable_id="nurses",
            starts_at=start + timedelta(minutes=15 * first),
            ends_at=start + timedelta(minutes=15 * last),
            units=units,
        )
        for first, last, units in quarters
    ]


def test_claims_one_after_the_other_never_add_up():
    claims = quarter_claims((0, 1, 2), (1, 2, 2), (2, 4, 2))
    assert peak(claims, at("2027-05-10 09:00"), at("2027-05-10 10:00")) == 2


def test_the_peak_is_the_most_taken_at_one_instant():
    claims = quarter_claims((0, 2, 1), (1, 3, 2), (2, 4, 4), (8, 9, 50))
    assert peak(claims, at("2027-05-10 09:00"), at("2027-05-10 10:00")) == 6


def test_claims_over_the_hour_that_comes_twice_are_told_apart():
    first = at("2027-11-07 01:00")
    second = first.replace(fold=1)
    one = Claim(bookable_id="n", starts_at=first, ends_at=second)
    other = Claim(bookable_id="n", starts_at=second, ends_at=at("2027-11-07 02:00"))
    assert peak([one, other], at("2027-11-07 00:00"), at("2027-11-07 03:00")) == 1
    assert peak([one, one], at("2027-11-07 00:00"), at("2027-11-07 03:00")) == 2
