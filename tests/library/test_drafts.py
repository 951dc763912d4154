"""The protocols that ship with Tandem."""

import json
from collections import Counter

import pytest

from server.domain.calendars import WeeklyHours
from server.domain.faults import Severity
from server.domain.protocol_document import read
from server.domain.protocol_lint import lint
from server.domain.protocol_safety import may_activate, open_safety_fields
from server.library.loader import drafts
from shared.vocabulary import Edge, Evidence, WindowUnit

DRAFTS = drafts()
WINDOW = (Edge.END, WindowUnit.HOURS, 24, 72)


@pytest.mark.parametrize("code", DRAFTS)
def test_every_shipped_draft_can_be_read_and_goes_by_its_own_code(code):
    assert read(DRAFTS[code]).code == code


@pytest.mark.parametrize("code", DRAFTS)
def test_a_draft_is_the_same_protocol_after_a_journey_through_json(code):
    assert read(json.loads(json.dumps(DRAFTS[code]))) == read(DRAFTS[code])


def test_in_the_shiroma_trial_each_of_three_infusions_is_followed_by_a_session_in_24_to_72_hours():
    protocol = read(DRAFTS["shiroma-pe-rct"])

    for number in (1, 2, 3):
        window = protocol.visit(f"paired-session-{number}").windows[0]
        assert window.anchor == f"infusion-{number}"
        assert (window.edge, window.unit, window.opens, window.closes) == WINDOW
        assert window.provenance.mark("min") is Evidence.VERIFIED


def test_the_demonstration_says_everywhere_that_it_is_invented():
    document = DRAFTS["demo-ketamine-integration"]

    assert "not for patients" in str(document["title"])
    assert "not for patients" in str(document["description"])
    assert document["demonstration"] is True


OPEN = {
    "yale-single-pe": {"mg": 2, "minutes": 3, "units": 3, "max": 2, "solids_hours": 1},
    "feder-2021": {"mg": 2, "minutes": 1, "units": 3, "max": 2, "solids_hours": 1},
    "feder-wet": {"mg": 1, "minutes": 3, "units": 3, "max": 2, "solids_hours": 1},
    "shiroma-pe-rct": {"mg": 2, "minutes": 4, "units": 3, "min": 1, "max": 3, "solids_hours": 1},
    "albott-2018": {"mg": 1, "minutes": 2, "units": 3, "max": 2, "solids_hours": 1},
    "au-veterans": {"mg": 1, "minutes": 1, "units": 6, "max": 2, "solids_hours": 1},
    "spravato-trd": {"minutes": 1, "units": 9, "min": 2, "max": 4},
    "demo-ketamine-integration": {},
}


@pytest.mark.parametrize("code", DRAFTS)
def test_what_a_source_leaves_open_stays_open_in_the_draft(code):
    fields = open_safety_fields(DRAFTS[code])

    found = Counter(field.path.rpartition(".")[2] for field in fields)
    assert {key: found[key] for key in found if key in OPEN[code]} == OPEN[code]
    home = {"clear_liquids_hours", "until", "required"}
    assert set(found) <= set(OPEN[code]) | home


@pytest.mark.parametrize("code", sorted(set(DRAFTS) - {"demo-ketamine-integration"}))
def test_a_draft_from_a_publication_may_not_be_activated_as_it_is(code):
    assert may_activate(DRAFTS[code])


@pytest.mark.parametrize("code", DRAFTS)
def test_a_draft_is_wrong_in_nothing_but_what_is_open(code):
    opening = (WeeklyHours(days=(0, 1, 2, 3, 4), opens=8 * 60, closes=18 * 60),)
    still_open = {field.path for field in open_safety_fields(DRAFTS[code])}
    errors = [f for f in lint(DRAFTS[code], opening) if f.severity is Severity.ERROR]

    spacing = [f.path for f in errors if f.path not in still_open]
    if code == "spravato-trd":  # the least gaps of its later phases are not published
        assert spacing == ["phases[2].visits[0].windows", "phases[3].visits[0].windows"]
    else:
        assert spacing == []


def test_the_demonstration_is_complete_and_may_be_activated():
    assert may_activate(DRAFTS["demo-ketamine-integration"]) == []


def part(protocol, visit, name):
    return next(part for part in protocol.visit(visit).parts if part.name == name)


@pytest.mark.parametrize(
    ("code", "visit", "minutes", "mark"),
    [
        ("feder-2021", "infusion-1", 240, Evidence.VERIFIED),
        ("spravato-trd", "dosing-1", 120, Evidence.VERIFIED),
        ("au-veterans", "infusion-1", 60, Evidence.SECONDARY),
        ("feder-wet", "infusion-1", None, None),
        ("shiroma-pe-rct", "infusion-1", None, None),
        ("albott-2018", "infusion-1", None, None),
        ("yale-single-pe", "infusion", None, None),
    ],
)
def test_the_observation_time_is_the_published_one_or_none(code, visit, minutes, mark):
    found = part(read(DRAFTS[code]), visit, "observation")

    assert (found.minutes, found.provenance.mark("minutes")) == (minutes, mark)


@pytest.mark.parametrize("code", ["feder-2021", "feder-wet", "albott-2018", "au-veterans"])
def test_three_infusions_a_week_for_two_weeks_are_six_two_or_three_days_apart(code):
    protocol = read(DRAFTS[code])

    infusions = [visit for visit in protocol.visits if visit.family == "infusion"]
    gaps = {(w.opens, w.closes) for visit in infusions for w in visit.windows}
    assert (len(infusions), gaps) == (6, {(2, 3)})


def test_written_exposure_begins_between_the_last_infusions_and_never_on_their_days():
    protocol = read(DRAFTS["feder-wet"])

    first, second = protocol.visit("writing-1"), protocol.visit("writing-2")
    assert {window.anchor for window in first.windows} == {"infusion-4", "infusion-5"}
    assert {"infusion-5", "infusion-6"} < {window.anchor for window in second.windows}
    assert all(
        protocol.visit(f"writing-{n}").never_same_day_as == ("infusion",) for n in range(1, 6)
    )


def test_exposure_after_the_yale_infusion_is_on_each_of_the_next_four_days():
    protocol = read(DRAFTS["yale-single-pe"])

    targets = [
        next(w.target for w in protocol.visit(f"exposure-{n}").windows if w.anchor == "infusion")
        for n in (1, 2, 3, 4)
    ]

    assert targets == [24, 48, 72, 96]


def test_maintenance_of_the_australian_veterans_waits_for_decisions_21_to_42_days_apart():
    protocol = read(DRAFTS["au-veterans"])

    maintenance = [visit for visit in protocol.visits if visit.family == "maintenance"]
    assert len(maintenance) == 6
    assert all(visit.awaits_decision for visit in maintenance)
    assert {(w.opens, w.closes) for v in maintenance for w in v.windows} == {(21, 42)}


def test_esketamine_is_given_eight_times_then_four_times_then_as_decided():
    protocol = read(DRAFTS["spravato-trd"])

    families = Counter(visit.family for visit in protocol.visits)
    assert (families["dosing"], families["weekly-dosing"]) == (8, 4)
    assert protocol.visit("maintenance-dosing-1").awaits_decision
    assert protocol.no_drive.until == "next-day"
    assert (protocol.fasting.solids_hours, protocol.fasting.clear_liquids_hours) == (2, 0.5)
    assert protocol.arms[0].devices.rest_minutes == 5
    assert not protocol.off_label


@pytest.mark.parametrize("code", DRAFTS)
def test_every_source_of_a_draft_says_where_to_find_it(code):
    protocol = read(DRAFTS[code])

    assert all(len(source.citation) > 10 for source in protocol.sources)
    assert protocol.sources or protocol.demonstration


@pytest.mark.parametrize("code", DRAFTS)
def test_a_draft_claims_only_what_every_site_is_asked_to_have(code):
    protocol = read(DRAFTS[code])

    claims = [c for visit in protocol.visits for part in visit.parts for c in part.claims]
    assert {c.bookable for c in claims} - {None} <= {
        *("chairs", "nurses", "prescriber-on-site", "therapy-rooms")
    }
    assert {c.choice for c in claims} - {None} <= {"therapist", "prescriber"}
