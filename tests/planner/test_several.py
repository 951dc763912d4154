"""Two processes plan one clinic."""

from time import monotonic

from server.planner.demand import Progress
from server.planner.files.questions import demand_of
from server.planner.files.reading import read_scenario
from server.planner.several import START_SECONDS, Wish, plan_by_several
from tests.planner.scenarios import scenario


def wish(patients: int, *, seconds: float = 60, steps: int | None = 30) -> Wish:
    demand = demand_of(read_scenario(scenario(patients)))
    return Wish(demand=demand, seconds=seconds, steps=steps, seed=4)


def test_two_never_find_a_dearer_plan_than_one_and_the_same_again() -> None:
    alone = plan_by_several(wish(40), 1)

    first, second = (plan_by_several(wish(40), 2) for _ in range(2))

    assert first.cost <= alone.cost
    assert (first.cost, first.placed) == (second.cost, second.placed)
    assert first.lower_bound is not None
    assert alone.lower_bound is not None
    assert alone.lower_bound <= first.lower_bound <= first.cost


def test_whoever_stops_the_first_waits_for_nobody() -> None:
    def stop(_: Progress) -> bool:
        return False

    began = monotonic()
    plan_by_several(wish(40, seconds=600, steps=None), 2, stop)

    assert monotonic() - began < 60


def test_a_clinic_in_which_nobody_waits_needs_no_others() -> None:
    began = monotonic()

    assert plan_by_several(wish(0, seconds=600, steps=None), 8).cost == 0

    assert monotonic() - began < START_SECONDS * 10
