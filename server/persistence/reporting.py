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
    ScalarSelect,
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

from server.persistence.among import is_among
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
    touched = _touched(clinic_id, start, end)
    for place in range(1 + max((w.place for w in windows), default=-1)):
        here = [w for w in windows if w.place == place]
        query = _measured(query, _window_table(here, place), place, touched)
    found = query.subquery()
    counted = select(*found.c, func.count()).group_by(*found.c)
    for version_id, code, kind, *away, many in db.session.execute(counted):
        yield Alike(version_id, code, kind, tuple(away), many)


def _touched(clinic_id: str, start: datetime, end: datetime) -> ScalarSelect[str]:
    """The series of what took place in a span: what belongs to a visit is looked for only there."""
    a = aliased(AppointmentRow)
    mine = _took_place(clinic_id, start, end, a)
    return select(a.series_id).where(*mine).distinct().scalar_subquery()


def _measured(query: Measured, w: CTE, place: int, touched: ScalarSelect[str]) -> Measured:
    """The query with how far each visit lies from the anchor of its window at this place."""
    a, s, anchor = AppointmentRow, SeriesRow, aliased(AppointmentRow)
    mine = and_(w.c.version_id == s.protocol_version_id, w.c.visit_code == a.visit_code)
    there = is_among(anchor.series_id, touched), anchor.status == AppointmentStatus.FULFILLED
    found = and_(anchor.series_id == a.series_id, anchor.visit_code == w.c.anchor, *there)
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
    there = is_among(b.series_id, _touched(clinic_id, start, end)), b.status.in_(LIVE_APPOINTMENT)
    timed = and_(b.series_id == a.series_id, b.visit_code == tie.c.partner, *there)
    lonely = case((and_(tie.c.partner.is_not(None), b.series_id.is_(None)), 1), else_=0)
    # Instead of its id, which no index tells: a visit of a series takes place once.
    one = s.protocol_version_id, a.series_id, a.visit_code
    each = (
        select(*one, func.max(lonely).label("lonely"))
        .select_from(a)
        .join(s, s.id == a.series_id)
        .outerjoin(tie, mine)
        .outerjoin(b, timed)
        .where(a.kind == VisitKind.INFUSION, *_took_place(clinic_id, start, end))
        .group_by(*one)
        .subquery()
    )
    query = select(each.c.protocol_version_id, func.count(), func.sum(each.c.lonely))
    found = db.session.execute(query.group_by(each.c.protocol_version_id))
    return [Paired(*row) for row in found]


def waits(clinic_id: str, *, now: datetime) -> list[Waited]:
    """How long series waited for their first infusion, from when they were begun; those not over
    wait until now."""
    a, s = AppointmentRow, SeriesRow
    mine = a.clinic_id == clinic_id, text(FIRST_INFUSION_SQL)
    begun = select(a.series_id, func.min(a.starts_at).label("at")).where(*mine)
    first = begun.group_by(a.series_id).subquery()
    had = first.c.at.is_not(None)
    days = whole_days(s.made_at, func.coalesce(first.c.at, literal(now, Instant())))
    of: Any = select(had.label("had"), days.label("days")).select_from(s)
    joined = of.outerjoin(first, first.c.series_id == s.id)
    counts = joined.where(s.clinic_id == clinic_id, or_(had, s.status.in_(WAITS))).subquery()
    found: Any = db.session.execute(select(*counts.c, func.count()).group_by(*counts.c))
    return [Waited(bool(had), days, many) for had, days, many in found]


def _began(
    clinic_id: str, start: datetime, end: datetime, a: Any = AppointmentRow
) -> tuple[Any, ...]:
    return a.clinic_id == clinic_id, a.starts_at >= start, a.starts_at < end


def _took_place(
    clinic_id: str, start: datetime, end: datetime, a: Any = AppointmentRow
) -> tuple[Any, ...]:
    return (*_began(clinic_id, start, end, a), a.status == AppointmentStatus.FULFILLED)
