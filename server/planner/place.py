"""The best places for all visits of one series at once: proven, not merely found."""

from server.domain.calendars import ClinicCalendar
from server.domain.placement import SeriesPlan, SeriesToPlace, Weights
from server.planner.cost import cost_of
from server.planner.patience import Patience
from server.planner.series.alternatives import ranked
from server.planner.series.problem import problem, to_place
from server.planner.series.search import Search

__all__ = ["STANDARD", "best_plans", "cost_of"]

STANDARD = Weights()
"""What drawbacks cost where a clinic says nothing else."""


def best_plans(
    series: SeriesToPlace,
    calendar: ClinicCalendar,
    *,
    weights: Weights = STANDARD,
    count: int = 3,
    patience: Patience | None = None,
) -> list[SeriesPlan]:
    """The best plan, and others that differ from it in a way a person cares about.

    Empty exactly when no plan exists. The first is of least cost among all plans. The further ones
    begin on another day, keep somebody else, or begin in the other half of the day; each is the
    best of its kind. Raises ValueError naming a part whose length is not set, and Late where
    `patience` ends before.
    """
    if not to_place(series):
        return [SeriesPlan(placements=())]
    if series.last_day < series.ready_on:
        return []
    return ranked(Search(problem(series, calendar, weights), patience=patience), count)
