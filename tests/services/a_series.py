"""A small clinic with one short protocol, and series on it that can be booked by hand."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from server.domain.placement import Placement, SeriesPlan
from server.persistence.bookables import AvailabilityRow, BookableRow
from server.persistence.clinics import ClinicRow, SiteRow
from server.persistence.people import PatientRow, PractitionerRow, name_key
from server.persistence.protocols import ProtocolRow, ProtocolVersionRow
from server.persistence.transactions import transaction
from server.persistence.types import new_id
from server.services.access import Caller
from server.services.series import series
from server.services.series.series import Enrolment
from shared.vocabulary import BookableKind, Role, VersionStatus

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2027, 3, 1, 8, tzinfo=ZONE)
"""A Monday."""
ALL_WEEK = list(range(7))
MADE_UP = {"evidence": "invented"}


def document(infusions: int = 2) -> dict[str, object]:
    """Infusions 2 to 5 days apart, each followed after 24 to 72 hours by a session."""
    return {
        "format": "tandem.protocol/1",
        "code": "short",
        "title": "A short protocol",
        "description": "Invented for tests.",
        "off_label": True,
        "demonstration": True,
        "start_visit": "infusion-1",
        "arms": [
            {
                "code": "only",
                "title": "Only",
                "drug": "ketamine",
                "route": "intravenous",
                "dose": {"mg_per_kg": 0.5, **MADE_UP},
                "cap": {"mg": 60, **MADE_UP},
                "duration": {"minutes": 45, **MADE_UP},
            }
        ],
        "choices": [{"name": "therapist", "role": "therapist", "kept": True}],
        "phases": [
            {
                "code": "treatment",
                "title": "Treatment",
                "visits": [_infusion(infusions), _session()],
            },
        ],
    }


def _infusion(times: int) -> dict[str, object]:
    gap = {"unit": "days", "min": 2, "target": 3, "max": 5, **MADE_UP}
    parts = [("infusion", 45), ("observation", 75)]
    return {
        "code": "infusion",
        "title": "Infusion",
        "kind": "infusion",
        "repeat": {"times": times, "gap": gap, **MADE_UP},
        "parts": [
            {"name": name, "minutes": minutes, "claims": [{"bookable": "chairs"}], **MADE_UP}
            for name, minutes in parts
        ],
    }


def _session() -> dict[str, object]:
    window = {"from": "infusion", "which": "same", "edge": "end", "unit": "hours"}
    return {
        "code": "session",
        "title": "Session",
        "kind": "integration",
        "for_each": "infusion",
        "parts": [
            {"name": "session", "minutes": 60, "claims": [{"choice": "therapist"}], **MADE_UP}
        ],
        "windows": [{**window, "min": 24, "max": 72, **MADE_UP}],
    }


@dataclass
class ShortClinic:
    """Ids of what was made; `by` is a prescriber."""

    by: Caller
    site_id: str
    version_id: str
    chairs_id: str
    therapist_ids: list[str] = field(default_factory=list)

    def patient(self, full_name: str = "Pat Example", **more: object) -> str:
        """A new patient who can always come."""
        with transaction() as session:
            row = PatientRow(
                id=new_id(),
                clinic_id=self.by.clinic_id,
                site_id=self.site_id,
                full_name=full_name,
                name_key=name_key(full_name),
                away=[],
                made_at=NOW,
                **more,
            )
            session.add(row)
        return row.id

    def enrolled(self, *, patient_id: str | None = None, now: datetime = NOW) -> str:
        """A new series of a new patient."""
        enrolment = Enrolment(
            patient_id=patient_id or self.patient(),
            protocol_version_id=self.version_id,
            ready_on=NOW.date(),
            candidates={"therapist": self.therapist_ids},
        )
        return series.enrol(self.by, enrolment, now=now).id

    def plan(
        self, *, day: date = date(2027, 3, 2), hour: int = 9, therapist: int = 0
    ) -> SeriesPlan:
        """Infusions on `day` and three days later, each session the day after at the same hour."""
        first = datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)
        at = {"infusion-1": 0, "session-1": 2, "infusion-2": 3, "session-2": 5}
        return SeriesPlan(
            placements=tuple(
                Placement(visit=visit, starts_at=first + timedelta(days=days))
                for visit, days in at.items()
            ),
            choices={"therapist": self.therapist_ids[therapist]},
        )


def short_clinic(*, chairs: int = 1, therapists: int = 2, **more: object) -> ShortClinic:
    """A clinic open round the clock, with a pool of chairs and some therapists; `more` is added to
    its protocol."""
    clinic, site = new_id(), new_id()
    with transaction() as session:
        session.add(ClinicRow(id=clinic, title="Short", made_at=NOW))
        row = SiteRow(id=site, clinic_id=clinic, title="Only", time_zone=ZONE.key, grid_minutes=15)
        session.add(row)
        session.flush()
        pool = _bookable(row, "chairs", BookableKind.CHAIR, chairs)
        people = [_therapist(row, number) for number in range(therapists)]
        version = _version(clinic, more)
        session.add_all([pool, *people, version])
    by = Caller(user_id=new_id(), clinic_id=clinic, role=Role.PRESCRIBER)
    return ShortClinic(
        by=by,
        site_id=site,
        version_id=version.id,
        chairs_id=pool.id,
        therapist_ids=[each.id for each in people],
    )


def _bookable(site: SiteRow, code: str, kind: BookableKind, capacity: int) -> BookableRow:
    hours = AvailabilityRow(days=ALL_WEEK, opens=0, closes=1440, capacity=capacity)
    return BookableRow(
        id=new_id(),
        clinic_id=site.clinic_id,
        site_id=site.id,
        kind=kind,
        code=code,
        title=code,
        capacity=capacity,
        weekly=[hours],
        exceptions=[],
    )


def _therapist(site: SiteRow, number: int) -> BookableRow:
    practitioner = PractitionerRow(
        id=new_id(), clinic_id=site.clinic_id, title=f"Therapist {number}", role=Role.THERAPIST
    )
    made = _bookable(site, f"th-{number}", BookableKind.THERAPIST, 1)
    made.practitioner_id = practitioner.id
    from server.persistence.database import db

    db.session.add(practitioner)
    db.session.flush()
    return made


def _version(clinic_id: str, more: dict[str, object]) -> ProtocolVersionRow:
    from server.persistence.database import db

    protocol = ProtocolRow(id=new_id(), clinic_id=clinic_id, code="short", title="Short")
    db.session.add(protocol)
    db.session.flush()
    return ProtocolVersionRow(
        id=new_id(),
        clinic_id=clinic_id,
        protocol_id=protocol.id,
        number=1,
        status=VersionStatus.PUBLISHED,
        document=document() | more,
        signatures=[],
        made_at=NOW,
        published_at=NOW,
        activated_at=NOW,
    )
