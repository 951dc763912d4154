"""What a prescriber has to fill and sign before a protocol may be used."""

import json
from copy import deepcopy
from datetime import UTC, datetime

import pytest

from server.domain.faults import ProtocolFaults
from server.domain.protocol_document import read
from server.domain.protocol_safety import may_activate, open_safety_fields, safety_paths, sign
from server.library.loader import drafts
from shared.vocabulary import Evidence
from tests.domain.protocol_documents import (
    GONE,
    INFUSION,
    INTEGRATION,
    MONDAY_TO_FRIDAY,
    changed,
    complete,
)

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OBSERVATION = f"{INFUSION}.parts[2].minutes"
GAP = f"{INFUSION}.repeat.gap"


def opened(*paths):
    """The complete protocol with some entries emptied."""
    document = complete()
    for path in paths:
        document = changed(path, None, document)
        record = path.rpartition(".")[0]
        document = changed(f"{record}.evidence", "D", document)
    return document


def paths(document):
    return {field.path for field in open_safety_fields(document)}


def refusals(document, fills, **more):
    with pytest.raises(ProtocolFaults) as refused:
        sign(document, fills, **({"signed_by": "Dr. Ada Example", "signed_at": AT} | more))
    return {fault.path: fault.reason for fault in refused.value.faults}


def test_a_complete_protocol_leaves_nothing_open_and_may_be_activated():
    assert open_safety_fields(complete()) == []
    assert may_activate(complete(), MONDAY_TO_FRIDAY) == []


@pytest.mark.parametrize(
    "path",
    [
        OBSERVATION,
        "arms[0].dose.mg_per_kg",
        "arms[0].cap.mg",
        "arms[0].duration.minutes",
        f"{GAP}.min",
        f"{GAP}.max",
        f"{INTEGRATION}.windows[0].min",
        f"{INTEGRATION}.windows[0].max",
        f"{INTEGRATION}.parts[0].minutes",
        "fasting.solids_hours",
        "fasting.clear_liquids_hours",
        "no_drive.until",
        "escort.required",
    ],
)
def test_an_empty_safety_entry_is_open_and_keeps_the_protocol_from_being_used(path):
    document = opened(path)

    assert paths(document) == {path}
    assert path in {fault.path for fault in may_activate(document, MONDAY_TO_FRIDAY)}


@pytest.mark.parametrize("mark", ["R", {"mg_per_kg": "R"}])
def test_a_number_only_recalled_is_open_until_it_is_confirmed(mark):
    document = changed("arms[0].dose.evidence", mark)

    [field] = open_safety_fields(document)

    assert (field.path, field.value, field.evidence) == ("arms[0].dose.mg_per_kg", 0.5, "R")
    assert field.why == "Recalled from memory, not read in any source."
    confirmed = sign(document, {field.path: 0.5}, signed_by="Dr. Ada Example", signed_at=AT)
    assert open_safety_fields(confirmed) == []


def test_a_recalled_number_of_nurses_is_open_but_a_recalled_length_of_therapy_is_not():
    nurses = changed(f"{INFUSION}.parts[1].claims[1].evidence", "R")
    therapy = changed(f"{INTEGRATION}.parts[0].evidence", "R")

    assert paths(nurses) == {f"{INFUSION}.parts[1].claims[1].units"}
    assert paths(therapy) == set()


def test_limits_of_a_gate_are_open_while_they_are_empty():
    limits = [{"measure": "systolic_mmhg", "max": None}]

    assert paths(changed("gates[0].limits", limits)) == {"gates[0].limits[0].max"}


def test_a_gate_that_may_or_may_not_be_required_is_open():
    assert paths(changed("gates[0].required", None)) == {"gates[0].required"}


def test_an_entry_says_in_words_what_it_is():
    [field] = open_safety_fields(opened(OBSERVATION))

    assert field.label == "Observation of Infusion (minutes)"
    assert field.why == "Not published."
    assert not field.none_allowed


def test_signing_fills_marks_and_records_without_touching_the_draft():
    draft = opened(OBSERVATION)
    before = deepcopy(draft)

    document = sign(draft, {OBSERVATION: 120}, signed_by="Dr. Ada Example", signed_at=AT)

    part = read(document).visit("infusion-1").parts[2]
    assert (part.minutes, part.provenance.mark("minutes")) == (120, Evidence.SIGNED)
    assert document["signatures"] == [
        {
            "signed_by": "Dr. Ada Example",
            "signed_at": "2026-11-23T09:00:00+00:00",
            "values": [{"path": OBSERVATION, "value": 120}],
        }
    ]
    assert may_activate(document, MONDAY_TO_FRIDAY) == []
    assert draft == before


def test_the_other_numbers_of_a_record_keep_their_own_marks():
    draft = changed(GAP, {"unit": "days", "min": None, "target": 3, "max": 4, "evidence": "D"})

    document = sign(draft, {f"{GAP}.min": 2}, signed_by="Dr. Ada Example", signed_at=AT)

    gap = document["phases"][0]["visits"][0]["repeat"]["gap"]
    assert gap["evidence"] == {"min": "signed", "target": "D", "max": "D"}


def test_a_prescriber_may_sign_that_no_cap_is_needed():
    draft = opened("arms[0].cap.mg")

    document = sign(draft, {"arms[0].cap.mg": "none-needed"}, signed_by="Dr. Ada", signed_at=AT)

    assert read(document).arms[0].cap.mg is None
    assert open_safety_fields(document) == []
    assert may_activate(document, MONDAY_TO_FRIDAY) == []


@pytest.mark.parametrize("nothing", ["none-needed", None])
@pytest.mark.parametrize("path", [OBSERVATION, f"{GAP}.min", "escort.required", "no_drive.until"])
def test_nobody_can_sign_that_these_are_not_needed(path, nothing):
    assert "none-needed cannot be signed" in refusals(opened(path), {path: nothing})[path]


def test_hours_without_driving_are_asked_for_once_hours_are_chosen():
    draft = opened("no_drive.until")

    half = sign(draft, {"no_drive.until": "hours"}, signed_by="Dr. Ada", signed_at=AT)
    whole = sign(
        draft, {"no_drive.until": "hours", "no_drive.hours": 24}, signed_by="Dr. Ada", signed_at=AT
    )

    assert paths(half) == {"no_drive.hours"}
    assert read(whole).no_drive.hours == 24
    assert may_activate(whole, MONDAY_TO_FRIDAY) == []


@pytest.mark.parametrize(
    "fills",
    [
        {"arms[0].cap.mg": 60, "arms[7].cap.mg": 60},
        {"arms[0].cap.mg": 60, "title": "Better"},
        {"arms[0].cap.mg": 60, OBSERVATION: "long"},
        {"arms[0].cap.mg": 60, OBSERVATION: True},
        {"arms[0].cap.mg": 60, OBSERVATION: 0},
        {"arms[0].cap.mg": 60, OBSERVATION: [120]},
        {"arms[0].cap.mg": 10**5000},
        {},
    ],
    ids=["no such arm", "no safety entry", "text", "yes", "zero", "a list", "huge", "nothing"],
)
def test_a_wrong_fill_is_refused_and_nothing_is_signed(fills):
    draft = opened("arms[0].cap.mg", OBSERVATION)
    before = deepcopy(draft)

    assert refusals(draft, fills)
    assert draft == before


def test_a_signature_needs_a_name_and_a_time_with_its_zone():
    draft, fills = opened(OBSERVATION), {OBSERVATION: 60}

    assert "signatures" in refusals(draft, fills, signed_by="  ")
    assert "signatures" in refusals(draft, fills, signed_at=datetime(2026, 11, 23, 9, 0))  # noqa: DTZ001


def test_a_mark_of_signed_that_nobody_signed_is_found():
    forged = changed(f"{INFUSION}.parts[2].evidence", "signed")

    assert OBSERVATION in {fault.path for fault in may_activate(forged, MONDAY_TO_FRIDAY)}


def test_a_value_changed_after_it_was_signed_is_found():
    document = sign(opened(OBSERVATION), {OBSERVATION: 60}, signed_by="Dr. Ada", signed_at=AT)

    tampered = changed(OBSERVATION, 10, document)

    assert OBSERVATION in {fault.path for fault in may_activate(tampered, MONDAY_TO_FRIDAY)}


def test_a_later_signature_counts_over_an_earlier_one():
    document = sign(opened(OBSERVATION), {OBSERVATION: 60}, signed_by="Dr. Ada", signed_at=AT)

    document = sign(document, {OBSERVATION: 90}, signed_by="Dr. Bo", signed_at=AT)

    assert may_activate(document, MONDAY_TO_FRIDAY) == []
    assert [each.signed_by for each in read(document).signatures] == ["Dr. Ada", "Dr. Bo"]


def test_a_published_number_may_be_changed_by_signing_too():
    assert OBSERVATION in safety_paths(complete())
    document = sign(complete(), {OBSERVATION: 120}, signed_by="Dr. Ada", signed_at=AT)

    assert read(document).visit("infusion-1").parts[2].minutes == 120


def test_a_protocol_that_cannot_be_scheduled_is_not_activated_however_well_signed():
    impossible = changed(f"{INTEGRATION}.windows[0].min", 500)

    assert may_activate(impossible, MONDAY_TO_FRIDAY)
    assert may_activate(changed("phases", GONE))[0].path == "phases"


def test_a_signed_document_survives_a_journey_through_json():
    document = sign(
        opened("arms[0].cap.mg", OBSERVATION),
        {"arms[0].cap.mg": "none-needed", OBSERVATION: 90},
        signed_by="Dr. Ada",
        signed_at=AT,
    )

    assert may_activate(json.loads(json.dumps(document)), MONDAY_TO_FRIDAY) == []


FILLS = {
    "minutes": 60,
    "units": 1,
    "min": 6,
    "max": "none-needed",
    "mg": "none-needed",
    "solids_hours": 6,
    "clear_liquids_hours": 2,
    "until": "next-day",
    "required": True,
}


@pytest.mark.parametrize("code", drafts())
def test_every_draft_can_be_activated_once_a_prescriber_has_signed_all_that_is_open(code):
    draft = drafts()[code]
    fills = {path: FILLS[path.rpartition(".")[2]] for path in paths(draft)}

    if fills:
        draft = sign(draft, fills, signed_by="Dr. Ada Example", signed_at=AT)

    assert may_activate(draft, MONDAY_TO_FRIDAY) == []


def test_a_draft_whose_list_of_signatures_is_written_as_null_can_be_signed():
    draft = opened(OBSERVATION) | {"signatures": None}

    document = sign(draft, {OBSERVATION: 60}, signed_by="Dr. Ada", signed_at=AT)

    assert len(document["signatures"]) == 1
