"""`tandem plan`, `propose`, `repair`, `simulate` and `check`: whole clinics from scenario files,
without a database."""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic, perf_counter

import click

from server.cli import BEGAN
from server.commands.scenario_files import OUT, SCENARIO, read, read_by, require_writable, write
from server.planner import plan as engine
from server.planner import polish as polishing
from server.planner import quick
from server.planner import repair as repairs
from server.planner.calendar import Shelf
from server.planner.check.checking import violations
from server.planner.check.plan_file import read_plan
from server.planner.clinic.proposing import Proposer
from server.planner.demand import ClinicDemand, ClinicPlan, Progress
from server.planner.explain import Obstacle, Patience, unknown, why_not
from server.planner.files.changes import changed
from server.planner.files.differences import differences
from server.planner.files.questions import demand_of, repair_demand_of
from server.planner.files.scenario import Scenario
from server.planner.files.writing import plan_body, proposal_line, repair_body
from server.planner.patience import Late
from server.planner.polish import MOST_SERIES
from server.planner.reasons.unplaced import Reasons, reasons
from server.planner.several import GRACE_SECONDS, Wish, plan_by_several

REASONS_SECONDS, REASONS_SHARE = 3.0, 0.05
"""For so long at most a plan is asked why some are left out, and for this share of its time."""
REASONS_STEPS = 500
"""So many steps for each, where the plan is made by steps."""
REFUSAL_SECONDS = 5.0
"""For so long it is looked for why there is no proposal for a patient."""
WhyNone = Callable[[int], list[Obstacle]]
FIGURES_SECONDS = 0.001
"""What counting and writing a plan takes for each series."""
WRITING_SHARE = 0.3
"""As a share of what starting and reading took, where that is more: on a busy machine."""
LONGEST = 86400.0


@click.command()
@SCENARIO
@OUT
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(0.1, 86400))
@click.option("--steps", type=click.IntRange(0), help="So many steps instead of a time.")
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help="So many processes, each by its own seed.",
)
@click.option("--progress", is_flag=True, help="Tell how far it is, on standard error.")
@click.option(
    "--polish", is_flag=True, help="Half the time for CP-SAT, for 25 series or fewer, not by steps."
)
def plan(
    *,
    scenario: Path,
    out: Path,
    seconds: float,
    steps: int | None,
    seed: int,
    workers: int,
    progress: bool,
    polish: bool,
) -> None:
    """Place all patients who are not booked, as well as the time allows."""
    require_writable(out, scenario)
    until, asked = _until(seconds), read(scenario)
    quick.make_ready(wait=True)  # or nothing would be left of a short time
    limit, seconds = seconds, _search_seconds(seconds, asked, until, workers)
    demand = demand_of(asked)
    watch = _tell if progress else None
    both = polish and steps is None and len(demand.demands) <= MOST_SERIES
    half = seconds / 2 if both else seconds
    wish = Wish(demand=demand, seconds=half, steps=steps, seed=seed)
    found = plan_by_several(wish, workers, watch)
    if both:
        found = _polished(asked, demand, found, half)
    body = plan_body(asked, found, _reasons(demand, found, limit, steps))
    _write_plan(out, body, timed=steps is None)


def _until(seconds: float) -> float:
    """When the time of this command is over: it begins before anything was imported."""
    began: float = click.get_current_context().meta.get(BEGAN, monotonic())
    return began + seconds


def _search_seconds(seconds: float, asked: Scenario, until: float, workers: int) -> float:
    """What is left of a time for the search itself, when the start, reading, waiting for other
    processes, the plan's figures and the reasons are taken off; at least half of it."""
    left = until - monotonic()
    figures = FIGURES_SECONDS * (len(asked.patients) + len(asked.booked))
    figures = max(figures, WRITING_SHARE * (seconds - left))
    after = figures + _reasons_seconds(seconds) + (GRACE_SECONDS if workers > 1 else 0)
    return max(seconds / 2, left - after)


def _reasons_seconds(seconds: float) -> float:
    return min(REASONS_SECONDS, REASONS_SHARE * seconds)


def _reasons(
    demand: ClinicDemand, found: ClinicPlan, seconds: float, steps: int | None
) -> dict[str, Reasons]:
    """Why some are left out, looked for in a small part of the time that the plan had."""
    limit = None if steps is None else REASONS_STEPS
    return reasons(demand, found, seconds=_reasons_seconds(seconds), steps=limit)


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
    require_writable(out, scenario)
    asked, watch = read(scenario), _tell if progress else None
    demand = repair_demand_of(asked)
    found = repairs.repair(demand, seconds=seconds, steps=steps, seed=seed, watch=watch)
    body = repair_body(asked, found, _reasons(demand, found, LONGEST, steps))
    _write_plan(out, body, timed=steps is None)


@click.command()
@SCENARIO
@click.option(
    "--change", "changes", multiple=True, required=True, help="Such as chairs.capacity=7."
)
@click.option("--out", type=click.Path(path_type=Path), help="File for both plans, as JSON.")
@click.option("--seconds", default=30.0, show_default=True, type=click.FloatRange(0.1, 86400))
@click.option("--steps", type=click.IntRange(0), help="So many steps instead of a time.")
@click.option("--seed", default=1, show_default=True)
def simulate(
    *,
    scenario: Path,
    changes: tuple[str, ...],
    out: Path | None,
    seconds: float,
    steps: int | None,
    seed: int,
) -> None:
    """What if: plan as it is and changed, and tell the differences."""
    if out is not None:
        require_writable(out, scenario)
    asked = read(scenario)
    other = read_by(lambda _: changed(asked, changes), scenario)
    plans = [_planned(each, seconds, steps, seed) for each in (asked, other)]
    for line in differences(*plans):
        click.echo(line)
    if out is not None:
        both = {"changes": list(changes), "before": plans[0], "after": plans[1]}
        write(out, json.dumps(both, ensure_ascii=False, indent=1) + "\n")


def _planned(asked: Scenario, seconds: float, steps: int | None, seed: int) -> dict[str, object]:
    found = engine.plan(demand_of(asked), seconds=seconds, steps=steps, seed=seed)
    return plan_body(asked, found, {})


def _polished(
    asked: Scenario, demand: ClinicDemand, found: ClinicPlan, seconds: float
) -> ClinicPlan:
    """What the checker finds no fault with."""

    def accepts(other: ClinicPlan) -> bool:
        body: object = json.loads(json.dumps(plan_body(asked, other, {})))
        return not violations(asked, read_plan(body))

    return polishing.polish(demand, found, seconds=seconds, accepts=accepts, seed=found.seed)


def _write_plan(out: Path, body: dict[str, object], *, timed: bool) -> None:
    """A run by steps takes no time, so that the same steps give the same file."""
    told = body if timed else body | {"seconds": 0.0}
    write(out, json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def _tell(progress: Progress) -> bool:
    click.echo(
        f"{progress.share:.0%} cost {progress.cost} bound {progress.lower_bound} "
        f"placed {progress.placed}",
        err=True,
    )
    return True


@click.command()
@SCENARIO
@OUT
@click.option("--count", default=3, show_default=True, type=click.IntRange(1, 50))
def propose(scenario: Path, out: Path, count: int) -> None:
    """For each patient not booked, alone on the same calendar: the best plans, or why none."""
    require_writable(out, scenario)
    asked, shelf = read(scenario), Shelf()
    demand = demand_of(asked)
    proposer = Proposer(demand, shelf)
    quick.make_ready(wait=True)  # or the first patient's milliseconds would count it
    proposer.warm_up()
    why = partial(_why_none, demand, shelf)
    numbers = range(len(asked.waiting))
    lines = (_proposal(asked, proposer, number, count, why) for number in numbers)
    write(out, "".join(f"{line}\n" for line in lines))


def _proposal(
    asked: Scenario, proposer: Proposer, number: int, count: int, why_none: WhyNone
) -> str:
    began, patient = perf_counter(), asked.waiting[number]
    try:
        plans = proposer.best_plans(number, count)
    except Late:
        plans = []
    why = [] if plans else why_none(number)
    taken = 1000 * (perf_counter() - began)
    told = [each.as_json() for each in why]
    return proposal_line(asked, patient.id, plans, told, taken)


def _why_none(demand: ClinicDemand, shelf: Shelf, number: int) -> list[Obstacle]:
    series, patience = demand.demands[number].series, Patience.of(REFUSAL_SECONDS)
    found = why_not(series, demand.calendar, patience=patience, shelf=shelf)
    return found or [unknown(series)]


@click.command()
@SCENARIO
@click.argument("plan_file", metavar="PLAN", type=click.Path(path_type=Path))
@click.option(
    "--as", "reading", type=click.Choice(["plan", "repair"]), help="Otherwise whichever fits."
)
def check(scenario: Path, plan_file: Path, reading: str | None) -> None:
    """List every rule that a plan or a repair breaks, one a line; exit 1 if there is any."""
    asked = read(scenario)
    found = violations(asked, read_by(read_plan, plan_file), reading)
    for line in found:
        click.echo(line)
    sys.exit(1 if found else 0)
