"""Visits that bind each other in circles, as where each therapy hour is bound to an infusion and to
the therapy hour before it: as exact as any other protocol, and nearly as quick."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from server.cli import main
from server.domain.booking import breaches
from server.domain.placement import SeriesPlan
from server.planner import place, quick
from server.planner.clinic.layout import lay_out
from server.planner.clinic.proposing import Proposer
from server.planner.demand import ClinicDemand
from server.planner.files.questions import demand_of, repair_demand_of
from server.planner.files.reading import read_scenario
from server.planner.patience import Late
from server.planner.plan import plan
from server.planner.repair import repair
from tests.planner.commands import Desk
from tests.planner.scenarios import scenario, three_infusions, window
from tests.planner.test_uncommon_clinics import clinic, visit

Json = dict[str, Any]


def rungs(patients: int, seed: int) -> ClinicDemand:
    """Three infusions with their integrations, which are two to eight days apart as well."""
    protocol = three_infusions()
    visits = {each["id"]: each for each in protocol["visits"]}
    for n in (2, 3):
        before = window(f"integration-{n - 1}", "days", 2, 8, "end")
        visits[f"integration-{n}"]["windows"].append(before)
    return demand_of(read_scenario(scenario(patients, seed) | {"protocols": [protocol]}))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_proposed_is_what_the_complete_search_ranks(seed: int) -> None:
    asked = rungs(4, seed)
    assert not lay_out(asked).complete
    proposer = Proposer(asked)

    for number, each in enumerate(asked.demands):
        found = proposer.best_plans(number, 3)

        ranked = place.best_plans(each.series, asked.calendar, weights=asked.weights, count=3)
        assert [one.cost for one in found] == [one.cost for one in ranked]
        for one in found:
            assert not breaches(each.series, one, asked.calendar, now=each.series.not_before)


def test_a_whole_clinic_of_them_is_planned_to_within_its_bound() -> None:
    asked = rungs(8, 1)

    found = plan(asked, steps=60)

    assert len(found.placed) == 8
    assert found.lower_bound is not None
    assert 0.5 * found.cost <= found.lower_bound <= found.cost


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_forty_visits_each_bound_to_the_two_before_are_planned_and_proposed(desk: Desk) -> None:
    def bound(n: int) -> list[Json]:
        near = [window(f"v{n - 1}", "days", 1, 3)] if n > 0 else []
        return near + ([window(f"v{n - 2}", "hours", 24, None, "end")] if n > 1 else [])

    visits = [visit(f"v{n}", 30, *bound(n)) for n in range(40)]
    asked = clinic("America/New_York", "2027-01-04", visits, "09:00", "11:00")
    asked["last_day"] = "2027-06-30"

    found, (proposal,) = desk.plan(asked), desk.propose(asked)

    assert found["cost"] == found["lower_bound"] == proposal["plans"][0]["cost"] == 0


@pytest.mark.parametrize("compiled", [True, False])
def test_whoever_books_waits_for_no_search_without_end(
    monkeypatch: pytest.MonkeyPatch, compiled: bool
) -> None:
    """Ten visits bound to each other crosswise, more than compiled code can fold: by then it is
    over."""
    visits = [
        visit(f"v{n}", 30, *(window(f"v{m}", "days", 1, 30) for m in range(n))) for n in range(10)
    ]
    asked = demand_of(read_scenario(clinic("UTC", "2027-01-04", visits, "09:00", "11:00")))
    monkeypatch.setattr(quick, "LONGEST_SECONDS", -1)
    monkeypatch.setattr(quick, "at_hand", lambda: compiled)

    assert lay_out(asked).complete == {0}
    assert quick.best_plans(asked.demands[0].series, asked.calendar) == []


def test_whoever_may_keep_all_places_keeps_them_though_nobody_waits_for_a_search() -> None:
    """Knotted as above, and booked: a repair that has no time at all must not give it up."""
    knotted = [
        visit(f"v{n}", 30, *(window(f"v{m}", "days", 1, 30) for m in range(n))) for n in range(10)
    ]
    asked = clinic("UTC", "2027-01-04", knotted, "09:00", "11:00", last_day="2027-01-31")
    at = {f"v{n}": {"start": f"2027-01-{4 + n:02}T09:00:00Z", "choices": {}} for n in range(10)}
    asked["booked"] = [{"patient": "p-1", "choices": {}, "frozen": [], "visits": at}]

    demand = repair_demand_of(read_scenario(asked))
    assert lay_out(demand).complete == {0}
    found = repair(demand, seconds=0)

    assert (found.unplaced, found.cost, found.lower_bound) == ((), 0, 0)
    kept = found.placed[demand.demands[0].id].placements
    assert {each.visit: each for each in kept} == demand.demands[0].series.held


def test_whom_nobody_waited_for_is_given_a_reason_though_there_is_a_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def late(*_: object) -> list[SeriesPlan]:
        raise Late

    monkeypatch.setattr(Proposer, "best_plans", late)
    asked, out = tmp_path / "asked.json", tmp_path / "lines"
    asked.write_text(json.dumps(scenario(1)))
    monkeypatch.setattr(Proposer, "warm_up", lambda _: None)

    told = CliRunner().invoke(main, ["propose", str(asked), "--out", str(out)])

    assert told.exit_code == 0, told.output
    (reason,) = json.loads(out.read_text())["reasons"]
    assert "was cut off by the time" in reason["text"]
