"""`python -m server.planner.clinic.warm_up`: compile what is compiled, so that the first plan need
not wait for it. Instant where that was done before."""

import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from server.planner.clinic.compiling import kept_in

if TYPE_CHECKING:
    from server.planner.demand import ClinicDemand

DONE = "complete"


def is_compiled() -> bool:
    """Need nobody wait for the compiler any more?"""
    folder = kept_in()
    return folder is not None and (folder / DONE).exists()


def main() -> None:
    """Compile everything, once."""
    folder = kept_in()
    if folder is None or is_compiled():
        return
    sys.stderr.write("set-up: compiling the planner (some minutes, once)\n")
    place_one()
    plan_some()
    (folder / DONE).touch()


def place_one() -> None:
    """Place one series of one visit: whatever comes after need not wait for what is compiled."""
    from server.planner.clinic.layout import lay_out
    from server.planner.clinic.ledger import Ledger

    ledger = Ledger(lay_out(_demand(1)))
    ledger.place(0)
    ledger.put_back(ledger.take_back(0))


def plan_some() -> None:
    """Plan a few series who want the same day: whatever a plan for a whole clinic calls."""
    from server.planner.plan import plan

    plan(_demand(3), seconds=60, steps=3)


def _demand(series: int) -> "ClinicDemand":
    from server.domain.calendars import ClinicCalendar
    from server.domain.placement import SeriesToPlace
    from server.domain.protocols import Part, VisitDefinition
    from server.planner.demand import ClinicDemand, Demand
    from shared.vocabulary import VisitKind

    visit = VisitDefinition(
        code="only", family="only", kind=VisitKind.THERAPY, parts=(Part(name="all", minutes=60),)
    )
    wish = SeriesToPlace(
        visits=(visit,),
        start_visit="only",
        ready_on=date(2027, 1, 4),
        last_day=date(2027, 1, 5),
        not_before=datetime(2027, 1, 4, tzinfo=UTC),
    )
    calendar = ClinicCalendar(zone=ZoneInfo("UTC"), grid_minutes=60)
    demands = tuple(Demand(id=str(n), series=wish) for n in range(series))
    return ClinicDemand(calendar=calendar, demands=demands)


if __name__ == "__main__":
    main()
