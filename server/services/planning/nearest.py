"""The nearest time to a refused wish at which a visit could be, everything else staying."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from server.domain import booking
from server.domain.placement import SeriesPlan
from server.services.access import Caller
from server.services.booking import appointments, moves
from server.services.booking.moves import Wish
from server.services.planning import pictures, questions
from server.services.planning.pictures import SeriesPicture
from server.services.refusals import Refused

DAYS = 10
"""How far from the wished day is looked, either way."""
TRIES = 6
"""So many days are tried with others moving along: each is a search of its own."""


def allowed(by: Caller, appointment_id: str, wish: Wish, *, now: datetime) -> datetime | None:
    """That time, proved like any booking and other than the present one; None where there is none
    within some days."""
    row = appointments.within_reach(by, "appointments.move", appointment_id)
    picture = pictures.of_series(by.clinic_id, row.series_id)
    moves.require_movable(picture, row, now)
    present = picture.placement(row.visit_code)
    asked = questions.question(picture, now=now, free={row.visit_code})
    for at in _around(picture, wish.starts_at, now):
        if at == present.starts_at:
            continue
        placed = replace(present, starts_at=at, choices={**present.choices, **wish.choices})
        plan = SeriesPlan(placements=(placed,), choices=picture.row.choices)
        if not booking.breaches(asked.series, plan, asked.calendar, now=now):
            return at
    return None


def with_others(by: Caller, appointment_id: str, wish: Wish, *, now: datetime) -> datetime | None:
    """The nearest day to a refused wish, on the way back to where the visit stands, at which it
    could be at that hour if others move along; None where there is none."""
    row = appointments.within_reach(by, "appointments.move", appointment_id)
    picture = pictures.of_series(by.clinic_id, row.series_id)
    wished = wish.starts_at.astimezone(picture.zone)
    there = row.starts_at.astimezone(picture.zone).date()
    step = 1 if there > wished.date() else -1
    days = [wished.date() + timedelta(days=step * n) for n in range(1, TRIES + 1)]
    for on in (each for each in days if (there - each).days * step >= 0):
        at = datetime.combine(on, wished.time(), picture.zone)
        try:
            moves.body_for(picture, row, replace(wish, starts_at=at), now=now)
        except Refused:
            continue
        if at != row.starts_at:
            return at
    return None


def _around(picture: SeriesPicture, wished: datetime, now: datetime) -> Iterator[datetime]:
    """Grid times, the wished day first and then the days around it; on each the nearest first."""
    there = wished.astimezone(picture.zone)
    for days in sorted(range(-DAYS, DAYS + 1), key=lambda each: (abs(each), each)):
        on = there.date() + timedelta(days=days)
        times = _on(picture, on)
        aim = datetime.combine(on, there.time(), picture.zone)
        yield from sorted((at for at in times if at > now), key=_distance(aim))


def _distance(aim: datetime) -> Callable[[datetime], timedelta]:
    return lambda at: abs(at - aim)


def _on(picture: SeriesPicture, on: date) -> Iterator[datetime]:
    """Every time of a day on the site's grid, each real moment once."""
    step = timedelta(minutes=picture.site.grid_minutes)
    at = datetime.combine(on, time(), picture.zone).astimezone(UTC)
    while at.astimezone(picture.zone).date() <= on:
        yield at.astimezone(picture.zone)
        at += step
