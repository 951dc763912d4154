"""Twelve weeks of arrivals, day by day: nobody knows who comes tomorrow, and what is booked stays.

`python -m bench arrivals [PATIENTS] [LOAD] [SEED]`. Every morning those who arrived, and those who
still wait, are planned around all that is booked: by this engine, by this engine with room held
back for urgent patients who are expected, and by first fit in the order of arrival. Of all visits
one in ten is missed, half of them called off in the morning; the rest of that series is then
planned anew by the exact search with the fewest changes, alike for all. A tenth of the patients is
urgent: begun within three weeks or not at all.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from statistics import mean
from time import perf_counter

from bench.first_fit import in_order
from bench.machine import machine, quantile
from bench.practice import Place, Practice
from bench.scenarios import scenario
from server.domain.placement import SeriesPlan
from server.planner.clinic.layout import lay_out
from server.planner.demand import ClinicDemand, Demand
from server.planner.files.questions import series_of
from server.planner.files.reading import read_scenario
from server.planner.files.scenario import Scenario, ScenarioPatient
from server.planner.holding_back import plan_holding_back
from server.planner.plan import plan

ARRIVAL_DAYS = 84
WEEKS = 18
"""Over which the load is reckoned: arrivals, and the last series to its end."""
STEPS = 300
EXPECTED_DAYS = 14
"""For those expected within so many days room is held back."""
URGENT_DAYS, URGENT_PRIORITY = 21, 3
"""Within how many days an urgent series begins, and how dear it is to leave out (scenarios.py)."""
HEAD = (
    "| patients | load | by | placed | mean days to the first infusion | 9 of 10 within | "
    "urgent begun in time | visits missed | still in their window | latest time lifted | "
    "left out | series ended | patients moved | visits moved | seconds |"
)


def main(arguments: list[str]) -> None:
    """One line for each way of placing, on the same arrivals and the same luck."""
    patients, load, seed = ([*arguments, "150", "0.6", "1"][n] for n in _places(arguments))
    size = int(patients), float(load), int(seed)
    content = scenario(*size, referral_days=ARRIVAL_DAYS, weeks=WEEKS)
    asked = read_scenario(content)
    print(f"Arrivals day by day ({machine()})\n{HEAD}")
    print("|---" * (HEAD.count("|") - 1) + "|")
    holding = ExpectingUrgent(asked)
    ways = ("Tandem", by_engine), ("Tandem, holding back", holding), ("first fit", by_first_fit)
    for name, place in ways:
        began = perf_counter()
        lived = run(asked, place, int(seed))
        cells = patients, load, name, *_figures(asked, lived), f"{perf_counter() - began:.0f}"
        print(f"| {' | '.join(cells)} |", flush=True)


def _places(arguments: list[str]) -> list[int]:
    """Where each of three arguments stands in a list that ends with the usual ones."""
    given = len(arguments)
    return [n if n < given else given + n for n in range(3)]


def by_engine(demand: ClinicDemand) -> Mapping[str, SeriesPlan]:
    """All who wait at once."""
    return plan(demand, steps=STEPS).placed


class ExpectingUrgent:
    """All who wait at once, with room for as many urgent patients as came so far in so many days.

    What they will need is not known: each is taken to be like somebody who has come already.
    """

    def __init__(self, asked: Scenario) -> None:
        self._asked = asked

    def __call__(self, demand: ClinicDemand) -> Mapping[str, SeriesPlan]:
        """Who waits and finds a place."""
        today = max(each.series.not_before for each in demand.demands).date()
        return plan_holding_back(demand, self._expected(today), steps=STEPS).placed

    def _expected(self, today: date) -> list[Demand]:
        come = [each for each in self._asked.patients if each.ready_on <= today]
        passed = (today - self._asked.first_day).days + 1
        urgent = sum(each.start_by is not None for each in come)
        many = round(EXPECTED_DAYS * urgent / passed)
        days = [today + timedelta(days=EXPECTED_DAYS * (n + 1) // (many + 1)) for n in range(many)]
        alike = sorted(come, key=lambda each: each.ready_on)[-many:]
        return [self._urgent(*each) for each in zip(alike, days, strict=False)]

    def _urgent(self, like: ScenarioPatient, day: date) -> Demand:
        series = series_of(self._asked, like)
        urgent = replace(series, ready_on=day, start_by=day + timedelta(days=URGENT_DAYS))
        return Demand(id=f"expected like {like.id}", series=urgent, priority=URGENT_PRIORITY)


def by_first_fit(demand: ClinicDemand) -> Mapping[str, SeriesPlan]:
    """One after the other as they came."""
    if not demand.demands:
        return {}
    plans = in_order(lay_out(demand), list(range(len(demand.demands)))).plans()
    return {demand.demands[n].id: each for n, each in plans.items()}


def run(asked: Scenario, place: Place, seed: int) -> Practice:
    """Live through all days, until the last visit is over."""
    practice, day = Practice(asked, place, seed), asked.first_day
    while day <= asked.last_day:
        waiting = _waiting(asked, practice, day)
        if waiting and day.weekday() < 5:
            practice.admit(waiting, day)
        practice.live(day)
        day += timedelta(days=1)
    return practice


def _waiting(asked: Scenario, practice: Practice, day: date) -> list[ScenarioPatient]:
    """Those who have come and have no place, the first to come first."""
    here = [
        each
        for each in asked.patients
        if each.ready_on <= day
        and each.id not in practice.courses
        and day <= (each.start_by or each.ready_on + timedelta(days=ARRIVAL_DAYS))
    ]
    return sorted(here, key=lambda each: each.ready_on)


def _figures(asked: Scenario, lived: Practice) -> list[str]:
    delays = [float(each) for each in lived.delays.values()]
    urgent = [each.id for each in asked.patients if each.start_by]
    begun = sum(each in lived.delays for each in urgent)
    told = lived.tally
    found = (told.missed, told.in_window, told.lifted, told.left_out, told.ended)
    return [
        str(len(delays)),
        f"{mean(delays):.1f}",
        f"{quantile(delays, 0.9):.0f}",
        f"{begun} of {len(urgent)}",
        *map(str, found),
        str(len(told.moved)),
        str(told.visits_moved),
    ]
