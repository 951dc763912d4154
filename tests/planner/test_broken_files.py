"""However a file is broken: it is read, or refused with faults each named by its path. No command
ends in a traceback, and of a refused file nothing is written."""

import copy
import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.cli import main
from server.planner.files.entries import MOST_FAULTS, FileFaults
from server.planner.files.reading import read_scenario
from tests.planner.any_scenario import AnyScenario
from tests.planner.commands import as_booked
from tests.planner.scenarios import scenario
from tests.planner.test_whole_clinic import planned

Json = Any
ODD: list[Json] = [
    *(None, True, False, [], {}, [[]], {"": 1}, "", " ", "\0", "\ud800", "a\nb", "x" * 5000),
    *(-1, 0, 1, 7, 0.5, 3.0, 1440, 1441, 10**6, 1e9, -1e9, 1e300, 10**30, 10**400),
    *("24:00", "2027-02-30", "2028-02-29", "9999-12-31", "0001-01-01", "2199-12-31", "1900-01-01"),
    *("America", "../x", "Mars/Base", "Europe/Berlin", "mon", "hours", "days", "start", "end"),
    *("2027-03-14T02:30:00", "2027-03-14T02:30:00-05:00", "b0", "v0", "p0", "c0", "chairs"),
]
KINDS = 16
"""So many clinics drawn by chance are broken, each in many ways."""
KEYS = ["\n", "\ud800", "x", "", "a: b", "id", "start"]


def places(content: Json, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside."""
    inside: Any = ()
    if isinstance(content, dict):
        inside = content.items()
    elif isinstance(content, list):
        inside = enumerate(content)
    found = [way] if way else []
    for key, value in inside:
        found += places(value, (*way, key))
    return found


def at(content: Json, way: tuple[Any, ...]) -> Json:
    for key in way:
        content = content[key]
    return content


def broken(content: Json, random: Random) -> Json:
    """One to four things missing, of another kind, swapped, doubled, renamed, far too large."""
    content = copy.deepcopy(content)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        ways = places(content)
        if ways:
            way = random.choice(ways)
            box, key = at(content, way[:-1]), way[-1]
            random.choice(BREAKS)(box, key, random, copy.deepcopy(at(content, random.choice(ways))))
    return content


def leave_out(box: Json, key: Any, random: Random, other: Json) -> None:
    del box[key]


def retype(box: Json, key: Any, random: Random, other: Json) -> None:
    box[key] = copy.deepcopy(random.choice(ODD))


def swap(box: Json, key: Any, random: Random, other: Json) -> None:
    box[key] = other


def double(box: Json, key: Any, random: Random, other: Json) -> None:
    if isinstance(box, list):
        box.append(copy.deepcopy(box[key]))


def rename(box: Json, key: Any, random: Random, other: Json) -> None:
    if isinstance(box, dict):
        box[random.choice(KEYS)] = box.pop(key)


def scale(box: Json, key: Any, random: Random, other: Json) -> None:
    value = box[key]
    if isinstance(value, int | float):
        box[key] = random.choice((-value, value * 1000, value + 0.5, 0))


BREAKS = [leave_out, retype, retype, swap, double, rename, scale]


def good(random: Random) -> Json:
    """A file without a fault, half of them with everybody booked."""
    seed = random.randrange(KINDS) if random.random() < 0.7 else None
    content = scenario(patients=2) if seed is None else AnyScenario(seed).content
    if random.random() < 0.5:
        content["booked"] = as_booked(json.loads(_plan_of(seed)))
    return content


@cache
def _plan_of(seed: int | None) -> str:
    """The plan of a clinic without a fault, as it is written; each is made but once."""
    content = scenario(patients=2) if seed is None else AnyScenario(seed).content
    return json.dumps(planned(content, steps=0)[2])


def cyclic() -> Json:
    """Two visits, each after the other."""
    content = scenario()
    visits = content["protocols"][0]["visits"]
    after = {"from": visits[1]["id"], "edge": "end", "unit": "hours", "min": 1, "max": None}
    visits[0]["windows"].append(after)
    return content


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(st.integers(0, 2**32))
def test_whatever_is_broken_the_reader_names_it_by_its_path(seed: int) -> None:
    random = Random(seed)
    try:
        read_scenario(broken(good(random), random))
    except FileFaults as refused:
        for fault in refused.faults:
            place, _, reason = fault.partition(": ")
            assert place
            assert reason
            assert fault.isprintable()


def every_command(folder: Path, content: bytes | Json, *, loading: bool = False) -> list[Result]:
    """What all commands say to one file, those that write being asked to write `out`; `tandem load`
    only where it is sure to refuse."""
    asked, out = folder / "asked.json", folder / "out"
    asked.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    plan = folder / "plan.json"
    plan.write_text(json.dumps(GOOD_PLAN))
    return [
        CliRunner().invoke(main, [str(each) for each in words])
        for words in (
            ("plan", asked, "--out", out, "--steps", "0", "--workers", "1"),
            ("propose", asked, "--out", out, "--count", "1"),
            ("repair", asked, "--out", out, "--steps", "0"),
            ("simulate", asked, "--change", "closed=fri", "--steps", "0"),
            ("check", asked, plan),
            *([("load", asked)] if loading else []),
        )
    ]


GOOD_PLAN = {
    "format": "tandem.plan/1",
    "scenario": "small",
    "series": [],
    "unplaced": [],
    "cost": 0,
    "cost_parts": {"unplaced": 0, "delay": 0, "choice": 0, "preference": 0, "moves": 0},
    "lower_bound": None,
}


def assert_told(result: Result) -> None:
    """It worked, or it was refused with faults; it did not crash."""
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in {0, 1, 2}
    if result.exit_code == 2:
        assert result.stderr.strip()
        assert all(": " in line for line in result.stderr.splitlines())


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_whatever_is_broken_no_command_crashes(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    random = Random(seed)
    content = broken(good(random), random)

    for told in every_command(tmp_path_factory.mktemp("broken"), content):
        assert_told(told)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_whatever_is_broken_in_a_plan_the_checker_tells_or_refuses_it(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    folder, random = tmp_path_factory.mktemp("plan"), Random(seed)
    content = scenario(patients=2)
    plan = json.loads(json.dumps(planned(content, steps=0)[2]))
    (folder / "asked.json").write_text(json.dumps(content))
    (folder / "plan.json").write_text(json.dumps(broken(plan, random)))

    for reading in ("plan", "repair"):
        files = str(folder / "asked.json"), str(folder / "plan.json")
        told = CliRunner().invoke(main, ["check", *files, "--as", reading])
        assert_told(told)
        assert (told.exit_code == 1) == bool(told.stdout)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b'{"format": NaN}',
        b'{"format": -Infinity}',
        b'{"grid_minutes": ' + b"9" * 10_000 + b"}",
        b'{"name": "\xff\xfe"}',
        b"\x00\x01\x02",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"name": "one", "name": "two"}',
    ],
    ids=[
        *("empty", "blank", "null", "list", "text", "half", "NaN", "infinity", "digits"),
        *("not UTF-8", "zeros", "deep lists", "deep objects", "twice"),
    ],
)
def test_what_is_no_scenario_is_refused_by_every_command(tmp_path: Path, content: bytes) -> None:
    for told in every_command(tmp_path, content, loading=True):
        assert told.exit_code == 2, told.output[-300:]
        assert_told(told)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "content",
    [b'{"name": "' + b"x" * 50_000_000 + b'"}', b'{"patients": [' + b"0," * 25_000_000 + b"0]}"],
    ids=["one name", "nothing but faults"],
)
def test_of_fifty_megabytes_so_many_faults_are_told_as_somebody_can_read(
    tmp_path: Path, content: bytes
) -> None:
    asked = tmp_path / "asked.json"
    asked.write_bytes(content)

    told = CliRunner().invoke(main, ["plan", str(asked), "--out", str(tmp_path / "out")])

    assert told.exit_code == 2
    assert_told(told)
    assert len(told.stderr.splitlines()) <= MOST_FAULTS + 1


def test_a_folder_and_a_missing_file_are_no_scenarios(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing"):
        told = CliRunner().invoke(main, ["plan", str(path), "--out", str(tmp_path / "out")])

        assert told.exit_code == 2
        assert_told(told)


def test_windows_that_go_round_in_a_circle_are_read_and_leave_everybody_out(tmp_path: Path) -> None:
    for told in every_command(tmp_path, cyclic())[:4]:
        assert told.exit_code == 0, told.output


@pytest.mark.parametrize(
    ("way", "value"),
    [
        (("protocols", 0, "visits", 0, "parts", 0, "minutes"), 0),
        (("protocols", 0, "visits", 0, "parts", 0, "minutes"), -15),
        (("protocols", 0, "visits", 1, "windows", 0, "max"), 10**400),
        (("patients", 1, "id"), "p-0"),
        (("bookables", 0, "weekly", 0, "capacity"), 10**30),
        (("time_zone",), "America/Nowhere"),
        (("patients", 0, "choices", "therapist"), ["th-1", "th-1"]),
    ],
)
def test_every_command_names_the_same_fault(
    tmp_path: Path, way: tuple[Any, ...], value: object
) -> None:
    content = scenario()
    at(content, way[:-1])[way[-1]] = value

    told = {result.stderr for result in every_command(tmp_path, content)}

    (fault,) = told
    assert fault.startswith(f"{way[0]}")
    assert len(fault.splitlines()) == 1


def refused(tmp_path: Path, content: Json) -> list[str]:
    """The faults that `tandem plan` tells of a scenario."""
    asked = tmp_path / "asked.json"
    asked.write_text(json.dumps(content))
    told = CliRunner().invoke(main, ["plan", str(asked), "--out", str(tmp_path / "out")])
    assert told.exit_code == 2, told.output
    return told.stderr.splitlines()


def booked_clinic() -> Json:
    content = scenario(patients=1)
    return content | {"booked": as_booked(planned(content, steps=0)[2])}


def test_a_booked_visit_that_says_nothing_is_a_fault_of_the_file(tmp_path: Path) -> None:
    content = booked_clinic()
    content["booked"][0]["visits"]["evaluation"] = {}

    faults = refused(tmp_path, content)

    assert "booked[0].visits.evaluation.start: is missing" in faults


def test_each_fault_is_told_once(tmp_path: Path) -> None:
    content = booked_clinic()
    del content["booked"][0]["choices"]
    assert refused(tmp_path, content) == ["booked[0].choices: is missing"]

    content = scenario(patients=1)
    content["patients"][0]["id"] = ""
    assert refused(tmp_path, content) == ["patients[0].id: must be text"]


def test_whoever_is_booked_though_nobody_is_eligible_keeps_what_they_have(tmp_path: Path) -> None:
    content = booked_clinic()
    content["patients"][0]["choices"]["therapist"] = []

    for told in every_command(tmp_path, content)[:4]:
        assert told.exit_code == 0, told.output
