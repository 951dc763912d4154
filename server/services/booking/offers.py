"""Other times for a visit that a patient asks to move: each keeps every rule of the protocol."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import cast

from server.domain.breaches import Refused
from server.persistence.appointments import AppointmentRow
from server.persistence.series import ProposedPlanRow
from server.planner import quick
from server.services.access import Caller
from server.services.booking import appointments, moves
from server.services.booking.moves import Wish
from server.services.planning import pictures, questions
from server.services.planning.pictures import SeriesPicture
from server.services.planning.questions import Question
from server.services.refusals import Conflict

OFFERED = 3
NOTICE = timedelta(hours=20)
"""Nobody is asked to come sooner than this."""
NEARBY = (0, 1, -1, 2, -2, 3, -3, 7)
"""Days around the present one on which a time is looked for."""
FEW = 5
"""More visits than these move only where there is no other way."""
BOTH = ("previous", "starts_at")
Body = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Offers:
    """Up to three times, soonest first; `version` of the appointment they are for."""

    version: int
    rows: tuple[ProposedPlanRow, ...]


def make(by: Caller, appointment_id: str, *, now: datetime) -> Offers:
    """Times at which the visit can be instead; take one by its id, as with any shown move.

    Times that move nothing else are offered before ones that other visits must follow. Raises
    Conflict where there is none.
    """
    row = appointments.within_reach(by, "appointments.offer", appointment_id)
    picture = pictures.of_series(by.clinic_id, row.series_id)
    moves.require_movable(picture, row, now)
    moves.require_in_time(by, row, now=now)
    bodies = _found(picture, row, now)
    if not bodies:
        raise Conflict("No other time fits the plan. Please call the clinic.")
    version = row.version
    return Offers(version=version, rows=tuple(moves.keep(by, picture, bodies, now=now)))


def _found(picture: SeriesPicture, row: AppointmentRow, now: datetime) -> list[Body]:
    """Bodies of moves, soonest first; those are taken that the fewest other visits must follow."""
    found = {at: _body(picture, row, at, now) for at in dict.fromkeys(_starts(picture, row, now))}
    fair = {at: body for at, body in found.items() if body and not _too_soon(body, now)}
    best = sorted(fair, key=lambda at: (len(_moved(fair[at])), at))[:OFFERED]
    gentle = [at for at in best if len(_moved(fair[at])) <= FEW] or best[:1]
    return [fair[at] for at in sorted(gentle)]


def _starts(picture: SeriesPicture, row: AppointmentRow, now: datetime) -> Iterator[datetime]:
    """On each day nearby where this visit alone would fit, and at its own hour."""
    present = picture.placement(row.visit_code).starts_at
    alone = _alone(picture, row, now)
    for days in NEARBY:
        wished = present + timedelta(days=days)
        yield from (at for at in _on(alone, row, wished.date()) if at != present)
        if wished != present and wished - now >= NOTICE:
            yield wished


def _alone(picture: SeriesPicture, row: AppointmentRow, now: datetime) -> Question:
    """Asks for this visit, with whoever treats the patient already, all others standing."""
    asked = questions.question(picture, now=now, free={row.visit_code})
    held = {name: (who,) for name, who in picture.row.choices.items()}
    asked = questions.restricted(asked, held)
    later = max(asked.series.not_before, now + NOTICE)
    return replace(asked, series=replace(asked.series, not_before=later))


def _on(asked: Question, row: AppointmentRow, day: date) -> Iterator[datetime]:
    """The best times on one day."""
    if asked.series.ready_on <= day <= asked.series.last_day:
        series = replace(asked.series, ready_on=day, last_day=day)
        plans = quick.best_plans(series, asked.calendar, count=2)
        yield from (each.starts_at for plan in plans if (each := plan.of(row.visit_code)))


def _body(
    picture: SeriesPicture, row: AppointmentRow, starts_at: datetime, now: datetime
) -> Body | None:
    present = picture.placement(row.visit_code)
    wish = Wish(starts_at=starts_at, choices=present.choices)
    try:
        return moves.body_for(picture, row, wish, now=now)
    except Refused:
        return None


def _moved(body: Body) -> list[Mapping[str, str]]:
    return cast(list[Mapping[str, str]], body["visits"])


def _too_soon(body: Body, now: datetime) -> bool:
    """Whether anything would move that is about to happen, or move to where nobody could come."""
    times = [datetime.fromisoformat(each[key]) for each in _moved(body) for key in BOTH]
    return min(times) - now < moves.LATEST_BY_PATIENT
