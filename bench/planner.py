"""The clinic-wide planner beside others, on made-up clinics; and repairs after a bad morning.

`python -m bench planner [SECONDS] [--write]`: so many seconds for each plan (60 in
docs/benchmarks.md, into which `--write` puts what was found).
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from bench import side_by_side
from bench.machine import machine, quantile
from bench.scenarios import FIRST, scenario
from server.planner.check.checking import violations
from server.planner.check.plan_file import read_plan
from server.planner.files.questions import demand_of, repair_demand_of
from server.planner.files.reading import read_scenario
from server.planner.files.writing import plan_body, repair_body
from server.planner.plan import plan
from server.planner.repair import repair

DOCUMENT = Path("docs/benchmarks.md")
FROM, TO = "<!-- bench-planner -->", "<!-- bench-planner ends -->"
REPAIRED = 150, 0.6
MORNINGS = ("chairs", "nurses", "th-0", "th-1", "th-2", "on-site")
LONG = 20
"""So many seconds a repair is looked for to compare with: the best that is known of it."""


def main(arguments: list[str]) -> None:
    """Print the table and the repairs; every plan is looked over by the checker."""
    seconds = float(next(iter(arguments), "60"))
    told = [f"{datetime.now(UTC).date()}, {seconds:.0f} s for each plan, {machine()}.", ""]
    print(told[0])
    for line in side_by_side.lines(seconds):
        print(line, flush=True)
        told.append(line)
    told += ["", *_repairs(seconds)]
    print("\n".join(told[told.index("", 2) :]))
    if "--write" in arguments:
        write_down(told)


def write_down(told: list[str], document: Path = DOCUMENT) -> None:
    """Put the lines where the document keeps what this bench found last."""
    before, _, rest = document.read_text(encoding="utf-8").partition(FROM)
    _, _, after = rest.partition(TO)
    whole = "\n".join([before + FROM, *told, TO + after])
    document.write_text(whole, encoding="utf-8")


def _repairs(seconds: float) -> list[str]:
    """One thing away for a day, on six days of the middle of a plan."""
    content = scenario(*REPAIRED, 1)
    asked = read_scenario(content)
    body = json.loads(json.dumps(plan_body(asked, plan(demand_of(asked), seconds=seconds), {})))
    content["booked"] = [{**each, "frozen": []} for each in body["series"]]
    times, lines = [], []
    for number, what in enumerate(MORNINGS):
        taken, line = _repaired(content, what, str(FIRST.replace(month=2, day=8 + number)))
        times.append(taken)
        lines.append(line)
    slowest = f"median {median(times):.2f} s, slowest {quantile(times, 0.99):.2f} s"
    patients, load = REPAIRED
    return [f"Repairs of {patients} patients at load {load}: {slowest}.", "", *lines]


def _repaired(content: Any, what: str, day: str) -> tuple[float, str]:
    broken = json.loads(json.dumps(content)) | {"now": f"{day}T07:00:00-05:00"}
    one = next(each for each in broken["bookables"] if each["id"] == what)
    one["exceptions"] = [*one.get("exceptions", []), {"day": day, "capacity": 0}]
    asked = read_scenario(broken)
    demand = repair_demand_of(asked)
    started = perf_counter()
    found = repair(demand, seconds=2)
    taken = perf_counter() - started
    told = json.loads(json.dumps(repair_body(asked, found, {})))
    assert not violations(asked, read_plan(told), "repair")
    known = repair(demand, seconds=LONG)
    line = f"- {what} away on {day}: cost {found.cost}, not below {found.lower_bound}; "
    line += f"{known.cost} after {LONG} s; "
    return taken, line + f"{len(found.unplaced)} series cannot be saved"
