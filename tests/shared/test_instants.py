from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.instants import (
    check_instant,
    read_date,
    read_instant,
    wall_time,
    write_instant,
    zone,
)

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
NAIVE = datetime.fromisoformat("2027-05-14T14:00")


def test_a_time_with_its_offset_is_read_as_that_instant():
    assert read_instant("2027-05-14T14:00:00-04:00") == datetime(2027, 5, 14, 18, tzinfo=UTC)
    assert read_instant("2027-05-14T18:00Z") == datetime(2027, 5, 14, 18, tzinfo=UTC)


@given(
    at=st.datetimes(
        datetime.fromisoformat("1900-01-02"),
        datetime.fromisoformat("2199-12-30"),
        timezones=st.timezones() | st.just(UTC),
    ).filter(lambda at: at.utcoffset() % timedelta(minutes=1) == timedelta())
)
def test_what_is_written_reads_back_as_the_same_instant(at):
    back = read_instant(write_instant(at))
    assert (back.astimezone(UTC), back.utcoffset()) == (at.astimezone(UTC), at.utcoffset())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2027-05-14T14:00:00", "says no offset"),
        ("2027-05-14", "is not a date and time like"),
        ("tomorrow", "is not a date and time like"),
        ("", "is not a date and time like"),
        ("2027-05-14T14:00Z\n", "is not a date and time like"),
        ("2027-05-14T14:00\x00Z", "is not a date and time like"),
        ("٢٠٢٧-05-14T14:00Z", "is not a date and time like"),
        ("2027-02-29T14:00Z", "that exists"),
        ("2027-05-14T24:00Z", "that exists"),
        ("2027-05-14T14:00+25:00", "that exists"),
        ("0001-01-01T00:00:00+14:00", "The year 1 is not"),
        ("9999-12-31T23:59:59-12:00", "The year 9999 is not"),
        ("1" * 100_000, r"\.\.\.' is not a date"),
    ],
)
def test_a_time_that_is_none_is_refused_with_the_reason(text, said):
    with pytest.raises(ValueError, match=said) as refused:
        read_instant(text)
    assert len(str(refused.value)) < 150


def test_a_naive_time_is_neither_taken_nor_written():
    with pytest.raises(ValueError, match="says no offset"):
        check_instant(NAIVE)
    with pytest.raises(ValueError, match="says no offset"):
        write_instant(NAIVE)


def test_a_date_is_read_and_a_wrong_one_refused():
    assert read_date("2028-02-29") == date(2028, 2, 29)
    for wrong in ("2027-02-29", "14.5.2027", "2027-W10-1", "20270514", "", "0000-00-00"):
        with pytest.raises(ValueError, match=r"is not a date|is not from"):
            read_date(wrong)


@given(st.text())
def test_any_text_is_read_or_refused_with_a_value_error(text):
    for read in (read_instant, read_date, zone):
        with suppress(ValueError):
            read(text)


def test_a_zone_is_found_by_its_iana_name():
    assert zone("America/Argentina/Buenos_Aires").key == "America/Argentina/Buenos_Aires"
    assert zone("UTC").key == "UTC"


@pytest.mark.parametrize(
    "name",
    [
        *("Mars/Olympus", "america/new_york", "America", "EST5EDT4", "", " UTC", "UTC\n"),
        *("/etc/localtime", "../UTC", "Europe/../UTC", "a\x00b", "localtime", "posixrules"),
        *("right/UTC", "posix/UTC", "Factory", "x" * 100_000, "-04:00"),
    ],
)
def test_a_zone_nobody_knows_is_refused_in_one_short_sentence(name):
    with pytest.raises(ValueError, match="is not a time zone like America/New_York") as refused:
        zone(name)
    assert len(str(refused.value)) < 120


def test_nine_in_the_morning_is_nine_in_the_morning():
    found = wall_time(date(2027, 5, 14), 9 * 60, NEW_YORK)
    assert found.at.isoformat() == "2027-05-14T09:00:00-04:00"
    assert not found.moved
    assert not found.repeated


def test_a_skipped_time_moves_forward_and_says_so():
    found = wall_time(date(2027, 3, 28), 2 * 60 + 30, BERLIN)
    assert found.at.isoformat() == "2027-03-28T03:30:00+02:00"
    assert found.moved


def test_a_repeated_time_is_the_first_unless_the_second_is_asked_for():
    first = wall_time(date(2027, 10, 31), 2 * 60 + 30, BERLIN)
    second = wall_time(date(2027, 10, 31), 2 * 60 + 30, BERLIN, later=True)
    assert first.at.isoformat() == "2027-10-31T02:30:00+02:00"
    assert second.at.isoformat() == "2027-10-31T02:30:00+01:00"
    assert first.repeated
    assert second.repeated


def test_later_changes_nothing_about_a_time_that_comes_once():
    once = wall_time(date(2027, 10, 31), 12 * 60, BERLIN, later=True)
    assert once.at.isoformat() == "2027-10-31T12:00:00+01:00"


def test_half_an_hour_is_skipped_on_lord_howe():
    moved = wall_time(date(2027, 10, 3), 2 * 60 + 15, LORD_HOWE)
    assert moved.at.isoformat() == "2027-10-03T02:45:00+11:00"
    assert moved.moved


def test_twenty_four_o_clock_is_the_next_midnight_and_beyond_it_nothing():
    assert wall_time(date(2027, 12, 31), 1440, BERLIN).at.date() == date(2028, 1, 1)
    for minutes in (-1, 1441):
        with pytest.raises(ValueError, match="is not from 0 to 1440"):
            wall_time(date(2027, 12, 31), minutes, BERLIN)
