"""The few visits that cannot be placed together, out of a series that has no plan."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from server.domain.placement import SeriesToPlace

Possible = Callable[[SeriesToPlace], bool]


def core(series: SeriesToPlace, codes: Sequence[str], possible: Possible) -> tuple[str, ...]:
    """The shortest beginning of the visits to place (in protocol order) that has no plan, without
    the longest head that can be spared. Its last visit is the one that fails.

    Leaving visits out never makes it harder, so both ends are found by halving.
    """
    end = first_number(1, len(codes), lambda n: not possible(only(series, codes[:n])))
    spared = first_number(0, end, lambda n: possible(only(series, codes[n:end])))
    return tuple(codes[max(0, spared - 1) : end])


def only(series: SeriesToPlace, codes: Sequence[str]) -> SeriesToPlace:
    """The series with these visits and the fixed ones alone."""
    kept = {*codes, *series.fixed}
    return replace(series, visits=tuple(each for each in series.visits if each.code in kept))


def first_number(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The least number for which something holds that holds from there on; `high` at the latest."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
