"""What took place and what did not, counted by the database: no names, no row an appointment.

The protocol's rules stay in the domain. Here is only measured how far each visit lay from what it
is counted from, and how many lay alike.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    Integer,
    Select,
    String,
    and_,
    case,
    column,
    func,
    literal,
    or_,
    select,
    text,
    values,
)
from sqlalchemy.orm import aliased

from server.persistence.appointments import FIRST_INFUSION_SQL, AppointmentRow
from server.persistence.database import db
from server.persistence.elapsed import (
    A_MINUTE,
    local_days_between,
    microseconds_between,
    whole_days,
)
from server.persistence.series import SeriesRow
from server.persistence.types import Instant
from shared.vocabulary import LIVE_APPOINTMENT, AppointmentStatus, SeriesStatus, VisitKind

COUNTED = (AppointmentStatus.FULFILLED, AppointmentStatus.NO_SHOW, AppointmentStatus.CANCELLED)
WAITS = (SeriesStatus.DRAFT, SeriesStatus.ACTIVE, SeriesStatus.ON_HOLD)


Measured = Select[*tuple[Any, ...]]


class Ended(NamedTuple):
    """Appointments of one local day that ended alike."""

    on: date
    status: str
    many: int


class Counted(NamedTuple):
    """A window of a visit: its anchor's code, and how long after the anchor's start its edge is."""

    version_id: str
    visit_code: str
    place: int
    """Among the visit's windows, from 0."""
    anchor: str
    minutes: int
    in_days: bool


class Alike(NamedTuple):
    """Visits that took place equally far from what each of their windows is counted from."""

    version_id: str
    visit_code: str
    kind: str
    away: tuple[int | None, ...]
    """By the window's place: local days or microseconds, None where the anchor took no place."""
    many: int


class Tied(NamedTuple):
    """Psychotherapy that an edition ties to an infusion."""

    version_id: str
    infusion: str
    partner: str


class Paired(NamedTuple):
    """Infusions of one edition that took place, and those of which some psychotherapy has no
    time."""

    version_id: str
    infusions: int
    unpaired: int


class Waited(NamedTuple):
    """Series that have waited so many days for their first infusion, or did until it took place."""

    finished: bool
    days: int
    many: int


def ended(clinic_id: str, *, start: datetime, end: datetime) -> list[Ended]:
    """Those of a clinic that began in a span, by day and how they ended."""
    a = AppointmentRow
    on = func.substr(a.wall_time, 1, 10).label("on_day")
    each = select(on, a.status).where(a.status.in_(COUNTED), *_began(clinic_id, start, end))
    found = each.subquery()
    query = select(*found.c, func.count()).group_by(*found.c)
    return [Ended(date.fromisoformat(day), *more) for day, *more in db.session.execute(query)]


def versions_in_use(clinic_id: str) -> list[str]:
    """The protocol versions of all series there ever were."""
    query = select(SeriesRow.protocol_version_id).where(SeriesRow.clinic_id == clinic_id)
    return list(db.session.scalars(query.distinct()))


def alike(
    clinic_id: str, windows: Collection[Counted], *, start: datetime, end: datetime
) -> Iterator[Alike]:
    """Visits that took place in a span, those together that lay equally far from their anchors."""
    a, s = AppointmentRow, SeriesRow
    each: Any = select(s.protocol_version_id, a.visit_code, a.kind).select_from(a)
    query: Measured = each.join(s, s.id == a.series_id)
    query = query.where(*_took_place(clinic_id, start, end))
    for place in range(1 + max((w.place for w in windows), default=-1)):
        query = _measured(query, [w for w in windows if w.place == place], place)
    found = query.subquery()
    counted = select(*found.c, func.count()).group_by(*found.c)
    for version_id, code, kind, *away, many in db.session.execute(counted):
        yield Alike(version_id, code, kind, tuple(away), many)


def _measured(query: Measured, windows: Iterable[Counted], place: int) -> Measured:
    """The query with how far each visit lies from the anchor of its window at this place."""
    a, s, anchor = AppointmentRow, SeriesRow, aliased(AppointmentRow)
    w = _window_table(windows, place)
    mine = and_(w.c.version_id == s.protocol_version_id, w.c.visit_code == a.visit_code)
    took_place = anchor.status == AppointmentStatus.FULFILLED
    found = and_(anchor.series_id == a.series_id, anchor.visit_code == w.c.anchor, took_place)
    days = local_days_between(anchor.wall_time, w.c.minutes, a.wall_time)
    micros = microseconds_between(anchor.starts_at, a.starts_at) - w.c.minutes * A_MINUTE
    away = case((w.c.in_days == 1, days), else_=micros).label(f"away_{place}")
    return query.outerjoin(w, mine).outerjoin(anchor, found).add_columns(away)


def _window_table(windows: Iterable[Counted], place: int) -> CTE:
    rows = [(w.version_id, w.visit_code, w.anchor, w.minutes, int(w.in_days)) for w in windows]
    texts = [column(name, String) for name in ("version_id", "visit_code", "anchor")]
    numbers = [column(name, Integer) for name in ("minutes", "in_days")]
    # Written out: many editions would be more parameters than a statement may have.
    written = values(*texts, *numbers, literal_binds=True)
    return written.data(rows).cte(f"window_{place}")


def paired(
    clinic_id: str, ties: Collection[Tied], *, start: datetime, end: datetime
) -> list[Paired]:
    """Infusions that took place in a span, by edition, and those that lack psychotherapy."""
    a, s, b = AppointmentRow, SeriesRow, aliased(AppointmentRow)
    names = (column(name, String) for name in Tied._fields)
    rows = [tuple(each) for each in ties] or [("", "", "")]
    tie = values(*names, literal_binds=True).data(rows).cte("tie")
    mine = and_(tie.c.version_id == s.protocol_version_id, tie.c.infusion == a.visit_code)
    timed = and_(b.series_id == a.series_id, b.visit_code == tie.c.partner)
    lonely = case((and_(tie.c.partner.is_not(None), b.id.is_(None)), 1), else_=0)
    each = (
        select(s.protocol_version_id, func.max(lonely).label("lonely"))
        .select_from(a)
        .join(s, s.id == a.series_id)
        .outerjoin(tie, mine)
        .outerjoin(b, and_(timed, b.status.in_(LIVE_APPOINTMENT)))
        .where(a.kind == VisitKind.INFUSION, *_took_place(clinic_id, start, end))
        .group_by(s.protocol_version_id, a.id)
        .subquery()
    )
    query = select(each.c.protocol_version_id, func.count(), func.sum(each.c.lonely))
    found = db.session.execute(query.group_by(each.c.protocol_version_id))
    return [Paired(*row) for row in found]


def waits(clinic_id: str, *, now: datetime) -> list[Waited]:
    """How long series waited for their first infusion, from when they were begun; those not over
    wait until now."""
    a, s = AppointmentRow, SeriesRow
    mine = (a.series_id == s.id, text(FIRST_INFUSION_SQL))
    first = select(func.min(a.starts_at)).where(*mine).correlate(s).scalar_subquery()
    each = select(s.made_at, s.status, first.label("first_at")).where(s.clinic_id == clinic_id)
    # Else PostgreSQL would look for the first infusion wherever it is named below.
    series = each.cte("begun").prefix_with("MATERIALIZED", dialect="postgresql")
    until = func.coalesce(series.c.first_at, literal(now, Instant()))
    had = series.c.first_at.is_not(None)
    of = select(had.label("had"), whole_days(series.c.made_at, until).label("days"))
    counts = of.where(or_(had, series.c.status.in_(WAITS))).subquery()
    found: Any = db.session.execute(select(*counts.c, func.count()).group_by(*counts.c))
    return [Waited(bool(had), days, many) for had, days, many in found]


def _began(clinic_id: str, start: datetime, end: datetime) -> tuple[Any, ...]:
    a = AppointmentRow
    return a.clinic_id == clinic_id, a.starts_at >= start, a.starts_at < end


def _took_place(clinic_id: str, start: datetime, end: datetime) -> tuple[Any, ...]:
    a = AppointmentRow
    return (*_began(clinic_id, start, end), a.status == AppointmentStatus.FULFILLED)
