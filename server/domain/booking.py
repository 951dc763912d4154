"""May this plan stand? The one place that proves a plan against every rule of the clinic."""

from datetime import datetime

from server.domain.booking_capacity import breaches_of_capacity
from server.domain.booking_choices import breaches_of_choices
from server.domain.booking_patient import breaches_of_patient
from server.domain.booking_shape import breaches_of_shape
from server.domain.booking_spacing import breaches_of_spacing
from server.domain.booking_times import breaches_of_times
from server.domain.breaches import Breach, BreachCode
from server.domain.calendars import ClinicCalendar
from server.domain.laid_out import lay_out
from server.domain.placement import SeriesPlan, SeriesToPlace

_RULES = (
    breaches_of_shape,
    breaches_of_times,
    breaches_of_spacing,
    breaches_of_patient,
    breaches_of_choices,
    breaches_of_capacity,
)
_ORDER = {code: rank for rank, code in enumerate(BreachCode)}


def breaches(
    series: SeriesToPlace, plan: SeriesPlan, calendar: ClinicCalendar, *, now: datetime
) -> list[Breach]:
    """Every rule the plan breaks, in the order of the protocol's visits; [] where it may stand.

    The plan must place each visit of `series.visits` that is neither in `series.fixed` nor waits
    for a decision. `calendar.claims` holds what others and the fixed visits take, not what the
    plan's own visits do. What fixed visits break among themselves is not the plan's fault.

    Raises ValueError where `now`, `series` or `calendar` hold a time without a zone; a plan's own
    times of that kind are breaches.
    """
    laid_out = lay_out(series, plan, calendar, now=now)
    position = {visit.code: rank for rank, visit in enumerate(series.visits)}
    found = [breach for rule in _RULES for breach in rule(laid_out)]
    return sorted(
        found,
        key=lambda each: (
            position.get(each.visit or "", len(position)),
            each.visit or "",
            _ORDER[BreachCode(each.code)],
            str(sorted(each.facts.items())),
        ),
    )
