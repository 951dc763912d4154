"""Tells the demo clinic's story with the services the real one uses, as of the days it happened."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from server.persistence import appointments, invariants
from server.persistence import series as rows
from server.persistence.appointments import AppointmentRow
from server.persistence.database import db
from server.persistence.series import SeriesRow
from server.persistence.transactions import transaction
from server.services.access import Caller
from server.services.booking import booking, bookings
from server.services.demo.patients import PRESCRIBER, SATURDAYS, Tale, patient, tales
from server.services.demo.places import Clinic, Site
from server.services.planning import planning
from server.services.series import series, series_changes
from server.services.series.series import Enrolment
from shared.vocabulary import AppointmentStatus, PlannedVisitStatus, SeriesStatus, VisitKind

FRIDAY = 4


@dataclass(frozen=True)
class Edition:
    """An active protocol version and the names of its choices."""

    version_id: str
    choices: frozenset[str]


@dataclass
class Told:
    """What came of the story."""

    planned: int = 0
    waiting: int = 0
    without_plan: list[str] = field(default_factory=list)
    """Ids of series for which no plan exists."""
    signs_in: str = ""
    """Id of the patient who can sign in."""


def tell(
    clinic: Clinic, versions: dict[str, Edition], by: dict[str, Caller], now: datetime
) -> Told:
    """Enrol everybody, plan and book each series on the day its patient was ready.

    `versions` maps protocol codes to active versions, `by` site codes to the prescriber acting.
    """
    told = Told()
    for tale in [_signs_in(now), *tales(now.date()), _waiting(now), _never(now)]:
        site = clinic.harbour if tale.site == "harbour" else clinic.mesa
        as_of = min(now, _morning_before(tale, site))
        row = _enrol(tale, site, versions[tale.protocol], by[tale.site], as_of)
        told.signs_in = told.signs_in or row.patient_id
        if tale.planned:
            _plan(row, by[tale.site], as_of, told)
        else:
            told.waiting += 1
    return told


def _signs_in(now: datetime) -> Tale:
    """Was seen for the first time on the last working day, with every infusion still ahead: so
    whoever tries the phone has the same before them on any day of the week."""
    ready_on = now.date() - timedelta(days=1)
    while ready_on.weekday() > FRIDAY:
        ready_on -= timedelta(days=1)
    return Tale(
        number=62,
        site="mesa",
        protocol="demo-ketamine-integration",
        ready_on=ready_on,
        therapists=("tova", "tilda"),
    )


def _waiting(now: datetime) -> Tale:
    """Waits for a plan on the protocol that the README books by hand."""
    return Tale(
        number=61,
        site="harbour",
        protocol="shiroma-pe-rct",
        ready_on=now.date() + timedelta(days=1),
        therapists=("theo", "tess"),
        planned=False,
    )


def _never(now: datetime) -> Tale:
    """Comes on Saturdays only, when the clinic is closed: no plan exists, and Tandem says why."""
    return Tale(
        number=60,
        site="harbour",
        protocol="demo-ketamine-integration",
        ready_on=now.date(),
        therapists=("theo", "tess"),
        weekly=SATURDAYS,
    )


def _morning_before(tale: Tale, site: Site) -> datetime:
    day = tale.ready_on - timedelta(days=1)
    return datetime.combine(day, time(7), ZoneInfo(site.row.time_zone)).astimezone(UTC)


def _enrol(tale: Tale, site: Site, edition: Edition, by: Caller, as_of: datetime) -> SeriesRow:
    with transaction() as session:
        made = patient(tale, by.clinic_id, site.row.id, as_of)
        session.add(made)
    codes = {"therapist": tale.therapists, "prescriber": (PRESCRIBER[tale.site],)}
    candidates = {
        name: [site.bookables[code].id for code in named]
        for name, named in codes.items()
        if name in edition.choices
    }
    enrolment = Enrolment(
        patient_id=made.id,
        protocol_version_id=edition.version_id,
        ready_on=tale.ready_on,
        candidates=candidates,
    )
    return series.enrol(by, enrolment, now=as_of)


def _plan(row: SeriesRow, by: Caller, as_of: datetime, told: Told) -> None:
    offer = planning.propose(by, row.id, now=as_of, count=1)
    if not offer.plans:
        told.without_plan.append(row.id)
        return
    version, plan_id = offer.series_version, offer.plans[0].id
    booking.book_plan(by, row.id, plan_id, expected_version=version, now=as_of)
    told.planned += 1


def live_until(now: datetime, clinic_id: str) -> None:
    """Let everything booked before now have taken place, but for one no-show yesterday and one
    integration that was missed with its window."""
    with transaction():
        for clinic, series_id in invariants.open_series():
            if clinic == clinic_id:
                _live(series_id, now)
    with transaction():
        _miss(_latest_past(VisitKind.INTEGRATION, now - timedelta(days=6)), "did not come", now)
        _miss(_latest_past(VisitKind.INFUSION, now), "called in the evening: no ride home", now)


def _live(series_id: str, now: datetime) -> None:
    rows = appointments.of_series(series_id)
    done = {row.visit_code for row in rows if row.live and row.ends_at <= now}
    for row in rows:
        if row.visit_code in done:
            row.status = AppointmentStatus.FULFILLED
        elif row.live and row.starts_at <= now:
            row.status = AppointmentStatus.ARRIVED
    of = db.session.get_one(SeriesRow, series_id)
    for visit in of.planned_visits:
        if visit.code in done:
            visit.status = PlannedVisitStatus.COMPLETED
    if all(v.status != PlannedVisitStatus.ACTIVE for v in of.planned_visits):
        of.status = SeriesStatus.COMPLETED


def _latest_past(kind: VisitKind, before: datetime) -> AppointmentRow | None:
    """The latest one that took place in a series that goes on."""
    return appointments.latest_fulfilled(kind, before=before)


def _miss(row: AppointmentRow | None, reason: str, now: datetime) -> None:
    if row is None:
        return
    bookings.let_go(row, AppointmentStatus.NO_SHOW, reason, now=now)
    of = db.session.get_one(SeriesRow, row.series_id)
    for visit in of.planned_visits:
        if visit.code == row.visit_code:
            visit.status = PlannedVisitStatus.ACTIVE


def hold_one(by: Caller, now: datetime) -> None:
    """One series stops for a clinical reason, its times kept for the patient."""
    active = rows.in_status(by.clinic_id, SeriesStatus.ACTIVE)
    under_way = [row for row in active if row.ready_on < now.date() - timedelta(days=7)]
    chosen = under_way[len(under_way) // 2]
    series_changes.hold(
        by,
        chosen.id,
        reason="blood pressure under review (invented)",
        release=False,
        expected_version=chosen.version,
        now=now,
    )
