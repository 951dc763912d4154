"""A series whose windows do not come apart: by the complete search where that answers soon, else by
CP-SAT, else by the complete search for as long as anybody waits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from time import monotonic

from server.domain.placement import SeriesPlan
from server.planner.cp_sat.alone import best_alone
from server.planner.demand import ClinicDemand
from server.planner.patience import CannotTell, Late, Patience
from server.planner.place import best_plans

SOON_SECONDS, SOLVER_SECONDS, LONG_SECONDS = 2.0, 60.0, 60.0
LEAST_SECONDS = 3.0
"""CP-SAT needs so long to begin at all."""
Turn = Callable[[], list[SeriesPlan]]


@dataclass
class Completely:
    """Asked about one series after the other."""

    until: float | None = None
    """When nobody waits any longer, by the monotonic clock."""
    repeatable: bool = False
    """Whether the same question is to have the same answer: then CP-SAT, which may find another of
    the best plans each time, comes last."""
    _slow: set[str] = field(default_factory=set)

    def best_plans(self, demand: ClinicDemand, number: int, count: int) -> list[SeriesPlan]:
        """As `place.best_plans` for the series with this number; the best alone where CP-SAT finds
        it. Raises Late."""
        who, searched = demand.demands[number].id, partial(self._searched, demand, number, count)
        turns: list[Turn] = [partial(self._solved, demand, number, count)]
        if not self.repeatable and who not in self._slow:
            turns.insert(0, partial(searched, SOON_SECONDS))
        turns.insert(0 if self.repeatable else len(turns), partial(searched, LONG_SECONDS))
        for turn in turns:
            try:
                return turn()
            except (Late, CannotTell):
                self._slow.add(who)
        raise Late

    def _searched(
        self, demand: ClinicDemand, number: int, count: int, seconds: float
    ) -> list[SeriesPlan]:
        series, patience = demand.demands[number].series, Patience(until=self._end(seconds))
        patience.look()
        return best_plans(
            series, demand.calendar, weights=demand.weights, count=count, patience=patience
        )

    def _solved(self, demand: ClinicDemand, number: int, count: int) -> list[SeriesPlan]:
        seconds = self._end(SOLVER_SECONDS) - monotonic()
        if seconds < LEAST_SECONDS:
            raise CannotTell
        best = best_alone(demand, number, seconds)
        return [] if best is None or count < 1 else [best]

    def _end(self, seconds: float) -> float:
        end = monotonic() + seconds
        return end if self.until is None else min(end, self.until)
