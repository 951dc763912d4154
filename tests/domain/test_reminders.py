from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from server.domain import reminders
from server.domain.local_time import minute_of_day
from server.domain.reminders import Occasion, Quiet, Reader
from shared.vocabulary import ReminderKind, VisitKind

ZONE = ZoneInfo("America/New_York")
READER = Reader(zone=ZONE)
LONG_AGO = datetime(2027, 1, 1, tzinfo=UTC)
K = ReminderKind
FIRST, LAST = datetime(2026, 1, 1), datetime(2032, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone


def infusion(*, at: datetime) -> Occasion:
    return Occasion(kind=VisitKind.INFUSION, starts_at=at, needs_preparing=True, needs_escort=True)


def local(found: list[reminders.Reminder]) -> dict[ReminderKind, str]:
    return {each.kind: f"{each.due_at.astimezone(ZONE):%a %H:%M}" for each in found}


def test_an_infusion_is_confirmed_prepared_for_and_somebody_takes_the_patient_home() -> None:
    thursday = datetime(2027, 3, 4, 10, tzinfo=ZONE)

    found = reminders.for_visit(infusion(at=thursday), READER, now=LONG_AGO)

    assert local(found) == {
        K.CONFIRM: "Mon 10:00",
        K.RIDE_HOME: "Tue 10:00",
        K.BEFORE: "Wed 18:00",
        K.MORNING: "Thu 07:00",
    }


def test_therapy_needs_no_preparing_and_no_ride() -> None:
    at = datetime(2027, 3, 4, 10, tzinfo=ZONE)
    visit = Occasion(kind=VisitKind.INTEGRATION, starts_at=at)

    found = reminders.for_visit(visit, READER, now=LONG_AGO)

    assert set(local(found)) == {K.CONFIRM, K.BEFORE}


def test_a_visit_booked_for_tomorrow_is_not_reminded_of_times_that_are_over() -> None:
    at = datetime(2027, 3, 4, 10, tzinfo=ZONE)

    found = reminders.for_visit(infusion(at=at), READER, now=at - timedelta(hours=20))

    assert set(local(found)) == {K.BEFORE, K.MORNING}


def test_nobody_is_disturbed_in_their_quiet_hours_or_told_too_late() -> None:
    early = datetime(2027, 3, 4, 6, tzinfo=ZONE)

    found = reminders.for_visit(infusion(at=early), READER, now=LONG_AGO)

    for each in found:
        assert not READER.quiet.holds(minute_of_day(each.due_at, ZONE))
        assert each.due_at <= each.not_after < early


@given(
    at=st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(UTC)),
    zone=st.sampled_from(["America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
    begins=st.integers(0, 1439),
    ends=st.integers(0, 1439),
)
def test_a_reminder_never_falls_into_quiet_hours_whatever_clock_and_night(
    at: datetime, zone: str, begins: int, ends: int
) -> None:
    reader = Reader(zone=ZoneInfo(zone), quiet=Quiet(begins=begins, ends=ends))

    found = reminders.outside_quiet(at, at + timedelta(days=2), reader)

    assert at <= found <= at + timedelta(days=1, hours=2)
    assert not reader.quiet.holds(minute_of_day(found, reader.zone)) or _skipped(found, reader)


def _skipped(found: datetime, reader: Reader) -> bool:
    """Where the night ends inside an hour that a clock change leaves out or repeats."""
    hour = timedelta(hours=1)
    offsets = {(found + step).astimezone(reader.zone).utcoffset() for step in (-hour, hour)}
    return len(offsets) > 1


def test_a_check_in_is_asked_when_it_opens_and_once_more_half_way() -> None:
    opens = datetime(2027, 3, 4, 12, tzinfo=UTC) + timedelta(hours=2)

    found = reminders.for_check_in(opens, opens + timedelta(hours=8), READER, now=LONG_AGO)

    assert [each.kind for each in found] == [K.CHECK_IN_DUE, K.CHECK_IN_OVERDUE]
    assert found[1].due_at - found[0].due_at == timedelta(hours=4)
