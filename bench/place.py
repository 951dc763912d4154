"""How long it takes to propose a whole series: 16 visits in a clinic with 200 patients booked."""

from datetime import timedelta
from statistics import median
from time import perf_counter

from bench.clinic import FIRST, clinic
from bench.machine import machine, quantile
from server.domain.booking import breaches
from server.planner.explain import why_not
from server.planner.place import best_plans

SERIES = 200


def main(arguments: list[str]) -> None:
    """Print medians and 99th percentiles in milliseconds; every plan is proven against the rules.

    The one argument is how many series to place.
    """
    made, missed = clinic()
    print(f"Placing one series ({machine()})")
    print(f"  {200 - missed} patients booked; 6 chairs, 8 therapists, 90 days, 15 minutes")
    best, found, reasons = [], [], []
    for _ in range(int(arguments[0]) if arguments else SERIES):
        series = made.referral(FIRST + timedelta(days=made.random.randrange(30)))
        started = perf_counter()
        best_plans(series, made.calendar, count=1)
        best.append(perf_counter() - started)
        started = perf_counter()
        plans = best_plans(series, made.calendar)
        found.append(perf_counter() - started)
        for plan in plans:
            assert not breaches(series, plan, made.calendar, now=series.not_before)
        if not plans:
            started = perf_counter()
            why_not(series, made.calendar)
            reasons.append(perf_counter() - started)
    _print("the best plan of 16 visits", best)
    _print("three best plans of 16 visits", found)
    _print("why there is none", reasons)


def _print(what: str, seconds: list[float]) -> None:
    if seconds:
        taken = [1000 * each for each in seconds]
        figures = f"median {median(taken):.1f} ms, p99 {quantile(taken, 0.99):.1f} ms"
        print(f"  {what}: {figures} ({len(taken)} times)")
