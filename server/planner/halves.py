"""The halves of a day, for those who prefer one: in whole arrays of starts."""

import numpy as np
from numpy.typing import NDArray

from server.domain.protocols import VisitDefinition
from server.planner.axis import IntArray, TimeAxis
from server.planner.cost import NOON

BoolArray = NDArray[np.bool_]


def late_starts(axis: TimeAxis, visit: VisitDefinition, starts: IntArray) -> BoolArray:
    """From which of these starts the middle of a visit lies in the second half of the day."""
    middle, rest = divmod(sum(visit.patient_minutes), 2 * axis.atom_minutes)
    at = np.minimum(starts + middle, axis.atoms - 1)
    late: BoolArray = 2 * axis.minute_of[at] + rest >= 2 * NOON
    return late
