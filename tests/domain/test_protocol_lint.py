"""Every impossible or unsafe protocol is named, with its place in the document."""

import pytest

from server.domain.faults import Severity
from server.domain.protocol_lint import lint
from tests.domain.protocol_documents import (
    GONE,
    INFUSION,
    INTEGRATION,
    MONDAY_TO_FRIDAY,
    SESSION,
    at_hours,
    changed,
    complete,
    part,
)

WINDOW = f"{INTEGRATION}.windows[0]"


def errors(document, opening=MONDAY_TO_FRIDAY):
    return {f.path: f.reason for f in lint(document, opening) if f.severity is Severity.ERROR}


def warnings(document, opening=MONDAY_TO_FRIDAY):
    return {f.path: f.reason for f in lint(document, opening) if f.severity is Severity.WARNING}


def hours(low, high, **more):
    window = {"from": "infusion", "unit": "hours", "min": low, "max": high, **more}
    return window | {"evidence": "invented"}


def test_a_sound_protocol_has_no_faults():
    assert lint(complete(), MONDAY_TO_FRIDAY) == []


def test_a_document_that_cannot_be_read_gives_its_faults():
    assert "start_visit" in errors(complete(start_visit="nowhere"))


UNSAFE = {
    "the observation after the infusion is left out": (
        f"{INFUSION}.parts[2]",
        GONE,
        f"{INFUSION}.parts",
    ),
    "how long the patient is observed is not set": (
        f"{INFUSION}.parts[2].minutes",
        None,
        f"{INFUSION}.parts[2].minutes",
    ),
    "nobody watches the patient": (
        f"{INFUSION}.parts[2].claims",
        [{"bookable": "chairs"}],
        f"{INFUSION}.parts[2].claims",
    ),
    "the patient is said to be elsewhere while observed": (
        f"{INFUSION}.parts[2].with_patient",
        False,
        f"{INFUSION}.parts[2].with_patient",
    ),
    "no part gives the drug": (f"{INFUSION}.parts[1].name", "nap", f"{INFUSION}.parts"),
    "no drug is named": ("arms", [], "arms"),
    "nothing is said about fasting": ("fasting", GONE, "fasting"),
    "nothing is said about driving": ("no_drive", GONE, "no_drive"),
    "driving again after nobody knows how many hours": (
        "no_drive",
        {"until": "hours"},
        "no_drive.hours",
    ),
    "nothing is said about the way home": ("escort", GONE, "escort"),
    "infusions are repeated without a gap": (
        f"{INFUSION}.repeat.gap",
        GONE,
        f"{INFUSION}.repeat.gap.min",
    ),
    "infusions are repeated without a least gap": (
        f"{INFUSION}.repeat.gap.min",
        None,
        f"{INFUSION}.repeat.gap.min",
    ),
    "the least gap is above the greatest": (
        f"{INFUSION}.repeat.gap.min",
        5,
        f"{INFUSION}.repeat.gap.min",
    ),
    "a window closes before it opens": (f"{WINDOW}.min", 80, f"{WINDOW}.min"),
    "a target before its window": (f"{WINDOW}.target", 12, f"{WINDOW}.target"),
    "a target after its window": (f"{WINDOW}.target", 90, f"{WINDOW}.target"),
    "always and never on one day": (
        f"{INTEGRATION}.never_same_day_as",
        ["infusion"],
        f"{INTEGRATION}.never_same_day_as",
    ),
    "more may be given than the cap": ("arms[0].cap.mg", 20, "arms[0].dose.mg"),
    "a range of doses that is upside down": (
        "arms[0].dose.up_to_mg",
        1,
        "arms[0].dose.up_to_mg",
    ),
    "a gate that no reading passes": (
        "gates[0].limits",
        [{"measure": "systolic_mmhg", "min": 200, "max": 90, "evidence": "invented"}],
        "gates[0].limits[0].min",
    ),
    "a visit in which the patient takes no part": (
        f"{INTEGRATION}.parts[0].with_patient",
        False,
        f"{INTEGRATION}.parts",
    ),
    "a visit without any window": (f"{INTEGRATION}.windows", [], f"{INTEGRATION}.windows"),
    "a visit longer than any opening day": (
        f"{INTEGRATION}.parts[0].minutes",
        11 * 60,
        f"{INTEGRATION}.parts",
    ),
    "a demonstration that does not say so": ("title", "Six infusions", "title"),
    "invented numbers outside a demonstration": ("demonstration", False, "arms[0].dose"),
}


@pytest.mark.parametrize(("path", "value", "place"), UNSAFE.values(), ids=UNSAFE)
def test_it_is_an_error_when(path, value, place):
    document = complete()
    document["arms"][0]["dose"]["mg"] = 50
    document["arms"][0]["cap"]["mg"] = 60
    if place.endswith("never_same_day_as"):
        document = changed(f"{INTEGRATION}.same_day_as", ["infusion"], document)

    assert place in errors(changed(path, value, document))


@pytest.mark.parametrize(
    "promise",
    [
        "This cures PTSD.",
        "Relief is guaranteed",
        "A proven to work programme",
        "It will help you",
        "100% safe",
        "Without risk-free fuss",
    ],
)
def test_a_text_must_not_promise_benefit(promise):
    assert (
        "promises a benefit"
        in errors(changed(f"{INTEGRATION}.title", promise))[f"{INTEGRATION}.title"]
    )


def test_a_sober_text_about_a_trial_is_no_promise():
    text = (
        "Invented. Whether it helps was the question; both arms improved equally. Secure therapy."
    )

    assert errors(complete(description=text)) == {}


def test_a_ring_of_windows_that_cannot_hold_is_found_whatever_the_hours():
    late = changed(f"{INTEGRATION}.windows[0]", hours(24 * 6, 24 * 7))

    found = errors(late, None)

    assert "cannot all hold" in found[f"{INTEGRATION}.windows"]
    assert "integration-" in found[f"{INTEGRATION}.windows"]


def lone(code, *windows, kind="therapy"):
    return {
        "code": code,
        "title": code.capitalize(),
        "kind": kind,
        "parts": [SESSION],
        "windows": list(windows),
    }


def test_two_visits_each_after_the_other_are_a_ring():
    first = lone("one", hours(1, None) | {"from": "two"}, hours(0, 90, which="first"))
    second = lone("two", hours(1, None) | {"from": "one"})
    document = changed("phases[0].visits[3]", second, changed("phases[0].visits[2]", first))

    assert any("one, two" in reason for reason in errors(document, None).values())


def test_a_visit_counted_from_one_that_hangs_on_nothing_hangs_on_nothing_too():
    first, second = lone("one"), lone("two", hours(1, 5) | {"from": "one"})
    document = changed("phases[0].visits[3]", second, changed("phases[0].visits[2]", first))

    found = errors(document)

    assert "hangs on nothing" in found["phases[0].visits[2].windows"]
    assert "hangs on nothing" in found["phases[0].visits[3].windows"]


def test_a_visit_from_which_the_start_is_counted_is_anchored():
    before = lone("evaluation", kind="screening")
    days = {"from": "evaluation", "unit": "days", "min": 1, "max": 14, "only": "first"}
    document = changed(f"{INFUSION}.windows", [days | {"evidence": "invented"}])

    assert errors(changed("phases[0].visits[2]", before, document)) == {}


def extra_infusion(**window):
    first = complete()["phases"][0]["visits"][0]
    booster = {key: first[key] for key in ("kind", "parts")} | {
        "code": "booster",
        "title": "Booster",
        "windows": [{"from": "infusion", "unit": "days", "evidence": "invented", **window}],
    }
    return changed("phases[0].visits[2]", booster)


def test_an_extra_infusion_may_not_come_closer_than_the_least_gap():
    close = errors(extra_infusion(which="last", min=1, max=9))

    assert "closer to infusion-1 than the least gap, 2 days" in (
        close["phases[0].visits[2].windows"].replace("infusion-3", "infusion-1")
    )
    assert errors(extra_infusion(which="last", min=2, max=9)) == {}
    assert errors(extra_infusion(which="first", min=-9, max=-2)) == {}


def test_an_extra_infusion_between_two_others_is_too_close_to_one_of_them():
    assert "phases[0].visits[2].windows" in errors(extra_infusion(which="first", min=1, max=8))


def exactly_a_day_after(*, gap):
    document = changed(f"{INTEGRATION}.windows", [hours(24, 24, edge="start")])
    exact = {"unit": "days", "min": gap, "max": gap, "evidence": "invented"}
    return changed(f"{INFUSION}.repeat.gap", exact, document)


def test_a_day_later_to_the_minute_cannot_be_met_where_no_two_days_are_open_in_a_row():
    alternate = at_hours(8, 18, 0, 2, 4)

    found = errors(exactly_a_day_after(gap=7), alternate)

    assert "has no possible time in the clinic's opening hours" in found[f"{INTEGRATION}.windows"]


def test_a_day_later_to_the_minute_can_be_met_from_monday_to_friday_but_not_from_a_friday():
    document = exactly_a_day_after(gap=7)

    assert errors(document) == {}
    assert "only on Monday or Tuesday or Wednesday or Thursday" in warnings(document)["start_visit"]


def test_a_day_after_every_infusion_cannot_be_met_when_a_gap_of_three_days_brings_a_weekend():
    assert errors(exactly_a_day_after(gap=3)) != {}
    assert errors(exactly_a_day_after(gap=3), at_hours(8, 18, *range(7))) == {}


def five_days_in_a_row():
    daily = lone("daily", hours(24, 24, which="first", edge="start") | {"only": "first"})
    gap = {"unit": "days", "min": 1, "max": 1, "evidence": "invented"}
    daily |= {"repeat": {"times": 4, "evidence": "invented", "gap": gap}}
    document = changed(f"{INFUSION}.repeat.times", 1)
    document = changed(f"{INTEGRATION}.windows", [hours(0, 200)], document)
    return changed("phases[0].visits[2]", daily, document)


def test_five_days_in_a_row_fit_a_week_from_monday_to_friday_and_only_from_a_monday():
    found = warnings(five_days_in_a_row())

    assert errors(five_days_in_a_row()) == {}
    assert found == {
        "start_visit": "in the clinic's opening hours this series can begin only on Monday"
    }


def test_five_days_in_a_row_do_not_fit_a_week_of_four_days():
    assert "phases[0].visits[2].windows" in errors(
        five_days_in_a_row(), at_hours(8, 18, 0, 1, 2, 3)
    )


def test_hours_that_pass_only_at_night_cannot_be_met():
    overnight = changed(f"{INTEGRATION}.windows", [hours(12, 13, edge="start")])

    assert f"{INTEGRATION}.windows" in errors(overnight)
    assert errors(overnight, None) == {}


def test_visits_in_their_windows_may_still_need_the_patient_twice_at_once():
    document = changed(f"{INTEGRATION}.windows", [hours(0, 0, edge="start")])

    assert f"{INTEGRATION}.windows" in errors(document, None)


def test_never_on_one_day_is_tried_out_too():
    document = changed(f"{INTEGRATION}.windows", [hours(3, 6, edge="start")])

    assert errors(document) == {}
    assert f"{INTEGRATION}.windows" in errors(
        changed(f"{INTEGRATION}.never_same_day_as", ["infusion"], document)
    )


def test_a_clinic_that_never_opens_can_hold_no_series():
    assert "" in errors(complete(), [])


def test_a_prescriber_should_be_on_site_and_someone_should_ask_about_suicidality():
    claims = [{"bookable": "nurses"}]

    assert f"{INFUSION}.parts[1].claims" in warnings(changed(f"{INFUSION}.parts[1].claims", claims))
    assert "gates" in warnings(complete(gates=[]))


def test_maintenance_should_wait_for_a_decision():
    assert "phases[0].begins" in warnings(changed("phases[0].title", "Maintenance"))


def test_a_protocol_without_a_drug_needs_no_rules_for_going_home():
    talking = complete(start_visit="integration", arms=[], fasting=None, no_drive=None, escort=None)
    talking["phases"][0]["visits"] = [lone("integration")]

    assert errors(talking | {"gates": []}) == {}


def test_therapy_may_have_parts_of_any_name():
    assert errors(changed(f"{INTEGRATION}.parts[1]", part("notes", 15))) == {}


def test_a_session_before_a_distant_next_infusion_is_possible():
    far = {"unit": "days", "min": 40, "max": 60, "evidence": "invented"}

    assert errors(changed(f"{INFUSION}.repeat.gap", far)) == {}


def test_a_series_with_open_ended_windows_is_possible():
    open_ended = changed(f"{INTEGRATION}.windows", [hours(24, None)])
    open_ended = changed(f"{INFUSION}.repeat.gap.max", None, open_ended)

    assert errors(open_ended) == {}


def test_a_series_too_knotted_to_be_tried_out_is_a_warning_and_not_an_endless_wait():
    document = complete()
    same_day = hours(0, 8, which="first", edge="start")
    document["phases"][0]["visits"] += [lone(f"v-{n}", same_day) for n in range(12)]

    assert "too long or too knotted" in warnings(document)["phases"]
