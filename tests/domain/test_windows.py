from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.domain.protocols import Part, Window
from server.domain.windows import (
    Span,
    admits,
    day_of_window,
    distance,
    edge_at,
    miss,
    span,
    target_on,
)
from shared.vocabulary import Edge, WindowUnit
from tests.domain.clinic import NEW_YORK, at, days, hours_after_end, infusion, visit

ANCHOR = at("2027-05-10 11:15")
BERLIN = ZoneInfo("Europe/Berlin")


def within(window, when, anchor=ANCHOR, zone=NEW_YORK):
    return admits(window, at(when, zone), anchor, zone)


@pytest.mark.parametrize(
    ("when", "inside"),
    [
        ("2027-05-11 11:14", False),
        ("2027-05-11 11:15", True),
        ("2027-05-12 09:00", True),
        ("2027-05-13 11:15", True),
        ("2027-05-13 11:16", False),
    ],
)
def test_24_to_72_hours_are_counted_to_the_minute_both_bounds_inside(when, inside):
    assert within(hours_after_end("infusion-1", 24, 72), when) is inside


@pytest.mark.parametrize(
    ("when", "inside"),
    [
        ("2027-05-11 23:59", False),
        ("2027-05-12 00:00", True),
        ("2027-05-15 23:59", True),
        ("2027-05-16 00:00", False),
    ],
)
def test_days_are_dates_whatever_the_hour(when, inside):
    assert within(days("infusion-1", 2, 5), when) is inside


def test_days_are_those_of_the_clinic_and_not_of_utc():
    window = days("infusion-1", 1, 1)
    late = at("2027-05-10 23:30")
    assert not admits(window, at("2027-05-10 21:00"), at("2027-05-10 19:00"), NEW_YORK)
    assert admits(window, late + timedelta(hours=1), late, NEW_YORK)


def test_an_open_bound_admits_everything_on_its_side():
    assert within(hours_after_end("a", None, 72), "1999-01-01 00:00")
    assert within(hours_after_end("a", 24, None), "2099-01-01 00:00")
    assert within(days("a", None, None), "2027-05-10 00:00")


def test_negative_bounds_lie_before_the_anchor():
    preparation = days("infusion-1", -14, -1)
    assert within(preparation, "2027-05-09 18:00")
    assert within(preparation, "2027-04-26 08:00")
    assert not within(preparation, "2027-05-10 08:00")
    assert not within(preparation, "2027-04-25 08:00")


def test_hours_may_be_fractions():
    window = hours_after_end("a", 0.5, 1.25)
    assert [within(window, f"2027-05-10 {t}") for t in ("11:44", "11:45", "12:30", "12:31")] == [
        *(False, True),
        *(True, False),
    ]


def test_half_days_are_drawn_inward_to_whole_ones():
    window = days("a", 1.5, 2.5)
    on = date(2027, 5, 12)
    assert span(window, ANCHOR, NEW_YORK) == Span(opens_on=on, closes_on=on)
    assert [within(window, f"2027-05-{day} 12:00") for day in (11, 12, 13)] == [False, True, False]


def test_24_hours_over_a_short_night_end_an_hour_later_on_the_clock():
    eve = at("2027-03-27 14:00", BERLIN)
    window = hours_after_end("a", 24, 24)
    assert within(window, "2027-03-28 15:00", eve, BERLIN)
    assert not within(window, "2027-03-28 14:00", eve, BERLIN)


def test_24_hours_over_a_long_night_end_an_hour_earlier_on_the_clock():
    eve = at("2027-10-30 14:00", BERLIN)
    window = hours_after_end("a", 24, 24)
    assert within(window, "2027-10-31 13:00", eve, BERLIN)
    assert not within(window, "2027-10-31 14:00", eve, BERLIN)


def test_the_hour_that_comes_twice_counts_both_times():
    first = at("2027-10-31 02:30", BERLIN)
    assert distance(hours_after_end("a", 0, 9), first.replace(fold=1), first, BERLIN) == 1


def test_the_day_after_28_february_is_a_leap_day_only_when_there_is_one():
    window = days("a", 2, 2)
    assert within(window, "2028-03-01 09:00", at("2028-02-28 09:00"))
    assert within(window, "2027-03-02 09:00", at("2027-02-28 09:00"))


def test_a_window_runs_over_the_end_of_the_year():
    assert within(days("a", 2, 2), "2028-01-01 09:00", at("2027-12-30 09:00"))


def test_a_miss_says_by_how_much():
    window = hours_after_end("a", 24, 72)
    assert miss(window, at("2027-05-11 10:45"), ANCHOR, NEW_YORK) == -0.5
    assert miss(window, at("2027-05-13 12:15"), ANCHOR, NEW_YORK) == 1
    assert miss(window, at("2027-05-12 12:15"), ANCHOR, NEW_YORK) == 0
    assert miss(days("a", 2, 5), at("2027-05-17 08:00"), ANCHOR, NEW_YORK) == 2


def test_a_window_is_laid_on_the_calendar():
    assert span(hours_after_end("a", 24, None), ANCHOR, NEW_YORK) == Span(
        opens_at=at("2027-05-11 11:15")
    )
    assert span(days("a", 2, 5), ANCHOR, NEW_YORK) == Span(
        opens_on=date(2027, 5, 12), closes_on=date(2027, 5, 15)
    )


def test_a_bound_beyond_the_end_of_the_calendar_is_none():
    for endless in (1e9, 1e300, float("inf")):
        assert span(hours_after_end("a", 0, endless), ANCHOR, NEW_YORK).closes_at is None
        assert span(days("a", 0, endless), ANCHOR, NEW_YORK).closes_on is None
        assert within(hours_after_end("a", 0, endless), "2027-05-12 09:00")


def test_the_end_of_an_infusion_is_when_the_patient_leaves_not_when_the_chair_is_ready():
    start = at("2027-05-10 09:00")
    assert edge_at(infusion("infusion-1"), start, Edge.START) == start
    assert edge_at(infusion("infusion-1"), start, Edge.END) == at("2027-05-10 11:15")


def test_the_end_of_a_visit_without_the_patient_is_its_end():
    alone = visit("write-up", parts=(Part(name="x", minutes=40, with_patient=False),))
    assert edge_at(alone, at("2027-05-10 09:00"), Edge.END) == at("2027-05-10 09:40")


def test_the_wished_day_is_counted_as_the_window_is():
    assert target_on(days("a", 2, 5, target=3), ANCHOR, NEW_YORK) == date(2027, 5, 13)
    assert target_on(hours_after_end("a", 24, 72, target=48), ANCHOR, NEW_YORK) == date(2027, 5, 12)
    assert target_on(hours_after_end("a", 24, 72, target=13), ANCHOR, NEW_YORK) == date(2027, 5, 11)
    assert target_on(days("a", 2, 5), ANCHOR, NEW_YORK) is None


@pytest.mark.parametrize(
    ("unit", "opens", "closes", "when", "said"),
    [
        (WindowUnit.DAYS, 2, 4, "2027-05-13 08:00", "day 3 of 2-4"),
        (WindowUnit.HOURS, 24, 72, "2027-05-11 13:45", "hour 26.5 of 24-72"),
        (WindowUnit.DAYS, -14, -1, "2027-05-07 08:00", "3 days before infusion 2 (1 to 14)"),
        (WindowUnit.DAYS, -14, 3, "2027-05-09 08:00", "1 day before infusion 2 (at most 14)"),
        (WindowUnit.DAYS, -14, 3, "2027-05-12 08:00", "day 2 of -14 to 3"),
        (WindowUnit.HOURS, None, -1, "2027-05-09 11:15", "24 hours before infusion 2 (at least 1)"),
        (WindowUnit.DAYS, None, None, "2027-05-09 08:00", "1 day before infusion 2"),
        (WindowUnit.DAYS, 0, None, "2027-05-10 18:00", "day 0, 0 or later"),
        (WindowUnit.HOURS, None, 72, "2027-05-10 11:15", "hour 0, 72 or earlier"),
        (WindowUnit.DAYS, None, None, "2027-05-11 08:00", "day 1"),
    ],
)
def test_a_visits_place_in_its_window_is_said_in_a_few_words(unit, opens, closes, when, said):
    window = Window(anchor="infusion-2", unit=unit, opens=opens, closes=closes)
    assert day_of_window(window, at(when), ANCHOR, NEW_YORK) == said
