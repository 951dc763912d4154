"""A short run of the races; `python -m bench races` runs the long one."""

import pytest

from tests.races.race import Race, broken, false_refusals, run

ATTEMPTS = 240


@pytest.mark.parametrize("chairs", [1, 3])
def test_processes_racing_for_few_times_never_double_book(database_url: str, chairs: int) -> None:
    race = Race(url=database_url, attempts=ATTEMPTS, processes=4, chairs=chairs, days=6)

    outcome = run(race)

    assert sum(outcome.counts.values()) == ATTEMPTS
    assert outcome.counts["series done"] > 0
    assert any("refused" in said for said in outcome.counts)
    assert broken(database_url) == []


def test_nobody_is_refused_a_time_that_is_free(database_url: str) -> None:
    race = Race(url=database_url, attempts=ATTEMPTS, processes=4, chairs=3, days=4, moving=False)

    outcome = run(race)

    assert outcome.refused
    assert false_refusals(database_url, outcome.refused) == 0
    assert broken(database_url) == []
