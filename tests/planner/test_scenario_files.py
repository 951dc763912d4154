"""A scenario file is read whole or refused, every fault by its path."""

import copy
from random import Random
from typing import Any

import pytest

from server.planner.files.entries import FileFaults
from server.planner.files.reading import read_scenario
from tests.planner.scenarios import scenario


def faults_of(content: object) -> list[str]:
    with pytest.raises(FileFaults) as refused:
        read_scenario(content)
    return refused.value.faults


def faults_if_any(content: object) -> list[str]:
    try:
        read_scenario(content)
    except FileFaults as refused:
        return refused.faults
    return []


def put(content: Any, path: str, value: object) -> Any:
    """The content with one value changed: "patients.0.ready_on"."""
    changed = copy.deepcopy(content)
    *way, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    inner = changed
    for key in way:
        inner = inner[key]
    inner[last] = value
    return changed


def test_a_good_file_is_read() -> None:
    found = read_scenario(scenario(patients=4))

    assert [each.id for each in found.patients] == ["p-0", "p-1", "p-2", "p-3"]
    assert found.patients[0].protocol.start_visit == "infusion-1"
    assert found.weights.off_target_day == 0


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("format", "tandem.scenario/2", "format"),
        ("time_zone", "Mars/Base", "time_zone"),
        ("grid_minutes", 7, "grid_minutes"),
        ("grid_minutes", True, "grid_minutes"),
        ("first_day", "2027-02-30", "first_day"),
        ("last_day", "2026-01-01", "last_day"),
        ("now", "2027-03-01T07:00:00", "now"),
        ("weights.unplaced", None, "weights.unplaced"),
        ("weights.delay_day", 1.5, "weights.delay_day"),
        ("weights.colour", 1, "weights.colour"),
        ("bookables.1.id", "chairs", "bookables[1].id"),
        ("bookables.0.kind", 7, "bookables[0].kind"),
        ("bookables.0.weekly.0.days", ["mon", "moon"], "bookables[0].weekly[0].days[1]"),
        ("bookables.0.weekly.0.to", "24:01", "bookables[0].weekly[0].to"),
        ("bookables.0.weekly.0.to", "07:00", "bookables[0].weekly[0].to"),
        ("bookables.0.weekly.0.capacity", -1, "bookables[0].weekly[0].capacity"),
        ("bookables.0.exceptions", [{"capacity": 0}], "bookables[0].exceptions[0].day"),
        ("protocols.0.start_visit", "booster", "protocols[0].start_visit"),
        ("protocols.0.visits.1.parts.0.minutes", 20, "protocols[0].visits[1].parts[0].minutes"),
        (
            "protocols.0.visits.1.parts.0.claims.0.bookable",
            "sofa",
            "protocols[0].visits[1].parts[0].claims[0].bookable",
        ),
        (
            "protocols.0.visits.1.windows.0.from",
            "infusion-1",
            "protocols[0].visits[1].windows[0].from",
        ),
        ("protocols.0.visits.1.windows.0.max", 0, "protocols[0].visits[1].windows[0].max"),
        ("protocols.0.visits.1.windows.0.min", 1.5, "protocols[0].visits[1].windows[0].min"),
        ("patients.2.protocol", "two", "patients[2].protocol"),
        ("patients.2.ready_on", 20270301, "patients[2].ready_on"),
        ("patients.2.ready_on", None, "patients[2].ready_on"),
        ("patients.2.prefers", "night", "patients[2].prefers"),
        ("patients.2.choices.therapist", ["th-9"], "patients[2].choices.therapist[0]"),
        ("patients.2.choices.nurse", ["th-1"], "patients[2].choices.nurse"),
        ("patients.1.id", "p-0", "patients[1].id"),
        ("booked", [{"patient": "p-9"}], "booked[0].patient"),
        ("colour", "blue", "colour"),
    ],
)
def test_a_fault_is_named_by_its_path(path: str, value: object, place: str) -> None:
    faults = faults_of(put(scenario(), path, value))

    assert any(fault.startswith(f"{place}: ") for fault in faults)


def test_a_booked_series_must_be_whole() -> None:
    booked = {"patient": "p-0", "choices": {"therapist": "th-1"}, "visits": {}}

    faults = faults_of(put(scenario(), "booked", [booked]))

    assert "booked[0].visits.infusion-1: is missing" in faults


def test_all_faults_are_told_at_once() -> None:
    bent = put(put(scenario(), "grid_minutes", 7), "patients.0.priority", "high")

    assert len(faults_of(bent)) >= 2


@pytest.mark.parametrize("seed", range(300))
def test_no_odd_content_breaks_the_reader(seed: int) -> None:
    """One value anywhere is replaced by something odd: read, or refused with paths."""
    chance = Random(seed)
    bent = copy.deepcopy(scenario())
    inner: Any = bent
    while True:
        keys = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
        key = chance.choice(keys)
        if not isinstance(inner[key], dict | list) or not inner[key] or chance.random() < 0.2:
            break
        inner = inner[key]
    odd = [None, True, -1, 10**30, 1e400, "", "x" * 5000, "\0", [], {}, [[]], {"": 1}, "24:00"]
    inner[key] = chance.choice(odd)

    assert all(": " in fault for fault in faults_if_any(bent))
