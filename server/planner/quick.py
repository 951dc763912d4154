"""The best plans of one series, by compiled code where that is at hand: the same answers as
`place.best_plans` gives, in milliseconds.

A process that answers people reads the compiled code once, beside its work (`make_ready`); until
then, and for what does not come apart, the complete search answers.
"""

import subprocess
import sys
from datetime import date
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING

from server.domain.calendars import ClinicCalendar
from server.domain.placement import SeriesPlan, SeriesToPlace, Weights
from server.planner import place
from server.planner.calendar import Shelf
from server.planner.completely import Completely
from server.planner.demand import ClinicDemand, Demand, of_concern
from server.planner.patience import CannotTell, Late, Patience
from server.planner.place import STANDARD
from server.planner.series.problem import to_place

if TYPE_CHECKING:
    from server.planner.clinic.proposing import Proposer

LONGEST_SECONDS = 20.0
"""So long somebody who books waits for an answer."""
_ready, _making = Event(), Lock()


def best_plans(
    series: SeriesToPlace,
    calendar: ClinicCalendar,
    *,
    weights: Weights = STANDARD,
    count: int = 3,
    shelf: Shelf | None = None,
) -> list[SeriesPlan]:
    """As `place.best_plans`, but [] as well where it takes more than `LONGEST_SECONDS` to tell. The
    `shelf` keeps what questions about the same calendar share."""
    try:
        if not at_hand() or not to_place(series) or series.last_day < series.ready_on:
            patience = Patience.of(LONGEST_SECONDS)
            return place.best_plans(
                series, calendar, weights=weights, count=count, patience=patience
            )
        return _compiled(series, calendar, weights, shelf).best_plans(0, count)
    except Late:
        return []


def _compiled(
    series: SeriesToPlace, calendar: ClinicCalendar, weights: Weights, shelf: Shelf | None
) -> "Proposer":
    from server.planner.clinic.proposing import Proposer

    demand = Demand(id=series.start_visit, series=series)
    near = of_concern(series, calendar)
    asked = ClinicDemand(calendar=near, demands=(demand,), weights=weights)
    return Proposer(asked, shelf, Completely(until=monotonic() + LONGEST_SECONDS))


def earliest(series: SeriesToPlace, calendar: ClinicCalendar, shelf: Shelf) -> date | None:
    """The first day on which a series with visits to place could begin, None where it has no plan.
    Raises CannotTell where the complete search must be asked."""
    if not at_hand():
        raise CannotTell
    from server.planner.clinic.earliest import earliest as found

    return found(series, calendar, shelf)


def at_hand() -> bool:
    """Has this process read the compiled code?"""
    return _ready.is_set()


def make_ready(*, wait: bool = False) -> None:
    """Read the compiled code, compiling it first where nobody has; once a process. `wait`: return
    only when that is done."""
    thread = Thread(target=_make_ready, name="reads compiled planner", daemon=True)
    thread.start()
    if wait:
        thread.join()


def _make_ready() -> None:
    with _making:
        if at_hand():
            return
        from server.planner.clinic.warm_up import is_compiled, place_one

        if not is_compiled():
            # Elsewhere: compiling here would hold up everybody whom this process answers.
            compiler = [sys.executable, "-m", "server.planner.clinic.warm_up"]
            subprocess.run(compiler, check=False, stderr=subprocess.DEVNULL)  # noqa: S603
        place_one()
        _ready.set()
