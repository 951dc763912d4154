"""How repeats are written out, and which visit each window is then counted from."""

import pytest

from server.domain.protocol_document import read
from shared.vocabulary import Edge, WindowUnit
from tests.domain.protocol_documents import GONE, INFUSION, INTEGRATION, SESSION, changed, complete


def windows(document, code):
    return {(w.anchor, w.edge, w.opens, w.closes) for w in read(document).visit(code).windows}


def with_window(window, visit=INTEGRATION):
    return changed(f"{visit}.windows", [{"unit": "hours", "evidence": "invented"} | window])


def test_a_repeated_visit_is_numbered_and_a_single_one_keeps_its_bare_code():
    lone = {"code": "review", "title": "Review", "kind": "follow_up", "parts": [SESSION]}

    codes = [visit.code for visit in read(changed("phases[0].visits[2]", lone)).visits]

    assert codes == [
        *("infusion-1", "infusion-2", "infusion-3"),
        *("integration-1", "integration-2", "integration-3"),
        "review",
    ]


def test_a_gap_is_counted_from_the_start_of_the_repeat_before():
    assert windows(complete(), "infusion-1") == set()
    assert windows(complete(), "infusion-3") == {("infusion-2", Edge.START, 2, 4)}


def test_repeats_without_a_least_gap_still_stand_on_different_days():
    document = changed(f"{INFUSION}.repeat.gap.min", None)

    assert windows(document, "infusion-2") == {("infusion-1", Edge.START, 1, 4)}


def test_each_integration_follows_its_own_infusion_and_is_over_before_the_next():
    assert windows(complete(), "integration-2") == {
        ("infusion-2", Edge.END, 24, 72),
        ("infusion-3", Edge.START, None, -1),
    }


def test_nothing_comes_before_the_next_infusion_after_the_last_one():
    assert windows(complete(), "integration-3") == {("infusion-3", Edge.END, 24, 72)}


def test_a_visit_before_another_may_have_to_be_over_some_hours_earlier():
    document = with_window({"before": "infusion", "which": "next", "min": 12})

    assert windows(document, "integration-1") == {("infusion-2", Edge.START, None, -13)}


def test_only_the_minutes_with_the_patient_count_for_being_over():
    notes = {"name": "notes", "minutes": 30, "evidence": "invented", "with_patient": False}

    document = changed(f"{INTEGRATION}.parts[1]", notes)

    assert ("infusion-2", Edge.START, None, -1) in windows(document, "integration-1")


@pytest.mark.parametrize(
    ("which", "anchors"),
    [
        ("same", ["infusion-1", "infusion-2", "infusion-3"]),
        ("next", ["infusion-2", "infusion-3", None]),
        ("previous", [None, "infusion-1", "infusion-2"]),
        ("first", ["infusion-1"] * 3),
        ("last", ["infusion-3"] * 3),
        (2, ["infusion-2"] * 3),
    ],
)
def test_a_window_names_which_infusion_it_is_counted_from(which, anchors):
    protocol = read(with_window({"from": "infusion", "which": which, "min": 1}))

    found = [
        next((w.anchor for w in protocol.visit(f"integration-{n}").windows), None)
        for n in (1, 2, 3)
    ]

    assert found == anchors


@pytest.mark.parametrize(
    ("only", "concerned"), [("first", [1]), ("last", [3]), ([1, 2], [1, 2]), (2, [2])]
)
def test_a_window_may_concern_some_repeats_only(only, concerned):
    protocol = read(with_window({"from": "infusion", "min": 1, "only": only}))

    found = [n for n in (1, 2, 3) if protocol.visit(f"integration-{n}").windows]

    assert found == concerned


def test_same_day_as_is_a_window_of_no_days():
    document = changed(f"{INTEGRATION}.same_day_as", ["infusion"])

    window = read(document).visit("integration-2").windows[-1]

    assert (window.anchor, window.unit) == ("infusion-2", WindowUnit.DAYS)
    assert (window.opens, window.closes) == (0, 0)


BOOSTERS = {
    "code": "maintenance",
    "title": "Maintenance",
    "begins": "on-decision",
    "visits": [
        {
            "code": "booster",
            "title": "Booster",
            "kind": "infusion",
            "repeat": {
                "times": None,
                "gap": {"unit": "days", "min": 21, "max": 42, "evidence": "invented"},
            },
            "parts": complete()["phases"][0]["visits"][0]["parts"],
            "windows": [
                {
                    "only": "first",
                    "from": "infusion",
                    "which": "last",
                    "unit": "days",
                    "min": 21,
                    "evidence": "invented",
                }
            ],
        }
    ],
}


def test_maintenance_keeps_its_own_gap_and_waits_for_a_decision():
    protocol = read(changed("phases[1]", BOOSTERS))

    first, second = protocol.visit("booster-1"), protocol.visit("booster-2")
    assert first.awaits_decision
    assert second.awaits_decision
    assert (first.windows[0].anchor, first.windows[0].opens) == ("infusion-3", 21)
    assert (second.windows[0].anchor, second.windows[0].closes) == ("booster-1", 42)
    assert not protocol.visit("infusion-1").awaits_decision


CHECK_IN = {
    "code": "next-day",
    "title": "The day after",
    "instrument": "own-next-day",
    "by": "patient",
    "from": "infusion",
    "which": "each",
    "edge": "end",
    "unit": "hours",
    "min": 18,
    "target": 24,
    "max": 30,
    "evidence": "invented",
}


def test_a_check_in_may_follow_each_infusion():
    check_ins = read(complete(check_ins=[CHECK_IN])).check_ins

    assert [(each.code, each.window.anchor) for each in check_ins] == [
        ("next-day-1", "infusion-1"),
        ("next-day-2", "infusion-2"),
        ("next-day-3", "infusion-3"),
    ]


def test_a_check_in_may_come_again_every_week():
    again = {"times": 8, "every_days": 7, "evidence": "invented"}
    weekly = CHECK_IN | {"which": "last", "unit": "days", "min": 5, "target": 7, "max": 9}

    check_ins = read(complete(check_ins=[weekly | {"repeat": again}])).check_ins

    assert [each.window.target for each in check_ins] == [7, 14, 21, 28, 35, 42, 49, 56]
    assert {each.window.anchor for each in check_ins} == {"infusion-3"}
    assert check_ins[7].window.closes == 58


def test_a_single_assessment_keeps_its_bare_code():
    lone = CHECK_IN | {"code": "baseline", "which": "first"}

    assert [each.code for each in read(complete(assessments=[lone])).assessments] == ["baseline"]


def test_a_visit_for_each_of_a_single_visit_is_not_numbered():
    document = changed(f"{INFUSION}.repeat", GONE)
    document = changed(f"{INTEGRATION}.windows[1]", GONE, document)

    protocol = read(document | {"start_visit": "infusion"})

    assert [visit.code for visit in protocol.visits] == ["infusion", "integration"]
    assert protocol.visit("integration").windows[0].anchor == "infusion"
