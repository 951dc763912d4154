"""What earlier questions have found out about where a visit could begin, for later ones about the
same bookables."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from server.planner.axis import TimeAxis
from server.planner.clinic.arrays import FlagArray, Room


@dataclass(frozen=True, slots=True, eq=False)
class FreeTimes:
    """At which atoms one staffing is free, and on which days that is still to be found out."""

    free: FlagArray
    stale: FlagArray


def nothing_known(axis: TimeAxis) -> FreeTimes:
    """Everything is still to be found out."""
    return FreeTimes(
        free=np.zeros(axis.atoms, dtype=np.uint8), stale=np.ones(axis.days, dtype=np.uint8)
    )


def in_one(known: Sequence[FreeTimes], axis: TimeAxis) -> tuple[FlagArray, FlagArray]:
    """Those of all staffings as the two tables of a room."""
    free = np.array([each.free for each in known], dtype=np.uint8)
    stale = np.array([each.stale for each in known], dtype=np.uint8)
    return free.reshape(len(known), axis.atoms), stale.reshape(len(known), axis.days)


def keep(known: Sequence[FreeTimes], room: Room) -> None:
    """Note what a room has found out, while nobody had a place there that was not given back: where
    somebody has, the days of it are stale."""
    for number, each in enumerate(known):
        each.free[:], each.stale[:] = room.free[number], room.stale[number]
