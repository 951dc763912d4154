"""Many processes book, move and plan against each other; afterwards everything is counted.

Every booking goes through the services the clinic uses. Three ways are raced: a whole series in one
transaction ("series"), one visit ("book"), and a booked visit moved elsewhere ("move").
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import text

from server.app import create_app
from server.config import Settings
from server.domain.breaches import Refused
from server.domain.placement import Placement, SeriesPlan
from server.persistence import appointments
from server.persistence.database import db
from server.persistence.people import PatientRow, name_key
from server.persistence.series import PlannedVisitRow, SeriesRow
from server.persistence.transactions import transaction
from server.persistence.types import new_id
from server.services.booking import booking, moves
from server.services.booking.moves import Wish
from server.services.record import doctor
from server.services.refusals import Stale
from shared.vocabulary import PlannedVisitStatus, SeriesStatus
from tests.processes import from_the_imported
from tests.services.a_series import NOW, ZONE, ShortClinic, short_clinic

VISITS = ("infusion-1", "session-1", "infusion-2", "session-2")


@dataclass(frozen=True, kw_only=True)
class Race:
    """How hard it is run. `days` and the clinic's size decide how scarce times are."""

    url: str
    attempts: int
    processes: int = 12
    chairs: int = 1
    therapists: int = 2
    days: int = 30
    patients: int = 200
    moving: bool = True
    seed: int = 1


@dataclass
class Outcome:
    """What one process, or all together, saw. Times are seconds for each attempt."""

    counts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Bookable and instant of each refusal for want of capacity."""

    def add(self, other: "Outcome") -> None:
        self.counts += other.counts
        self.seconds += other.seconds
        self.refused += other.refused


def run(race: Race) -> Outcome:
    """Prepare a clinic in an empty migrated database, race, and count."""
    with _app(race.url):
        clinic = short_clinic(chairs=race.chairs, therapists=race.therapists)
        series_ids = _enrolled(clinic, race.patients)
    share = race.attempts // race.processes
    with from_the_imported().Pool(race.processes) as pool:
        work = [(race, clinic, series_ids, share, n) for n in range(race.processes)]
        found = Outcome()
        for outcome in pool.starmap(_racer, work):
            found.add(outcome)
    return found


@contextmanager
def _app(url: str) -> Iterator[Flask]:
    app = create_app(Settings(database_url=url, secret_key="race", testing=True))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _enrolled(clinic: ShortClinic, patients: int) -> list[str]:
    """Series of as many patients, written straight into the tables: enrolling is not raced."""
    ids = []
    with transaction() as session:
        for number in range(patients):
            patient_id, series_id = new_id(), new_id()
            name = f"Racer {number}"
            session.add(
                PatientRow(
                    id=patient_id,
                    clinic_id=clinic.by.clinic_id,
                    site_id=clinic.site_id,
                    full_name=name,
                    name_key=name_key(name),
                    away=[],
                    made_at=NOW,
                )
            )
            session.flush()
            session.add(_series(clinic, patient_id, series_id))
            ids.append(series_id)
    return ids


def _series(clinic: ShortClinic, patient_id: str, series_id: str) -> SeriesRow:
    row = SeriesRow(
        id=series_id,
        clinic_id=clinic.by.clinic_id,
        site_id=clinic.site_id,
        patient_id=patient_id,
        protocol_version_id=clinic.version_id,
        status=SeriesStatus.DRAFT,
        ready_on=NOW.date(),
        candidates={"therapist": clinic.therapist_ids},
        choices={},
        made_at=NOW,
    )
    row.planned_visits = [
        PlannedVisitRow(
            clinic_id=clinic.by.clinic_id, place=n, code=code, status=PlannedVisitStatus.ACTIVE
        )
        for n, code in enumerate(VISITS)
    ]
    return row


def _racer(race: Race, clinic: ShortClinic, series_ids: list[str], share: int, n: int) -> Outcome:
    chance = random.Random(f"{race.seed}/{n}")
    found = Outcome()
    with _app(race.url):
        for _ in range(share):
            began = time.perf_counter()
            said = _attempt(race, clinic, chance, chance.choice(series_ids), found)
            found.counts[said] += 1
            found.seconds.append(time.perf_counter() - began)
    return found


def _attempt(
    race: Race, clinic: ShortClinic, chance: random.Random, series_id: str, found: Outcome
) -> str:
    live = {row.visit_code: row for row in appointments.of_series(series_id) if row.live}
    ways = ["series"] if not live else ["move"] if race.moving else ["again"]
    ways += ["book"] if not live else []
    way = chance.choice(ways)
    try:
        if way == "move":
            _move(clinic, chance, chance.choice(sorted(live.values(), key=lambda r: r.visit_code)))
        else:
            plan = _plan(race, clinic, chance)
            plan = plan if way != "book" else _first_only(plan)
            booking.book(clinic.by, series_id, plan, expected_version=None, now=NOW)
    except Refused as refused:
        _remember(refused, found)
        return f"{way} refused"
    except Stale:
        return f"{way} stale"
    return f"{way} done"


def _plan(race: Race, clinic: ShortClinic, chance: random.Random) -> SeriesPlan:
    first = datetime(NOW.year, NOW.month, NOW.day, tzinfo=ZONE) + timedelta(
        days=1 + chance.randrange(race.days)
    )
    at = first.replace(hour=chance.randrange(8, 16))
    days = {"infusion-1": 0, "session-1": 2, "infusion-2": 3, "session-2": 5}
    return SeriesPlan(
        placements=tuple(
            Placement(visit=visit, starts_at=at + timedelta(days=after))
            for visit, after in days.items()
        ),
        choices={"therapist": chance.choice(clinic.therapist_ids)},
    )


def _first_only(plan: SeriesPlan) -> SeriesPlan:
    return SeriesPlan(placements=plan.placements[:1], choices=plan.choices)


def _move(clinic: ShortClinic, chance: random.Random, row: appointments.AppointmentRow) -> None:
    to = row.starts_at.astimezone(ZONE) + timedelta(hours=chance.choice([-2, -1, 1, 2, 24, -24]))
    wish = Wish(starts_at=to, choices={})
    seen = row.version
    preview = moves.preview(clinic.by, row.id, wish, now=NOW)
    moves.apply(clinic.by, row.id, preview.id, expected_version=seen, now=NOW)


def _remember(refused: Refused, found: Outcome) -> None:
    for breach in refused.breaches:
        if breach.code == "no-capacity" and "bookable" in breach.facts:
            at = breach.facts.get("at")
            if isinstance(at, datetime):
                found.refused.append((str(breach.facts["bookable"]), at.isoformat()))


def broken(url: str) -> list[str]:
    """What the doctor finds afterwards."""
    with _app(url):
        return [str(finding) for finding in doctor.examine(now=NOW)]


def false_refusals(url: str, refused: list[tuple[str, str]]) -> int:
    """Refusals for want of capacity at instants that are free in the end. Without moves and
    cancellations nothing is ever given back, so there must be none."""
    free = text(
        "SELECT count(*) FROM claim c WHERE c.bookable_id = :who AND c.live"
        " AND c.starts_at <= :at AND c.ends_at > :at"
    )
    most = text("SELECT capacity FROM bookable WHERE id = :who")
    wrong = 0
    with _app(url):
        for who, at in refused:
            instant = datetime.fromisoformat(at)
            taken = db.session.scalar(free.bindparams(who=who, at=_as_kept(url, instant)))
            wrong += int((taken or 0) < (db.session.scalar(most, {"who": who}) or 0))
    return wrong


def _as_kept(url: str, at: datetime) -> object:
    """An instant as a bound value of raw SQL: SQLite keeps UTC text without an offset."""
    if not url.startswith("sqlite"):
        return at
    from datetime import UTC

    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
