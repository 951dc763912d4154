"""A clinic and all series that want places, as flat arrays: the form that compiled code reads.

Numbers stand for everything: bookables, series, visits and staffings (what one visit takes when its
choices are made in one way). Times are atoms of one axis for all series. Rows that belong to
something else lie together; their owner says `x_from` and `x_to` (exclusive). -1 means none.
"""

from collections.abc import Iterable
from functools import cache
from itertools import accumulate, chain, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
SmallArray = NDArray[np.int32]
FlagArray = NDArray[np.uint8]
Rows = NDArray[Any]
"""A table: one record a row, its columns as below."""

ATOM = ("day", "minute", "on_grid")
STAFFING = ("length", "need_from", "need_to")
NEED = ("bookable", "begin", "end", "units")
BOOKABLE = ("user_from", "user_to")
"""`users` lists the staffings that take of a bookable."""
SHAPE = (
    "visits",
    "days_at",
    "step_from",
    "step_to",
    "apart_from",
    "apart_to",
    "fold_from",
    "fold_to",
    "folded",
)
"""`days_at`: where its matrix of (visits x visits) begins in `nearest` and `farthest`; `folded`:
whether its visits are settled by folding.py."""
RELATION = (
    "first",
    "second",
    "least",
    "most",
    "bound_from",
    "bound_to",
    "target_from",
    "target_to",
)
BOUND = ("visit", "offset", "least", "most")
TARGET = ("visit", "offset", "days", "weight")
"""As `relations.Target`."""
STEP = (
    "visit",
    "onto",
    "relation",
    "between_from",
    "between_to",
    "wishes",
    "also",
    "other",
    "near",
    "far",
    "makes",
)
"""`wishes`: how many targets its relations have. For folding.py: `also` is the second visit that it
hangs on, by the relation `other`; `near` and `far` are the tables that bind it to the two (counted
from the shape's first), `makes` that of the two."""
BETWEEN = ("visit", "to_onto", "to_settled")
"""A visit between two, with its relations to the one settled onto and the one being settled."""
PAIR = ("one", "other")
SERIES = (
    "shape",
    "lead",
    "delayed",
    "ready",
    "last",
    "start_by",
    "not_before",
    "pattern",
    "prefers",
    "left_out",
    "look",
    "visit_from",
    "visit_to",
    "way_from",
    "way_to",
)
"""`delayed` is the visit whose day costs, `start_by` the last day of the lead, `prefers` 1 for
mornings and 2 for afternoons, `left_out` a price, `look` how many days are looked at first."""
VISIT = (
    "middle",
    "middle_rest",
    "mask",
    "extra",
    "held",
    "held_day",
    "stay_from",
    "stay_to",
)
"""`middle` of the patient's stay in atoms after the start, and the rest in half minutes."""
STAY = ("begin", "end")
WAY = ("cost", "slot_from")
"""One way to make the kept choices; it has a slot for each visit of its series."""
SLOT = ("staffing_from", "staffing_to", "held")
MENU = (
    "staffing_from",
    "staffing_to",
    "stay_from",
    "stay_to",
    "pattern",
    "prefers",
    "not_before",
    "middle",
    "middle_rest",
)
"""What a visit may choose from, whichever series it belongs to (see by_day.py)."""
PLACE = ("start", "staffing")
STANDING = ("way", "cost", "look")
"""`look`: how many days the leading visit is looked for at first, from what was found before."""
CASE = ("cost", "bars", "open")
BAR = ("visit", "begin", "end")
WORK = (
    "count",
    "chosen",
    "day_from",
    "day_to",
    "start",
    "staffing",
)


class Terms(NamedTuple):
    """What drawbacks cost, in the unit of the run. `other_time` comes to `moved` where a held visit
    keeps not even its time; it only breaks ties."""

    delay_day: int
    against_preference: int
    moved: int
    moved_day: int
    other_time: int


class InDays(NamedTuple):
    """What settles a series when only the day of each visit counts: atoms are days, relations are
    the fewest and the most days from one visit to another (in_days.py). No relations where they
    are not known."""

    day_start: IntArray
    atoms: Rows
    shapes: Rows
    relations: Rows
    bounds: Rows
    targets: Rows
    steps: Rows
    betweens: Rows
    folds: Rows


class Clinic(NamedTuple):
    """Everything that stays the same during a run. `day_start` (days + 1) are atoms; `present`
    (patterns, atoms) tells for how long from each atom on the patient can be there; `masks` (masks,
    atoms) which starts the visits allow that stay where they are, `extras` (extras, atoms) what
    each start costs for being off the days that these make one wish."""

    day_start: IntArray
    atoms: Rows
    staffings: Rows
    needs: Rows
    bookables: Rows
    users: IntArray
    shapes: Rows
    nearest: IntArray
    farthest: IntArray
    relations: Rows
    bounds: Rows
    targets: Rows
    steps: Rows
    betweens: Rows
    folds: Rows
    aparts: Rows
    series: Rows
    visits: Rows
    stays: Rows
    ways: Rows
    slots: Rows
    slot_staffings: IntArray
    present: SmallArray
    masks: FlagArray
    extras: SmallArray
    terms: Terms
    in_days: InDays


class Room(NamedTuple):
    """What is left, and who has what; compiled code changes these in place. `configured` and `left`
    (bookables, atoms); `free` (staffings, atoms) is right where `stale` (staffings, days) is 0;
    `price` (staffings, atoms) is added to costs where mode[0] is set; where mode[1] is set, visits
    of one patient may meet; a place may cost mode[2] more than the best there is. `places` (visits
    of all series), `standing` (series)."""

    configured: SmallArray
    left: SmallArray
    free: FlagArray
    stale: FlagArray
    price: IntArray
    mode: IntArray
    places: Rows
    standing: Rows


class Desk(NamedTuple):
    """Working space for one series at a time: the possible starts of each visit (visits, atoms),
    their costs, the best partner of each (an index); and a row of work for each visit.

    Where visits got into each other's way there are several cases (see clashes.py): each with its
    cost, its starts (cases, visits), and the times from which visits are barred (`bars`, so many
    for each case).

    `tables` and where each begins (`tables_at`) are for folding.py."""

    atom: IntArray
    cost: IntArray
    partner: IntArray
    work: Rows
    cases: Rows
    case_starts: IntArray
    bars: Rows
    tables: IntArray
    tables_at: IntArray


def table(columns: tuple[str, ...], rows: Iterable[Iterable[int]]) -> Rows:
    """Rows of whole numbers as an array of records."""
    return np.fromiter(chain.from_iterable(rows), dtype=np.int64).view(_kind(columns))


def empty(columns: tuple[str, ...], count: int, value: int = -1) -> Rows:
    """So many rows that hold one value throughout."""
    return np.full(count * len(columns), value, dtype=np.int64).view(_kind(columns))


@cache
def _kind(columns: tuple[str, ...]) -> "np.dtype[np.void]":
    return np.dtype([(name, np.int64) for name in columns])


def spans(lengths: Iterable[int]) -> list[tuple[int, int]]:
    """Where each stretch begins and ends when they lie one behind the other."""
    return list(pairwise(accumulate(lengths, initial=0)))


def column(values: Iterable[int]) -> IntArray:
    """Whole numbers as an array."""
    return np.array(list(values), dtype=np.int64)
