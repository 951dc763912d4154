"""`tandem plan`, `propose` and `check`: whole clinics from scenario files, without a database."""

import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import click

from server.domain.calendars import ClinicCalendar
from server.domain.placement import SeriesToPlace
from server.planner import plan as engine
from server.planner import repair as repairs
from server.planner.check.checking import violations
from server.planner.check.plan_file import read_plan
from server.planner.demand import ClinicDemand, ClinicPlan, Progress
from server.planner.explain import why_not
from server.planner.files.entries import FileFaults
from server.planner.files.questions import calendar_of, demand_of, repair_demand_of, series_of
from server.planner.files.reading import read_scenario
from server.planner.files.scenario import Scenario
from server.planner.files.writing import plan_body, proposal_line, repair_body
from server.planner.place import best_plans

BAD_FILE = 2
REASONS_FOR, REASONS_SECONDS = 10, 3.0
"""For so many of those left out the plan says why, and for no longer than that."""


def read(path: Path) -> Scenario:
    """The scenario in a file; a bad one is told fault by fault, and the command ends with 2."""
    try:
        return read_scenario(_json(path))
    except FileFaults as bad:
        for fault in bad.faults:
            click.echo(fault, err=True)
        sys.exit(BAD_FILE)


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_bytes(), parse_constant=_refuse)
    except OSError as error:
        raise FileFaults([f"{path.name}: {error.strerror}"]) from error
    except RecursionError as error:
        raise FileFaults(["$: is nested too deeply"]) from error
    except ValueError as error:
        raise FileFaults([f"$: is no JSON: {error}"]) from error


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number")


def write(path: Path, text: str) -> None:
    """All of it or nothing: a reader never sees half a file."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        click.echo(f"{path.name}: {error.strerror}", err=True)
        sys.exit(BAD_FILE)


SCENARIO = click.argument("scenario", type=click.Path(path_type=Path))
OUT = click.option("--out", required=True, type=click.Path(path_type=Path), help="File to write.")


@click.command()
@SCENARIO
@OUT
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(0.1, 86400))
@click.option("--steps", type=click.IntRange(0), help="So many steps instead of a time.")
@click.option("--seed", default=1, show_default=True)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--progress", is_flag=True, help="Tell how far it is, on standard error.")
def plan(
    *,
    scenario: Path,
    out: Path,
    seconds: float,
    steps: int | None,
    seed: int,
    workers: int,
    progress: bool,
) -> None:
    """Place all patients who are not booked, as well as the time allows."""
    del workers  # one process works; more are not of use yet
    asked = read(scenario)
    demand = demand_of(asked)
    watch = _tell if progress else None
    found = engine.plan(demand, seconds=seconds, steps=steps, seed=seed, watch=watch)
    body = plan_body(asked, found, _reasons(demand, found))
    if steps is not None:
        body["seconds"] = 0.0
    write(out, json.dumps(body, ensure_ascii=False, indent=1) + "\n")


@click.command()
@SCENARIO
@OUT
@click.option("--seconds", default=2.0, show_default=True, type=click.FloatRange(0.1, 86400))
@click.option("--steps", type=click.IntRange(0), help="So many steps instead of a time.")
@click.option("--seed", default=1, show_default=True)
@click.option("--progress", is_flag=True, help="Tell how far it is, on standard error.")
def repair(
    *, scenario: Path, out: Path, seconds: float, steps: int | None, seed: int, progress: bool
) -> None:
    """Change as little as possible so that broken bookings hold again."""
    asked = read(scenario)
    demand = repair_demand_of(asked)
    watch = _tell if progress else None
    found = repairs.repair(demand, seconds=seconds, steps=steps, seed=seed, watch=watch)
    body = repair_body(asked, found, _reasons(demand, found))
    if steps is not None:
        body["seconds"] = 0.0
    write(out, json.dumps(body, ensure_ascii=False, indent=1) + "\n")


def _tell(progress: Progress) -> bool:
    click.echo(
        f"{progress.share:.0%} cost {progress.cost} bound {progress.lower_bound} "
        f"placed {progress.placed}",
        err=True,
    )
    return True


def _reasons(demand: ClinicDemand, found: ClinicPlan) -> dict[str, object]:
    """Why those left out have no place beside the others, for the first of them."""
    taken = [
        claim
        for one in demand.demands
        if one.id in found.placed
        for claim in engine.claims_of(one, found.placed[one.id])
    ]
    around = replace(demand.calendar, claims=(*demand.calendar.claims, *taken))
    asked = {one.id: one.series for one in demand.demands}
    told: dict[str, object] = {}
    began = perf_counter()
    for patient in found.unplaced:
        late = len(told) >= REASONS_FOR or perf_counter() - began > REASONS_SECONDS
        told[patient] = [] if late else _why(asked[patient], around)
    return told


def _why(series: SeriesToPlace, around: ClinicCalendar) -> list[dict[str, object]]:
    why = [each.as_json() for each in why_not(series, around)]
    dear = "There is a place, but it costs more than leaving the series out."
    known = {"visit": series.start_visit, "code": "cost", "bookable": None}
    return why or [{**known, "text": dear, "nearest": None}]


@click.command()
@SCENARIO
@OUT
@click.option("--count", default=3, show_default=True, type=click.IntRange(1, 50))
def propose(scenario: Path, out: Path, count: int) -> None:
    """For each patient not booked, alone on the same calendar: the best plans, or why none."""
    asked = read(scenario)
    calendar, lines = calendar_of(asked), []
    for patient in asked.waiting:
        began = perf_counter()
        series = series_of(asked, patient)
        plans = best_plans(series, calendar, weights=asked.weights, count=count)
        why = [] if plans else [each.as_json() for each in why_not(series, calendar)]
        taken = 1000 * (perf_counter() - began)
        lines.append(proposal_line(asked, patient.id, plans, why, taken) + "\n")
    write(out, "".join(lines))


@click.command()
@SCENARIO
@click.argument("plan_file", metavar="PLAN", type=click.Path(path_type=Path))
def check(scenario: Path, plan_file: Path) -> None:
    """List every rule that a plan breaks, one a line; exit 1 if there is any."""
    asked = read(scenario)
    try:
        found = violations(asked, read_plan(_json(plan_file)))
    except FileFaults as bad:
        for fault in bad.faults:
            click.echo(fault, err=True)
        sys.exit(BAD_FILE)
    for line in found:
        click.echo(line)
    sys.exit(1 if found else 0)
