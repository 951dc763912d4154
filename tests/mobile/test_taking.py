"""What a patient takes along from the phone, and sets on it."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from mobile.patient_phone import PatientPhone
from mobile.saving import FolderSaver
from mobile.viewmodels import calendar, taking, wishes
from mobile.viewmodels.reminders import planned
from tests.mobile.test_day_with_the_phone import NOBODY_THERE, phone  # noqa: F401


def test_a_month_shows_its_visits_and_a_day_those_of_its_own(phone: PatientPhone) -> None:  # noqa: F811
    visits = phone.document("today")["appointments"]  # type: ignore[index]
    on = date.fromisoformat(visits[-1]["starts_at"][:10])

    view = calendar.month(phone, on.replace(day=1))

    assert [day.visits > 0 for day in view.days if day.on == on and day.here] == [True]
    assert len(view.days) % 7 == 0
    assert sum(day.visits for day in view.days if day.here) == len(view.visits)
    assert {each.on for each in calendar.month(phone, on.replace(day=1), only=on).visits} == {on}
    assert view.title.endswith(str(on.year))


def test_turning_the_leaf_passes_the_end_of_a_year(phone: PatientPhone) -> None:  # noqa: F811
    view = calendar.month(phone, date(2026, 12, 1))

    assert (view.before, view.after) == (date(2026, 11, 1), date(2027, 1, 1))


def test_visits_for_the_calendar_say_when_and_not_what_for(phone: PatientPhone) -> None:  # noqa: F811
    phone.settings.change(address=NOBODY_THERE)  # it works with no signal
    coming = [e for e in phone.document("today")["appointments"] if e["status"] == "booked"]  # type: ignore[index]

    whole = taking.calendar_file(phone).decode()
    one = taking.calendar_file(phone, coming[0]["id"]).decode()

    assert whole.count("BEGIN:VEVENT") == len(coming)
    assert one.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:Appointment" in one
    telling = ("infusion", "ketamine", "therap", coming[0]["place"].casefold())
    assert [each for each in telling if each in whole.casefold()] == []


def test_a_copy_of_all_that_is_kept_can_be_read(phone: PatientPhone) -> None:  # noqa: F811
    came: list[Any] = []
    taking.everything(phone, came.append)

    text = came[0].decode()
    document = phone.document("today")
    assert document is not None
    assert document["patient"]["id"] in text
    assert all(each["starts_at"][:16] in text for each in document["appointments"])
    assert "password" not in text


def test_a_file_that_is_there_already_stays(tmp_path: Path) -> None:
    saver = FolderSaver(tmp_path / "downloads")

    names = [saver.save("calendar.ics", "text/calendar", bytes([n])) for n in range(3)]

    assert names == ["calendar.ics", "calendar-2.ics", "calendar-3.ics"]
    assert (tmp_path / "downloads" / "calendar.ics").read_bytes() == b"\0"


def test_how_to_be_written_to_is_kept_with_no_signal_and_reaches_the_clinic(
    phone: PatientPhone,  # noqa: F811
    server: str,
) -> None:
    phone._client.close()
    phone.settings.change(address=NOBODY_THERE)
    phone._client = phone._fresh_client("held")
    wishes.change(phone, quiet_from=20 * 60, detail="little")
    wishes.change(phone, quiet_until=9 * 60)

    held = wishes.current(phone)
    assert (held["quiet_from"], held["quiet_until"], held["detail"]) == (1200, 540, "little")
    assert [each.body["quiet_from"] for each in phone.waiting()] == [1200, 1200]
    assert all(9 <= each.at.hour < 20 for each in planned(phone))


def test_the_clinic_takes_what_the_patient_wishes(phone: PatientPhone) -> None:  # noqa: F811
    wishes.change(phone, detail="little", quiet_from=22 * 60)

    assert phone.waiting() == []
    assert phone.refused() == []
    kept = phone.document("today")["wishes"]  # type: ignore[index]
    assert (kept["detail"], kept["quiet_from"]) == ("little", 1320)
    assert planned(phone)
    wishes.change(phone, stopped=True)
    assert planned(phone) == ()
    wishes.change(phone, stopped=False, detail="times")
    assert timedelta() < planned(phone)[0].at - phone.now()
    assert json.dumps(wishes.current(phone))
