"""What is claimed of each bookable, in whole minutes: worked out once for all searches that ask
about the same claims."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from server.domain.calendars import Claim
from server.planner.axis import IntArray, TimeAxis, between


@dataclass(frozen=True, slots=True, eq=False)
class Stays:
    """Claims in whole minutes, rounded outwards, since 1970 or an axis' beginning; one shape for
    all."""

    begin: IntArray
    end: IntArray
    units: IntArray

    def since(self, axis: TimeAxis) -> "Stays":
        """Counted from the axis' beginning instead of from 1970."""
        origin = int(axis.origin.timestamp()) // 60
        return Stays(self.begin - origin, self.end - origin, self.units)


NONE = Stays(*(np.zeros(0, dtype=np.int64) for _ in range(3)))


def stays_by_bookable(claims: Iterable[Claim]) -> Mapping[str, Stays]:
    """All claims, since 1970, by the bookable's id. Raises ValueError for a time without a zone."""
    sorted_: dict[str, list[Claim]] = defaultdict(list)
    for each in claims:
        sorted_[each.bookable_id].append(each)
    return {bookable: stays_of(mine) for bookable, mine in sorted_.items()}


def stays_of(claims: Sequence[Claim]) -> Stays:
    """Claims of one bookable, since 1970. Raises ValueError for a time without a zone."""
    return Stays(
        begin=np.floor(_minutes([each.starts_at for each in claims])).astype(np.int64),
        end=np.ceil(_minutes([each.ends_at for each in claims])).astype(np.int64),
        units=np.array([each.units for each in claims], dtype=np.int64),
    )


def taken(stays: Stays, pieces: int, fine: int) -> IntArray:
    """Units taken in each piece of `fine` minutes from the axis' beginning; shape (pieces,)."""
    rises = np.zeros(pieces + 1, dtype=np.int64)
    np.add.at(rises, between(stays.begin // fine, 0, pieces), stays.units)
    np.subtract.at(rises, between(-(-stays.end // fine), 0, pieces), stays.units)
    found: IntArray = np.cumsum(rises)[:pieces]
    return found


def _minutes(instants: Sequence[datetime]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    if any(each.tzinfo is None for each in instants):
        raise ValueError("a claim has a time without a zone")
    return np.array([each.timestamp() for each in instants], dtype=np.float64) / 60
