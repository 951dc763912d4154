"""Clinics at odd hours, in odd years and of odd sizes: planned, proposed for, repaired, checked."""

import copy
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.planner.commands import Desk, as_booked
from tests.planner.scenarios import scenario, window

Json = dict[str, Any]
WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEIGHTS = {"unplaced": 2000, "delay_day": 10, "not_first_choice": 15, "against_preference": 1}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def visit(code: str, minutes: int, *windows: Json, who: str = "room") -> Json:
    part = {"name": "talk", "minutes": minutes, "claims": [{"bookable": who}]}
    return {"id": code, "kind": "session", "parts": [part], "windows": list(windows)}


def bookable(code: str, opens: str, closes: str, capacity: int = 1) -> Json:
    row = {"days": WEEK, "from": opens, "to": closes, "capacity": capacity}
    return {"id": code, "kind": "room", "weekly": [row]}


def clinic(zone: str, first: str, visits: list[Json], opens: str, closes: str, **more: Any) -> Json:
    """One room, open every day, and one patient who is ready on the first of seven days."""
    content = {
        "format": "tandem.scenario/1",
        "name": "odd",
        "time_zone": zone,
        "grid_minutes": 15,
        "first_day": first,
        "last_day": str(date.fromisoformat(first) + timedelta(days=6)),
        "now": f"{first}T00:00:00Z",
        "weights": WEIGHTS,
        "bookables": [bookable("room", opens, closes)],
        "protocols": [{"id": "p", "start_visit": visits[0]["id"], "visits": visits}],
        "patients": [{"id": "p-1", "protocol": "p", "ready_on": first, "choices": {}}],
    }
    return content | more


def starts(plan: Json, patient: str = "p-1") -> list[str]:
    """The starts of one series, in the order of the protocol."""
    series = next(each for each in plan["series"] if each["patient"] == patient)
    return [each["start"] for each in series["visits"].values()]


def everywhere(desk: Desk, content: Json) -> list[str]:
    """The starts that a plan, a proposal and a repair of that plan agree on."""
    plan, (proposal,) = desk.plan(content), desk.propose(content)
    found = starts(plan)
    proposed = [each["start"] for each in proposal["plans"][0]["visits"].values()]
    kept = desk.repair(content | {"booked": as_booked(plan)})
    assert found == proposed == starts(kept)
    assert kept["cost"] == 0
    return found


def away(content: Json, code: str, day: str) -> Json:
    """The clinic with a bookable closed on a day."""
    changed = copy.deepcopy(content)
    one = next(each for each in changed["bookables"] if each["id"] == code)
    one["exceptions"] = [*one.get("exceptions", []), {"day": day, "capacity": 0}]
    return changed


def test_the_hour_that_is_skipped_in_spring_is_no_hour_of_work(desk: Desk) -> None:
    """Open 01:30 to 03:30: an hour on the 14th of March, for which half an hour would be two."""
    content = clinic("America/New_York", "2027-03-14", [visit("a", 60)], "01:30", "03:30")
    content["now"] = "2027-03-14T00:00:00-05:00"

    assert everywhere(desk, content) == ["2027-03-14T01:30:00-05:00"]


def test_a_visit_of_two_hours_does_not_fit_where_one_of_them_is_skipped(desk: Desk) -> None:
    content = clinic("America/New_York", "2027-03-14", [visit("a", 120)], "01:30", "03:30")
    content["now"] = "2027-03-14T00:00:00-05:00"

    assert everywhere(desk, content) == ["2027-03-15T01:30:00-04:00"]


def test_the_hour_that_comes_twice_in_autumn_is_two_hours_of_work(desk: Desk) -> None:
    """Open 01:00 to 02:00, which is two hours on the 7th of November and one on other days."""
    content = clinic("America/New_York", "2027-11-06", [visit("a", 120)], "01:00", "02:00")

    assert everywhere(desk, content) == ["2027-11-07T01:00:00-04:00"]


@pytest.mark.parametrize(
    ("zone", "first", "before", "after"),
    [
        (
            "America/New_York",
            "2027-03-13",
            "2027-03-13T09:00:00-05:00",
            "2027-03-14T10:00:00-04:00",
        ),
        (
            "America/New_York",
            "2027-11-06",
            "2027-11-06T09:00:00-04:00",
            "2027-11-07T09:00:00-05:00",
        ),
        (
            "Australia/Lord_Howe",
            "2027-10-02",
            "2027-10-02T09:00:00+10:30",
            "2027-10-03T09:30:00+11:00",
        ),
        (
            "Australia/Lord_Howe",
            "2027-04-03",
            "2027-04-03T09:00:00+11:00",
            "2027-04-04T09:00:00+10:30",
        ),
    ],
)
def test_hours_between_visits_are_hours_that_have_passed(
    desk: Desk, zone: str, first: str, before: str, after: str
) -> None:
    """At least 24 hours later is later on the clock in spring, and half an hour on Lord Howe; in
    autumn the clinic is not open yet when they are over."""
    visits = [visit("a", 60), visit("b", 60, window("a", "hours", 24, 26))]
    content = clinic(zone, first, visits, "09:00", "12:00")
    content["now"] = before

    assert everywhere(desk, content) == [before, after]


def test_days_between_visits_are_days_of_the_calendar_though_the_clock_changes(desk: Desk) -> None:
    visits = [visit("a", 60), visit("b", 60, window("a", "days", 1, 1))]
    content = clinic("America/New_York", "2027-03-13", visits, "09:00", "10:00")
    content["now"] = "2027-03-13T09:00:00-05:00"

    found = everywhere(desk, content)

    assert found == ["2027-03-13T09:00:00-05:00", "2027-03-14T09:00:00-04:00"]


def test_half_an_hour_comes_twice_on_lord_howe(desk: Desk) -> None:
    """Open 01:30 to 02:00, which is an hour on the 4th of April."""
    content = clinic("Australia/Lord_Howe", "2027-04-03", [visit("a", 60)], "01:30", "02:00")

    assert everywhere(desk, content) == ["2027-04-04T01:30:00+11:00"]


def test_half_an_hour_is_skipped_on_lord_howe(desk: Desk) -> None:
    """Open 01:45 to 02:45, which is half an hour on the 3rd of October, in one piece."""
    content = clinic("Australia/Lord_Howe", "2027-10-03", [visit("a", 30)], "01:45", "02:45")
    content["now"] = "2027-10-03T00:00:00+10:30"
    content["bookables"][0]["weekly"][0]["days"] = ["sun"]

    assert everywhere(desk, content) == ["2027-10-03T01:45:00+10:30"]


def test_a_leap_day_is_a_day_like_others(desk: Desk) -> None:
    visits = [
        visit("a", 60),
        visit("b", 60, window("a", "days", 1, 1)),
        visit("c", 60, window("b", "days", 1, 1)),
    ]
    content = clinic("America/New_York", "2028-02-28", visits, "09:00", "10:00")

    assert [each[:10] for each in everywhere(desk, content)] == [
        "2028-02-28",
        "2028-02-29",
        "2028-03-01",
    ]
    closed = away(content, "room", "2028-02-29")
    assert [each[:10] for each in everywhere(desk, closed)] == [
        "2028-03-01",
        "2028-03-02",
        "2028-03-03",
    ]


def test_five_minutes_are_a_grid(desk: Desk) -> None:
    content = clinic("Europe/Berlin", "2027-01-11", [visit("a", 25)], "09:05", "09:30")
    content["grid_minutes"] = 5

    assert everywhere(desk, content) == ["2027-01-11T09:05:00+01:00"]


def test_a_protocol_of_forty_visits_is_placed_whole(desk: Desk) -> None:
    """Every other day, first at 09:00, with a patient away on one of these days."""
    visits = [visit("v-0", 60)]
    visits += [visit(f"v-{n}", 60, window(f"v-{n - 1}", "days", 2, 3)) for n in range(1, 40)]
    content = clinic("America/New_York", "2027-02-01", visits, "09:00", "11:00")
    content |= {"last_day": "2027-06-30", "now": "2027-02-01T06:00:00-05:00"}
    content["patients"][0]["away"] = ["2027-02-03"]

    found = everywhere(desk, content)

    assert len(found) == 40
    days = [date.fromisoformat(each[:10]) for each in found]
    assert days[:2] == [date(2027, 2, 1), date(2027, 2, 4)]
    assert all(2 <= (b - a).days <= 3 for a, b in pairwise(days))


def test_forty_visits_hold_again_after_a_day_on_which_the_clinic_is_closed(desk: Desk) -> None:
    visits = [visit("v-0", 60)]
    visits += [visit(f"v-{n}", 60, window(f"v-{n - 1}", "days", 1, 3)) for n in range(1, 40)]
    content = clinic("America/New_York", "2027-02-01", visits, "09:00", "11:00")
    content |= {"last_day": "2027-06-30", "now": "2027-02-01T06:00:00-05:00"}
    content["booked"] = as_booked(desk.plan(content))
    closed = next(iter(content["booked"][0]["visits"].values()))["start"][:10]

    mended = desk.repair(away(content, "room", closed))

    assert mended["unplaced"] == []
    assert closed not in {each[:10] for each in starts(mended)}


def one_slot() -> Json:
    """A patient who can come in one quarter of an hour of one week, of three that are open."""
    content = clinic("America/New_York", "2027-01-11", [visit("a", 15)], "09:00", "17:00")
    hours = [{"days": ["thu"], "from": "13:15", "to": "13:30"}]
    content["patients"][0]["weekly"] = hours
    return content


def test_the_one_possible_slot_is_found(desk: Desk) -> None:
    assert everywhere(desk, one_slot()) == ["2027-01-14T13:15:00-05:00"]


def test_the_one_possible_slot_is_kept_for_whom_it_is_the_only_one(desk: Desk) -> None:
    """The other patient, who comes first in the file and could have it, gets another time."""
    content = one_slot()
    only = content["patients"][0] | {"priority": 1}
    other = {"id": "p-0", "protocol": "p", "ready_on": "2027-01-14", "choices": {}}
    content["patients"] = [other | {"prefers": "afternoon"}, only]

    plan = desk.plan(content)

    assert starts(plan) == ["2027-01-14T13:15:00-05:00"]
    assert plan["unplaced"] == []


def test_where_the_one_possible_slot_is_taken_the_reason_is_named(desk: Desk) -> None:
    (told,) = desk.propose(away(one_slot(), "room", "2027-01-14"))

    assert told["plans"] == []
    assert {each["bookable"] for each in told["reasons"]} & {"room", None}
    assert all(each["text"] and each["visit"] == "a" for each in told["reasons"])


def nobody_home(content: Json, **changes: Any) -> Json:
    return content | {"patients": [], "booked": []} | changes


@pytest.mark.parametrize(
    "content",
    [
        nobody_home(scenario()),
        nobody_home(scenario(), protocols=[]),
        nobody_home(scenario(), protocols=[], bookables=[]),
        nobody_home(scenario(), last_day="2027-03-01"),
    ],
    ids=["no patients", "nor protocols", "nor bookables", "for one day"],
)
def test_an_empty_clinic_has_an_empty_plan(desk: Desk, content: Json) -> None:
    assert desk.propose(content) == []
    for found in (desk.plan(content), desk.repair(content)):
        assert (found["series"], found["unplaced"], found["cost"]) == ([], [], 0)
        assert found["lower_bound"] == 0


def test_a_clinic_of_nothing_but_patients_places_what_needs_nothing(desk: Desk) -> None:
    visits = [visit("a", 60)]
    visits[0]["parts"][0]["claims"] = []
    content = clinic("UTC", "2027-01-11", visits, "09:00", "17:00", bookables=[])

    assert everywhere(desk, content) == ["2027-01-11T00:00:00+00:00"]


def left_out(desk: Desk, content: Json, patient: str = "p-1") -> list[Json]:
    """The reasons for which a patient is left out of the plan, and finds no proposal."""
    plan, proposals = desk.plan(content), desk.propose(content)
    (told,) = [each for each in proposals if each["patient"] == patient]
    (alone,) = [each for each in plan["unplaced"] if each["patient"] == patient]
    assert told["plans"] == []
    for each in (*told["reasons"], *alone["reasons"]):
        assert each["text"]
        assert {"visit", "code", "bookable", "nearest"} <= set(each)
    assert told["reasons"]
    assert alone["reasons"]
    reasons: list[Json] = told["reasons"]
    return reasons


def test_a_clinic_without_practitioner_says_who_is_missing(desk: Desk) -> None:
    content = scenario(patients=1)
    for each in content["bookables"]:
        if each["kind"] == "therapist":
            each["weekly"] = []

    reasons = left_out(desk, content, "p-0")

    assert reasons[0]["bookable"] in {"th-1", "th-2"}


def test_where_nobody_may_be_chosen_that_is_the_reason(desk: Desk) -> None:
    content = scenario(patients=1)
    content["patients"][0]["choices"]["therapist"] = []

    assert {each["code"] for each in left_out(desk, content, "p-0")} == {"no-choice"}


def test_a_bookable_that_is_never_there_is_the_reason(desk: Desk) -> None:
    content = clinic("UTC", "2027-01-11", [visit("a", 60)], "09:00", "17:00")
    content["bookables"][0]["weekly"] = []

    assert {each["bookable"] for each in left_out(desk, content)} == {"room"}


def broken_windows() -> list[Json]:
    """Each before the other."""
    return [
        visit("a", 60, window("b", "hours", 1, 5)),
        visit("b", 60, window("a", "hours", 1, 5)),
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"weekly": []}, "patient-unavailable"),
        ({"away": [f"2027-01-{n}" for n in range(11, 18)]}, "patient-unavailable"),
        ({"start_by": "2027-01-10"}, "start-by"),
        ({"ready_on": "2027-01-18"}, "last-day"),
    ],
)
def test_a_patient_who_cannot_be_placed_at_all_is_told_why(
    desk: Desk, change: Json, code: str
) -> None:
    content = clinic("UTC", "2027-01-11", [visit("a", 60)], "09:00", "17:00")
    content["patients"][0] |= change

    reasons = left_out(desk, content)

    assert reasons[0]["code"] == code


def test_windows_that_contradict_each_other_are_the_reason(desk: Desk) -> None:
    content = clinic("UTC", "2027-01-11", broken_windows(), "09:00", "17:00")

    assert {each["visit"] for each in left_out(desk, content)} <= {"a", "b"}


def test_a_visit_longer_than_any_day_of_work_is_the_reason(desk: Desk) -> None:
    content = clinic("UTC", "2027-01-11", [visit("a", 540)], "09:00", "17:00")

    assert [each["bookable"] for each in left_out(desk, content)] == ["room"]


def test_of_two_patients_one_is_planned_though_the_other_cannot_be(desk: Desk) -> None:
    content = clinic("UTC", "2027-01-11", [visit("a", 60)], "09:00", "17:00")
    content["patients"].append(content["patients"][0] | {"id": "p-2", "weekly": []})

    assert left_out(desk, content, "p-2")
    assert starts(desk.plan(content)) == ["2027-01-11T09:00:00+00:00"]
