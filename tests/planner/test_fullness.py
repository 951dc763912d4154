"""How full a day can be: never more than that is taken, and it is full before nothing is left."""

from itertools import product

import numpy as np
import pytest

from server.planner.bounds.fullness import Work, fullest


def infusions(chairs: int, nurses: int, atoms: int = 40) -> int:
    """The most that infusions of ten quarters of an hour take of chairs, with two nurses for three
    of them and one for the others but the last."""
    starts = range(atoms - 9)
    takes = np.zeros((len(starts), 2 * atoms), dtype=np.int64)
    for n in starts:
        takes[n, n : n + 10] = 1
        takes[n, atoms + n : atoms + n + 9] = 1
        takes[n, atoms + n + 2 : atoms + n + 5] = 2
    left = np.array([chairs] * atoms + [nurses] * atoms)
    return fullest(takes, np.full(len(starts), 10), left)


def test_seven_chairs_with_eleven_nurses_are_never_full_all_day() -> None:
    assert infusions(chairs=7, nurses=11) == 250 < 7 * 40


def test_with_nurses_enough_only_whole_infusions_count() -> None:
    assert infusions(chairs=2, nurses=9, atoms=39) == 2 * 30


@pytest.mark.parametrize("seed", range(40))
def test_no_choice_of_whole_visits_takes_more(seed: int) -> None:
    chance = np.random.default_rng(seed)
    takes = chance.integers(0, 3, (4, 6))
    takes[:, 0] += 1
    worth, left = chance.integers(1, 7, 4), chance.integers(0, 9, 6)

    most = max(
        int(np.dot(counts, worth))
        for counts in product(range(9), repeat=4)
        if (np.array(counts) @ takes <= left).all()
    )

    assert most <= fullest(takes, worth, left)


def test_whoever_has_little_patience_is_told_more_than_there_may_be_and_never_less() -> None:
    takes, left = np.eye(4, dtype=np.int64) + 1, np.full(4, 6, dtype=np.int64)
    worth = np.full(4, 5, dtype=np.int64)

    hasty, patient = fullest(takes, worth, left, Work(0)), fullest(takes, worth, left)

    assert hasty >= patient
