"""How long it takes to propose a series, and to say why there is none, in a clinic of 150 patients.

`python -m bench propose [SECONDS]`: so many seconds (20) for a plan for everybody; 110 of them are
booked, and three plans each are asked for the others, one patient after the other. Then the same
patients are asked for again with something in their way, so that there is none.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from time import perf_counter

from bench.machine import machine, quantile
from bench.scenarios import scenario
from server.domain.calendars import ClinicCalendar
from server.domain.placement import SeriesPlan, SeriesToPlace
from server.planner import quick
from server.planner.clinic.ledger import claims_of
from server.planner.clinic.proposing import Proposer
from server.planner.demand import ClinicDemand, Demand
from server.planner.explain import why_not
from server.planner.files.questions import demand_of
from server.planner.files.reading import read_scenario
from server.planner.plan import plan

BOOKED = 110


def main(arguments: list[str]) -> None:
    """Print medians and 99th percentiles."""
    whole = demand_of(read_scenario(scenario(150, 0.6, 1)))
    found = plan(whole, seconds=float((arguments or ["20"])[0]))
    booked = dict(list(found.placed.items())[:BOOKED])
    asked = _others(whole, booked)
    quick.make_ready(wait=True)
    proposer = Proposer(asked)
    proposer.warm_up()
    numbers = range(len(asked.demands))
    print(f"{len(booked)} patients booked, {len(numbers)} others ({machine()})")
    _print("three plans", [_timed(partial(proposer.best_plans, n, 3)) for n in numbers])
    refused = [each for demand in asked.demands for each in _hindered(demand, asked.calendar)]
    why_not(*refused[0])
    _print("why there is none", [_timed(partial(why_not, *each)) for each in refused])


def _others(whole: ClinicDemand, booked: dict[str, SeriesPlan]) -> ClinicDemand:
    """Everybody else, on a calendar that holds what is booked."""
    known = {each.id: each for each in whole.demands}
    taken = [claim for who, plan in booked.items() for claim in claims_of(known[who], plan)]
    calendar = replace(whole.calendar, claims=tuple(taken))
    others = tuple(each for each in whole.demands if each.id not in booked)
    return replace(whole, calendar=calendar, demands=others)


def _hindered(
    demand: Demand, calendar: ClinicCalendar
) -> Iterator[tuple[SeriesToPlace, ClinicCalendar]]:
    """The patient comes on Mondays only; must begin at once; their therapists are away; there is
    no chair."""
    series = demand.series
    mondays = tuple(replace(row, days=(0,)) for row in series.patient.weekly or ())
    yield replace(series, patient=replace(series.patient, weekly=mondays)), calendar
    yield replace(series, start_by=series.ready_on), calendar
    for gone in (series.candidates["therapist"], ("chairs",)):
        without = {each: replace(calendar.bookables[each], weekly=()) for each in gone}
        yield series, replace(calendar, bookables={**calendar.bookables, **without})


def _timed(what: Callable[[], object]) -> float:
    began = perf_counter()
    what()
    return 1000 * (perf_counter() - began)


def _print(what: str, took: list[float]) -> None:
    half, most = quantile(took, 0.5), quantile(took, 0.99)
    print(f"  {what}: median {half:.1f} ms, p99 {most:.1f} ms ({len(took)} times)")
