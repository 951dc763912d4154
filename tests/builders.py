"""Rows for tests: each function writes one thing of the clinic, sensible unless told otherwise.

Call them inside `transaction()`, or commit yourself.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import TypeVar

from server.persistence.appointments import AppointmentRow, ClaimRow
from server.persistence.bookables import (
    AvailabilityExceptionRow,
    AvailabilityRow,
    BookableRow,
)
from server.persistence.check_ins import AlertRow, CheckInRow
from server.persistence.clinics import ClinicRow, HolidayRow, SiteRow
from server.persistence.database import Base, db
from server.persistence.follow_ups import FollowUpRow
from server.persistence.impacts import ImpactRow
from server.persistence.outbox import OutboxMessageRow
from server.persistence.paperwork import PaperworkRow
from server.persistence.people import PatientRow, PractitionerRow, name_key
from server.persistence.planning_runs import PlanningRunRow
from server.persistence.protocols import ProtocolRow, ProtocolVersionRow
from server.persistence.questionnaires import QuestionnaireRow
from server.persistence.repairs import RepairRow
from server.persistence.series import PlannedVisitRow, ProposedPlanRow, SeriesRow
from server.persistence.sign_ins import UserRow
from server.persistence.types import new_id
from server.persistence.waiting import FreedTimeRow, SlotOfferRow, WaitingRow
from server.services.sign_ins import passwords
from shared.planning_words import PlanningRunStatus
from shared.vocabulary import (
    AlertStatus,
    BookableKind,
    ChannelName,
    CheckInStatus,
    FollowUpCause,
    MessageStatus,
    PaperworkStatus,
    ReminderKind,
    Role,
)

MADE_AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
EVERY_DAY = list(range(7))
PASSWORD = "a long walk by the river"

numbers = count(1)
Row = TypeVar("Row", bound=Base)

THERAPY_ROOM = [{"choice": "therapist"}, {"bookable": "therapy-rooms"}]
CHAIR = [{"bookable": "chairs"}, {"bookable": "nurses", "units": 2, "evidence": "invented"}]
SHORT_PROTOCOL: dict[str, object] = {
    "format": "tandem.protocol/1",
    "code": "short",
    "title": "Short (invented)",
    "description": "Invented for tests, not for patients.",
    "off_label": True,
    "demonstration": True,
    "start_visit": "infusion",
    "choices": [{"name": "therapist", "role": "therapist", "kept": True}],
    "phases": [
        {
            "code": "all",
            "title": "All of it",
            "visits": [
                {
                    "code": "preparation",
                    "title": "Preparation",
                    "kind": "preparation",
                    "parts": [
                        {
                            "name": "session",
                            "minutes": 60,
                            "evidence": "invented",
                            "claims": THERAPY_ROOM,
                        }
                    ],
                    "windows": [
                        {
                            "from": "infusion",
                            "edge": "start",
                            "unit": "days",
                            "min": -7,
                            "target": -2,
                            "max": -1,
                            "evidence": "invented",
                        }
                    ],
                },
                {
                    "code": "infusion",
                    "title": "Infusion",
                    "kind": "infusion",
                    "parts": [
                        {
                            "name": "infusion",
                            "minutes": 45,
                            "evidence": "invented",
                            "claims": CHAIR,
                        }
                    ],
                },
            ],
        }
    ],
}
"""Two visits: one with a therapist, then one with a chair and a nurse."""


def added(row: Row) -> Row:
    db.session.add(row)
    db.session.flush()
    return row


def make_clinic(title: str = "Larkfield") -> ClinicRow:
    return added(ClinicRow(id=new_id(), title=title, made_at=MADE_AT))


def make_site(clinic: ClinicRow, title: str = "", zone: str = "America/New_York") -> SiteRow:
    title = title or f"Site {next(numbers)}"
    return added(SiteRow(id=new_id(), clinic_id=clinic.id, title=title, time_zone=zone))


def make_pool(
    site: SiteRow, code: str, kind: BookableKind, capacity: int = 1, *, practitioner_id: str = ""
) -> BookableRow:
    """A pool, chair or person, there from six to ten on every day."""
    row = BookableRow(
        id=new_id(),
        clinic_id=site.clinic_id,
        site_id=site.id,
        kind=kind,
        code=code,
        title=code,
        capacity=capacity,
        practitioner_id=practitioner_id or None,
    )
    row.weekly = [AvailabilityRow(days=EVERY_DAY, opens=360, closes=1320, capacity=capacity)]
    return added(row)


def make_holiday(site: SiteRow, on: date) -> HolidayRow:
    ids = {"clinic_id": site.clinic_id, "site_id": site.id}
    return added(HolidayRow(id=new_id(), on=on, title="Founders' day", **ids))


def make_absence(bookable: BookableRow, on: date) -> AvailabilityExceptionRow:
    """A day on which a bookable is out of service."""
    row = AvailabilityExceptionRow(id=new_id(), on=on, capacity=0, reason="Paint")
    bookable.exceptions.append(row)
    db.session.flush()
    return row


def make_practitioner(
    site: SiteRow, name: str, role: Role = Role.THERAPIST
) -> tuple[PractitionerRow, BookableRow]:
    """Somebody who treats, and what appointments claim of them."""
    row = PractitionerRow(id=new_id(), clinic_id=site.clinic_id, title=name, role=role)
    added(row)
    kind, code = BookableKind(role.value), name.lower().replace(" ", "-")
    return row, make_pool(site, code, kind, practitioner_id=row.id)


def make_patient(site: SiteRow, name: str = "") -> PatientRow:
    name = name or f"Robin {next(numbers)}"
    return added(
        PatientRow(
            id=new_id(),
            clinic_id=site.clinic_id,
            site_id=site.id,
            full_name=name,
            name_key=name_key(name),
            made_at=MADE_AT,
        )
    )


def make_user(
    clinic_id: str,
    role: Role,
    email: str = "",
    *,
    password: str = "",
    patient_id: str | None = None,
    practitioner_id: str | None = None,
) -> UserRow:
    """A login; without a password nobody can sign in by it (hashing takes a tenth of a second)."""
    return added(
        UserRow(
            id=new_id(),
            clinic_id=clinic_id,
            email=email or f"{role}-{next(numbers)}@example.org",
            password_hash=passwords.hashed(password) if password else "",
            role=role,
            patient_id=patient_id,
            practitioner_id=practitioner_id,
            made_at=MADE_AT,
        )
    )


def make_version(
    clinic_id: str, document: dict[str, object] = SHORT_PROTOCOL, *, draft: bool = False
) -> ProtocolVersionRow:
    """A version of a protocol of its own: published and active, or a draft."""
    code = f"protocol-{next(numbers)}"
    protocol = ProtocolRow(id=new_id(), clinic_id=clinic_id, code=code, title=code)
    added(protocol)
    return added(
        ProtocolVersionRow(
            id=new_id(),
            clinic_id=clinic_id,
            protocol_id=protocol.id,
            number=1,
            status="draft" if draft else "published",
            document={**document, "code": code},
            made_at=MADE_AT,
            published_at=None if draft else MADE_AT,
            activated_at=None if draft else MADE_AT,
        )
    )


def make_series(
    patient: PatientRow,
    version: ProtocolVersionRow,
    therapist: BookableRow,
    *,
    status: str = "active",
    ready_on: date | None = None,
) -> SeriesRow:
    """A series of the short protocol with this therapist, none of its visits booked."""
    ids = {"clinic_id": patient.clinic_id}
    row = SeriesRow(
        id=new_id(),
        site_id=patient.site_id,
        patient_id=patient.id,
        protocol_version_id=version.id,
        status=status,
        ready_on=ready_on or datetime.now(UTC).date(),
        candidates={"therapist": [therapist.id]},
        choices={"therapist": therapist.id},
        made_at=MADE_AT,
        **ids,
    )
    row.planned_visits = [
        PlannedVisitRow(id=new_id(), place=place, code=code, status="active", **ids)
        for place, code in enumerate(("preparation", "infusion"))
    ]
    return added(row)


def make_appointment(
    series: SeriesRow, bookables: list[BookableRow], starts_at: datetime
) -> AppointmentRow:
    """The preparation of a series: an hour that takes one unit of each of these."""
    ends_at, ids = starts_at + timedelta(hours=1), {"clinic_id": series.clinic_id}
    row = AppointmentRow(
        id=new_id(),
        site_id=series.site_id,
        patient_id=series.patient_id,
        series_id=series.id,
        planned_visit_id=series.planned_visits[0].id,
        visit_code="preparation",
        kind="preparation",
        status="booked",
        starts_at=starts_at,
        ends_at=ends_at,
        patient_from=starts_at,
        patient_until=ends_at,
        wall_time=starts_at.strftime("%Y-%m-%d %H:%M"),
        time_zone="America/New_York",
        choices={"therapist": series.candidates["therapist"][0]},
        made_at=MADE_AT,
        **ids,
    )
    row.claims = [
        ClaimRow(
            bookable_id=bookable.id,
            part="session",
            starts_at=starts_at,
            ends_at=ends_at,
            exclusive=bookable.capacity == 1,
            **ids,
        )
        for bookable in bookables
    ]
    return added(row)


def make_plan(
    series: SeriesRow, visit: str, starts_at: datetime, *, kind: str = "series"
) -> ProposedPlanRow:
    """A plan on offer that gives one visit a time; of kind "move" it is a preview of a move."""
    choices = {name: ids[0] for name, ids in series.candidates.items()}
    at = {"visit": visit, "starts_at": starts_at.isoformat(), "choices": {}, "reasons": []}
    return added(
        ProposedPlanRow(
            id=new_id(),
            clinic_id=series.clinic_id,
            series_id=series.id,
            place=1,
            body={"kind": kind, "choices": choices, "cost": 0, "visits": [at]},
            made_at=MADE_AT,
            expires_at=starts_at,
        )
    )


def make_check_in(appointment: AppointmentRow, answered: bool = False) -> CheckInRow:
    """A form that is open now, counted from an appointment."""
    now = datetime.now(UTC)
    row = CheckInRow(
        id=new_id(),
        clinic_id=appointment.clinic_id,
        patient_id=appointment.patient_id,
        series_id=appointment.series_id,
        appointment_id=appointment.id,
        code="answered" if answered else "next-day",
        title="The day after",
        questionnaire="own-next-day",
        status=CheckInStatus.COMPLETED if answered else CheckInStatus.REQUESTED,
        opens_at=now - timedelta(hours=1),
        due_at=now,
        closes_at=now + timedelta(hours=12),
    )
    return added(row)


def make_alert(check_in: CheckInRow, *, acknowledged: bool = False) -> AlertRow:
    """An answer that somebody must see."""
    status = AlertStatus.ACKNOWLEDGED if acknowledged else AlertStatus.OPEN
    row = AlertRow(
        id=new_id(),
        clinic_id=check_in.clinic_id,
        patient_id=check_in.patient_id,
        check_in_id=check_in.id,
        reasons=["thoughts-of-death"],
        status=status,
        raised_at=datetime.now(UTC),
        step=1,
    )
    return added(row)


def make_waiting(check_in: CheckInRow, appointment: AppointmentRow) -> dict[str, str]:
    """Somebody who waits, a time that came free, and its offer to them; and one that has lapsed."""
    ids = {"clinic_id": check_in.clinic_id, "patient_id": check_in.patient_id}
    about = {"series_id": check_in.series_id, "visit_code": "given-up"}
    now = datetime.now(UTC)
    waiting = added(WaitingRow(id=new_id(), weekdays=[], made_at=now, **ids, **about))
    freed = added(
        FreedTimeRow(
            id=new_id(),
            clinic_id=check_in.clinic_id,
            site_id=appointment.site_id,
            appointment_id=appointment.id,
            kind=appointment.kind,
            starts_at=now + timedelta(days=1),
            ends_at=now + timedelta(days=1, hours=1),
            claims=[],
            next_look_at=now + timedelta(days=1),
            made_at=now,
        )
    )
    made = {"waiting": waiting.id, "freed_time": freed.id}
    for name, lasts in (("slot_offer", 1), ("lapsed", -1)):
        offer = SlotOfferRow(
            id=new_id(),
            freed_time_id=freed.id,
            waiting_id=waiting.id,
            starts_at=freed.starts_at,
            time_zone="UTC",
            plan={"choices": {}, "visits": []},
            made_at=now - timedelta(hours=2),
            expires_at=now + timedelta(hours=lasts),
            **ids,
            **about,
        )
        made[name] = added(offer).id
    return made


def make_follow_up(check_in: CheckInRow) -> FollowUpRow:
    """Something to be done about a visit that the series does not have any more."""
    row = FollowUpRow(
        id=new_id(),
        clinic_id=check_in.clinic_id,
        patient_id=check_in.patient_id,
        series_id=check_in.series_id,
        visit_code="given-up",
        cause=FollowUpCause.NO_SHOW,
        made_at=datetime.now(UTC),
    )
    return added(row)


def make_planning_run(
    site: SiteRow, status: PlanningRunStatus, *, compared: bool = False
) -> PlanningRunRow:
    """A planning run that found that nobody waits; `compared` with the clinic as it is."""
    weeks = [{"monday": "2027-01-04", "infusions": 3, "others": 4}]
    nothing = {"cost": 0, "lower_bound": 0, "seconds": 0.1, "series": [], "unplaced": []}
    after = {**nothing, "weeks": weeks if compared else []}
    change = {"kind": "closed-weekday", "weekday": 4}
    unset = dict.fromkeys(("bookable_id", "capacity", "first", "last"))
    asked = {"scope": "waiting", "seconds": 1, "series_ids": []}
    row = PlanningRunRow(
        id=new_id(),
        clinic_id=site.clinic_id,
        site_id=site.id,
        asked={**asked, "changes": [change | unset] if compared else []},
        status=status,
        result={"before": after if compared else None, "after": after, "differences": []},
        made_by="ana",
        made_at=MADE_AT,
    )
    return added(row)


OWN_FORM: dict[str, object] = {
    "format": "tandem.questionnaire/1",
    "code": "house-worries",
    "title": "Worries",
    "languages": ["en"],
    "licence": {"terms": "by contract", "text": "Used with permission.", "evidence": "R"},
    "sources": ["Written for tests."],
    "look_back": {"en": "the past week"},
    "intro": {"en": ""},
    "stem": {"en": "How often were you troubled by:"},
    "options": [{"value": 0, "text": {"en": "Never"}}, {"value": 1, "text": {"en": "Often"}}],
    "items": [
        {"id": "money", "kind": "choice", "text": {"en": "Money?"}},
        {"id": "sleep", "kind": "choice", "text": {"en": "Sleep?"}},
    ],
    "score": {"most": 2, "evidence": "R"},
    "alerts": [{"code": "worried", "total_at_least": 2, "help_line": True, "evidence": "R"}],
}


def make_questionnaire(clinic: ClinicRow) -> QuestionnaireRow:
    """A form that the clinic loaded itself."""
    row = QuestionnaireRow(
        id=new_id(),
        clinic_id=clinic.id,
        code="house-worries",
        title="Worries",
        document=OWN_FORM,
        may_use="Contract 17",
        loaded_at=MADE_AT,
        loaded_by="ana",
    )
    return added(row)


def make_paperwork(check_in: CheckInRow) -> PaperworkRow:
    """A rating that the clinic must fill in about a visit, due since an hour."""
    now = datetime.now(UTC)
    row = PaperworkRow(
        id=new_id(),
        clinic_id=check_in.clinic_id,
        patient_id=check_in.patient_id,
        series_id=check_in.series_id,
        appointment_id=check_in.appointment_id,
        code="rating",
        title="Rating by a clinician",
        instrument="caps-5",
        status=PaperworkStatus.REQUESTED,
        opens_at=now - timedelta(hours=1),
        due_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=2),
    )
    return added(row)


def make_dead_message(appointment: AppointmentRow) -> OutboxMessageRow:
    """A message that was given up."""
    now = datetime.now(UTC)
    row = OutboxMessageRow(
        id=new_id(),
        clinic_id=appointment.clinic_id,
        key=new_id() + new_id(),
        kind=ReminderKind.CONFIRM,
        channel=ChannelName.EMAIL,
        patient_id=appointment.patient_id,
        subject_id=appointment.id,
        subject_version=1,
        due_at=now,
        not_after=now + timedelta(days=1),
        status=MessageStatus.DEAD,
        failure="no-address",
        made_at=now,
    )
    return added(row)


def make_impact(version: ProtocolVersionRow) -> ImpactRow:
    """An impact that was shown and changes nothing."""
    nothing = dict.fromkeys(("series", "moved", "added", "cancelled", "unresolved"), 0)
    body: dict[str, object] = {"series": [], "unresolved": [], "summary": [], "counts": nothing}
    return added(
        ImpactRow(
            id=new_id(),
            clinic_id=version.clinic_id,
            version_id=version.id,
            body={**body, "edition_version": version.version},
            made_at=datetime.now(UTC),
            expires_at=datetime.now(UTC) + timedelta(hours=1),
        )
    )


def make_repair(site: SiteRow) -> RepairRow:
    """A repair that was shown and changes nothing."""
    nothing: dict[str, object] = {"series": [], "unresolved": [], "summary": []}
    return added(
        RepairRow(
            id=new_id(),
            clinic_id=site.clinic_id,
            site_id=site.id,
            body={**nothing, "cost": 0, "lower_bound": 0},
            made_at=MADE_AT,
            expires_at=datetime.now(UTC) + timedelta(hours=1),
        )
    )
