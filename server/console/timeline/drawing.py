"""The visits of a timeline's row as the page holds them. Written here: a week has a thousand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from markupsafe import Markup, escape

from server.console.ids import pattern
from server.console.timeline.rows import Bar
from server.console.week.entries import Entry


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where a visit leads to, with %s where an id goes."""

    move: str
    check: str
    thread: str
    patient: str


def addresses() -> Addresses:
    """As this request's pages are named."""
    return Addresses(
        move=pattern("console.move", "appointment_id"),
        check=pattern("console.check", "appointment_id"),
        thread=pattern("console.thread", "appointment_id"),
        patient=pattern("console.patient", "patient_id"),
    )


def drawn(bars: Iterable[Bar], at: Addresses) -> Markup:
    """A list item each."""
    return Markup("").join(_item(bar, at) for bar in bars)


def _item(bar: Bar, at: Addresses) -> Markup:
    entry = bar.entry
    kind = f"{escape(entry.kind)}{' standby' if entry.standby else ''}"
    place = f'data-from="{bar.start}" data-to="{bar.end}" data-lane="{bar.lane}"'
    series = escape(entry.series)
    return Markup(  # noqa: S704  (every text in it is escaped)
        f'<li class="visit {kind}" {place} data-series="{series}">{_link(entry, at)}</li>'
    )


def _link(entry: Entry, at: Addresses) -> str:
    what = _what(entry)
    if not entry.of:
        return f'<span class="still">{what}</span>'
    more = f'data-visit="{escape(entry.of)}" data-thread="{at.thread % entry.of}"'
    if not entry.move:
        href = at.patient % entry.patient_id
        return f'<a class="still" draggable="false" href="{href}" {more}>{what}</a>'
    more = f'data-check="{at.check % entry.move}" {more}'
    begins = f'<a class="grab" draggable="false" href="{at.move % entry.move}" {more}>'
    return f'{begins}<span class="unseen">Move </span>{what}</a>'


def _what(entry: Entry) -> str:
    begins, ends = entry.starts_at, entry.ends_at
    until = f'<span class="until">–{ends:%H:%M}</span>'
    time = f'<time datetime="{begins.isoformat()}">{begins:%H:%M}{until}</time>'
    said = [each for each in (entry.status, "on site" if entry.standby else "") if each]
    how = "".join(f' <span class="status">{escape(each)}</span>' for each in said)
    name = f'{escape(entry.visit)}<span class="unseen">, {_day(begins.date())}</span>{how}'
    patient = f'<span class="patient">{escape(entry.patient)}</span>'
    return f'{time} {patient} <span class="name">{name}</span>'


@lru_cache(maxsize=64)
def _day(on: date) -> str:
    return f"{on:%A %-d %B}"
