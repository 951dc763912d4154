"""Clinics far larger than usual, through `tandem plan` as somebody would run it: does it keep its
time and its memory, and answer with a plan and a bound?

`python -m bench big [SECONDS]`: 500 patients at three sites, and 2,000 at one.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.machine import machine
from bench.scenarios import network, scenario
from server.planner.check.checking import violations
from server.planner.check.plan_file import read_plan
from server.planner.files.reading import read_scenario

PEAK = """
import resource, sys
from server.cli import main
main(sys.argv[1:], standalone_mode=False)
kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
print(*(resource.getrusage(kind).ru_maxrss // 1024 for kind in kinds))
"""


def main(arguments: list[str]) -> None:
    """One line a clinic; every plan is looked over."""
    seconds = float(arguments[0]) if arguments else 60
    print(f"tandem plan --seconds {seconds:.0f} ({machine()})")
    print("| patients | sites | placed | cost | bound | seconds | memory (MB) | faults |")
    print("|---|---|---|---|---|---|---|---|")
    for content, sites in ((network(500, 0.6, 1), 3), (scenario(2000, 0.7, 1), 1)):
        with tempfile.TemporaryDirectory() as folder:
            _planned(content, sites, seconds, Path(folder))


def _planned(content: dict[str, Any], sites: int, seconds: float, folder: Path) -> None:
    asked, out = folder / "asked.json", folder / "plan.json"
    asked.write_text(json.dumps(content))
    words = ("plan", str(asked), "--out", str(out), "--seconds", str(seconds))
    began = perf_counter()
    told = subprocess.run(
        [sys.executable, "-c", PEAK, *words], check=True, capture_output=True, text=True
    )
    took = perf_counter() - began
    plan = json.loads(out.read_text())
    faults = len(violations(read_scenario(content), read_plan(plan)))
    own, largest_worker = told.stdout.split()[-2:]
    print(
        f"| {len(content['patients'])} | {sites} | {len(plan['series'])} | {plan['cost']} | "
        f"{plan['lower_bound']} | {took:.1f} | {own}, largest worker {largest_worker} | {faults} |",
        flush=True,
    )
