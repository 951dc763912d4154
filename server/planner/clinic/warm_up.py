"""`python -m server.planner.clinic.warm_up`: compile what is compiled, so that the first plan need
not wait for it. Instant where that was done before."""

import sys
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from server.planner.clinic.compiling import kept_in

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
    sys.stderr.write("set-up: compiling the planner (half a minute, once)\n")
    place_one()
    (folder / DONE).touch()


def place_one() -> None:
    """Place one series of one visit: whatever comes after need not wait for what is compiled."""
    from server.domain.calendars import ClinicCalendar
    from server.domain.placement import SeriesToPlace
    from server.domain.protocols import Part, VisitDefinition
    from server.planner.clinic.layout import lay_out
    from server.planner.clinic.ledger import Ledger
    from server.planner.demand import ClinicDemand, Demand
    from shared.vocabulary import VisitKind

    visit = VisitDefinition(
        code="only", family="only", kind=VisitKind.THERAPY, parts=(Part(name="all", minutes=60),)
    )
    series = SeriesToPlace(
        visits=(visit,),
        start_visit="only",
        ready_on=date(2027, 1, 4),
        last_day=date(2027, 1, 5),
        not_before=datetime(2027, 1, 4, tzinfo=UTC),
    )
    calendar = ClinicCalendar(zone=ZoneInfo("UTC"), grid_minutes=60)
    ledger = Ledger(
        lay_out(ClinicDemand(calendar=calendar, demands=(Demand(id="one", series=series),)))
    )
    ledger.place(0)
    ledger.put_back(ledger.take_back(0))


if __name__ == "__main__":
    main()
