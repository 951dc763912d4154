"""Visits on the leaf of a month."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date

from mobile.viewmodels.phone import Phone
from mobile.viewmodels.today import TodayModel
from mobile.viewmodels.visits import VisitView, at

LAST = 12


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day; `visits` says how many, in words too."""

    on: date
    here: bool
    """Whether it belongs to the month."""
    today: bool
    visits: int


@dataclass(frozen=True, kw_only=True)
class MonthView:
    """A month with its visits."""

    title: str
    weekdays: tuple[str, ...]
    days: tuple[Day, ...]
    visits: tuple[VisitView, ...]
    before: date
    after: date


def month(phone: Phone, first: date, *, only: date | None = None) -> MonthView:
    """The month that begins on `first`; its visits, or those of one day."""
    model, words = TodayModel(phone), phone.words
    every = sorted((*model.past(), *model.coming()), key=lambda each: each.on)
    held = [each.on for each in every]
    shown = [each for each in every if each.on == only or (not only and _same(each.on, first))]
    return MonthView(
        title=words.month(first),
        weekdays=tuple(words("days").split()),
        days=tuple(
            Day(on=on, here=_same(on, first), today=on == today(phone), visits=held.count(on))
            for on in Calendar().itermonthdates(first.year, first.month)
        ),
        visits=tuple(shown),
        before=_moved(first, -1),
        after=_moved(first, 1),
    )


def today(phone: Phone) -> date:
    """The clinic's day as far as the phone knows it."""
    kept = (phone.document("today") or {}).get("as_of")
    if not kept:
        return phone.now().date()
    return phone.now().astimezone(at(kept).tzinfo).date()


def _same(on: date, first: date) -> bool:
    return (on.year, on.month) == (first.year, first.month)


def _moved(first: date, months: int) -> date:
    place = first.year * LAST + first.month - 1 + months
    return date(place // LAST, place % LAST + 1, 1)
