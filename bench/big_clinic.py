"""A clinic of four sites, 10,000 patients and 250,000 appointments, straight into PostgreSQL.

Every patient has the same weekly hour for twelve weeks, another patient has it after them; so no
chair, therapist or patient is ever doubled, and every window of the protocol holds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg.types.json import Json

from server.domain import claims, protocol_document
from server.domain.protocols import VisitDefinition
from server.persistence import appointments, people, series
from server.persistence.bookables import AvailabilityRow, BookableRow
from server.persistence.clinics import SiteRow
from server.persistence.database import db
from server.persistence.people import PatientRow, name_key
from server.persistence.transactions import transaction
from server.persistence.types import new_id
from server.services.planning import calendars
from shared.vocabulary import BookableKind, Role
from tests import builders

ZONE = ZoneInfo("America/New_York")
SITES = ("Harbour", "Mesa", "Orchard", "Quay")
LANES, WEEKS, PAST_WEEKS = 20, 12, 90
NEWEST = 7
"""The patients of the last twelve weeks and the next; those before them follow backwards."""
INFUSIONS = (time(7, 30), time(10, 15), time(13, 0), time(15, 45))
SESSIONS = (time(10, 0), time(12, 45), time(15, 30), time(18, 0))
FOLLOW_UPS = (time(8, 0), time(9, 0), time(11, 30), time(14, 0))
SLOTS = LANES * len(INFUSIONS) * 4
FIRST = ("Ash", "Birch", "Cedar", "Dill", "Elder", "Fern", "Gale", "Hazel", "Iris", "Juniper")
LAST = ("Example", "Invented", "Sample", "Placeholder", "Fictional", "Imagined")
MADE_UP = {"evidence": "invented"}
TABLES = {
    "patient": people.PatientRow,
    "series": series.SeriesRow,
    "planned_visit": series.PlannedVisitRow,
    "appointment": appointments.AppointmentRow,
    "claim": appointments.ClaimRow,
}


def document() -> dict[str, object]:
    """Twelve weekly infusions, a session the day after each, a visit a week after the last."""
    return {
        "format": "tandem.protocol/1",
        "code": "long",
        "title": "Twelve weeks",
        "description": "Invented to measure with.",
        "off_label": True,
        "demonstration": True,
        "start_visit": "infusion-1",
        "arms": [_ARM],
        "choices": [{"name": "therapist", "role": "therapist", "kept": True}],
        "phases": [{"code": "treatment", "title": "Treatment", "visits": _visits()}],
    }


_ARM = {
    "code": "only",
    "title": "Only",
    "drug": "ketamine",
    "route": "intravenous",
    "dose": {"mg_per_kg": 0.5, **MADE_UP},
    "cap": {"mg": 60, **MADE_UP},
    "duration": {"minutes": 45, **MADE_UP},
}


def _visits() -> list[dict[str, object]]:
    gap = {"unit": "days", "min": 5, "target": 7, "max": 9, **MADE_UP}
    both = [{"bookable": "chairs"}, {"bookable": "nurses"}]
    talk = [{"name": "session", "minutes": 60, "claims": [{"choice": "therapist"}], **MADE_UP}]
    parts = [("infusion", 60, both), ("observation", 75, both), ("turnover", 15, both[:1])]
    after = {"from": "infusion", "which": "same", "edge": "end", "unit": "hours"}
    last = {"from": "infusion", "which": "last", "edge": "start", "unit": "days"}
    return [
        {
            "code": "infusion",
            "title": "Infusion",
            "kind": "infusion",
            "repeat": {"times": WEEKS, "gap": gap, **MADE_UP},
            "parts": [
                {"name": name, "minutes": minutes, "claims": held, **MADE_UP}
                | ({"with_patient": False} if name == "turnover" else {})
                for name, minutes, held in parts
            ],
        },
        {
            "code": "session",
            "title": "Integration",
            "kind": "integration",
            "for_each": "infusion",
            "parts": talk,
            "windows": [{**after, "min": 24, "max": 72, **MADE_UP}],
        },
        {
            "code": "follow-up",
            "title": "Follow-up",
            "kind": "follow_up",
            "parts": talk,
            "windows": [{**last, "min": 5, "target": 8, "max": 21, **MADE_UP}],
        },
    ]


@dataclass
class Site:
    """A site's row, and the ids of its therapists' bookables."""

    row: SiteRow
    therapists: list[str]
    visits: tuple[VisitDefinition, ...] = ()


@dataclass
class BigClinic:
    """What was written, and rows on their way into tables."""

    clinic_id: str
    version_id: str
    sites: list[Site]
    now: datetime
    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {name: [] for name in TABLES}
    )


def build(now: datetime) -> BigClinic:
    """The clinic with its staff, who sign in as ROLE@example.org; in the application's context."""
    with transaction():
        clinic = builders.make_clinic("Larkfield")
        version = builders.make_version(clinic.id, document())
        sites = [_site(clinic, title) for title in SITES]
        me = {Role.THERAPIST: sites[0].therapists[0]}
        for role in Role:
            if role is not Role.PATIENT:
                _user(clinic.id, role, me.get(role))
    protocol = protocol_document.read(document())
    for site in sites:
        site.visits = calendars.bound(protocol.visits, site.row)
    db.session.close()  # while a transaction stays open, VACUUM can tidy nothing written after it
    return BigClinic(clinic.id, version.id, sites, now)


def _user(clinic_id: str, role: Role, bookable_id: str | None) -> None:
    row = db.session.get(BookableRow, bookable_id) if bookable_id else None
    builders.make_user(
        clinic_id,
        role,
        f"{role.value}@example.org",
        password=builders.PASSWORD,
        practitioner_id=row.practitioner_id if row else None,
    )


def _site(clinic: Any, title: str) -> Site:
    row = builders.make_site(clinic, title)
    kinds = (("chairs", BookableKind.CHAIR, LANES), ("nurses", BookableKind.NURSE, 2 * LANES))
    for code, kind, capacity in kinds:
        builders.make_pool(row, code, kind, capacity)
    people = [builders.make_practitioner(row, f"{title} Therapist {n}")[1] for n in range(LANES)]
    for each in people:
        each.weekly = [AvailabilityRow(days=[0, 1, 2, 3, 4], opens=420, closes=1140, capacity=1)]
    return Site(row, [each.id for each in people])


def fill(big: BigClinic, patients: int, address: str) -> int:
    """Write that many patients with all their visits; how many appointments there are then."""
    monday = big.now.astimezone(ZONE).date() - timedelta(weeks=PAST_WEEKS)
    monday -= timedelta(days=monday.weekday())
    total = 0
    with psycopg.connect(address, autocommit=True) as to:
        to.execute("SET session_replication_role = replica")
        for number in range(patients):
            _patient(big, number, monday)
            if number % 1000 == 999 or number == patients - 1:
                total += len(big.rows["appointment"])
                _write(to, big.rows)
        to.execute("VACUUM ANALYZE")  # as a clinic's own server does by itself
    return total


def _write(to: psycopg.Connection, rows: Mapping[str, list[dict[str, Any]]]) -> None:
    for name, waiting in rows.items():
        if waiting:
            columns = list(waiting[0])
            with to.cursor().copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in waiting:
                    copy.write_row([_plain(row[column]) for column in columns])
        waiting.clear()


def _plain(value: object) -> object:
    return Json(value) if isinstance(value, dict | list) else value


def _patient(big: BigClinic, number: int, monday: date) -> None:
    site = big.sites[number % len(SITES)]
    back, slot = divmod(number // len(SITES), SLOTS)
    lane, hour, day = slot % LANES, slot // LANES % len(INFUSIONS), slot // LANES // len(INFUSIONS)
    first = monday + timedelta(weeks=(NEWEST - back) * WEEKS + slot % WEEKS, days=day)
    patient_id, series_id = new_id(), new_id()
    therapist = site.therapists[lane]
    last_day = first + timedelta(weeks=WEEKS, days=1)
    over = last_day < big.now.astimezone(ZONE).date()
    name = f"{FIRST[number % 10]} {LAST[number // 10 % 6]} {number}"
    same = {"clinic_id": big.clinic_id}
    big.rows["patient"].append(_filled(PatientRow, _person(site, patient_id, name) | same))
    big.rows["series"].append(
        _filled(
            series.SeriesRow,
            same
            | {
                "id": series_id,
                "site_id": site.row.id,
                "patient_id": patient_id,
                "protocol_version_id": big.version_id,
                "status": "completed" if over else "active",
                "ready_on": first,
                "candidates": {"therapist": [therapist]},
                "choices": {"therapist": therapist},
                "made_at": _at(first, time(8)) - timedelta(days=20),
            },
        )
    )
    times = dict(_times(first, hour))
    for visit in site.visits:
        _visit(big, site, visit, times[visit.code], (patient_id, series_id, therapist))


def _person(site: Site, patient_id: str, name: str) -> dict[str, Any]:
    return {
        "id": patient_id,
        "site_id": site.row.id,
        "full_name": name,
        "name_key": name_key(name),
        "made_at": datetime(2024, 1, 1, tzinfo=UTC),
    }


def _times(first: date, hour: int) -> Iterator[tuple[str, datetime]]:
    for week in range(WEEKS):
        on = first + timedelta(weeks=week)
        yield f"infusion-{week + 1}", _at(on, INFUSIONS[hour])
        yield f"session-{week + 1}", _at(on + timedelta(days=1), SESSIONS[hour])
    yield "follow-up", _at(first + timedelta(weeks=WEEKS, days=1), FOLLOW_UPS[hour])


def _at(on: date, clock: time) -> datetime:
    return datetime.combine(on, clock, ZONE)


def _visit(
    big: BigClinic,
    site: Site,
    visit: VisitDefinition,
    at: datetime,
    ids: tuple[str, str, str],
) -> None:
    patient_id, series_id, therapist = ids
    place = site.visits.index(visit)
    over, missed = at < big.now, (place * 7 + len(big.rows["appointment"])) % 41 == 0
    status = ("noshow" if missed else "fulfilled") if over else "booked"
    planned_id, appointment_id = new_id(), new_id()
    same = {"clinic_id": big.clinic_id}
    planned = {"id": planned_id, "series_id": series_id, "place": place, "code": visit.code}
    done = "completed" if status == "fulfilled" else "active"
    big.rows["planned_visit"].append(
        _filled(series.PlannedVisitRow, same | planned | {"status": done})
    )
    choices = {"therapist": therapist}
    there = claims.with_patient(visit, at)
    row = same | {
        "id": appointment_id,
        "site_id": site.row.id,
        "patient_id": patient_id,
        "series_id": series_id,
        "planned_visit_id": planned_id,
        "visit_code": visit.code,
        "kind": visit.kind,
        "status": status,
        "starts_at": at,
        "ends_at": claims.ends_at(visit, at),
        "patient_from": there.starts_at if there else None,
        "patient_until": there.ends_at if there else None,
        "wall_time": at.isoformat(timespec="minutes"),
        "time_zone": ZONE.key,
        "choices": {} if visit.kind == "infusion" else choices,
        "made_at": at - timedelta(days=30),
    }
    big.rows["appointment"].append(_filled(appointments.AppointmentRow, row))
    for each in claims.taken(visit, at, choices):
        claim = same | {
            "id": new_id(),
            "appointment_id": appointment_id,
            "bookable_id": each.claim.bookable_id,
            "part": each.part,
            "starts_at": each.claim.starts_at,
            "ends_at": each.claim.ends_at,
            "units": each.claim.units,
            "exclusive": each.claim.bookable_id == therapist,
            "live": status != "noshow",
        }
        big.rows["claim"].append(claim)


def _filled(kind: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """A row's columns: what is given, and what the table fills in itself."""
    return {column.name: _value(column, given) for column in kind.__table__.columns}


def _value(column: Any, given: Mapping[str, Any]) -> object:
    if column.name in given:
        return given[column.name]
    default = column.default
    if default is None:
        return None
    return default.arg if default.is_scalar else default.arg(None)
