"""The people of two clinics, each with a series of their own where they are a patient.

    Ana     administrator           Pat     patient, whose series names Theo
    Theo    therapist of Pat        Quinn   patient, whose series names Tess
    Tess    therapist of Quinn      Drew    prescriber
    Nora    nurse                   Fay     front desk
    Ada     auditor

and, in a clinic that knows nothing of the first, Olga the administrator and Otto the patient.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from server.library.loader import drafts
from server.persistence.bookables import BookableRow
from server.persistence.clinics import ClinicRow, SiteRow
from server.persistence.protocols import ProtocolVersionRow
from server.persistence.sign_ins import UserRow
from server.persistence.transactions import transaction
from server.persistence.types import new_id
from server.services.access import Caller
from server.services.sign_ins import sign_in
from shared.planning_words import PlanningRunStatus
from shared.vocabulary import BookableKind, Role
from tests import builders


@dataclass(frozen=True)
class Person:
    """Somebody with a token that counts."""

    name: str
    caller: Caller
    token: str
    sign_in_id: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True)
class Things:
    """What belongs to one patient and their clinic: ids and codes by name."""

    clinic_id: str
    ids: dict[str, str]
    names: tuple[str, ...] = ()
    """Words that nobody out of reach may be shown."""
    therapist_id: str = ""

    def __getitem__(self, name: str) -> str:
        return self.ids[name]


@dataclass
class Cast:
    """Everybody, and everything that is somebody's."""

    people: dict[str, Person] = field(default_factory=dict)
    things: dict[str, Things] = field(default_factory=dict)
    """Of "pat", "quinn" and "otto", and "missing": ids of nothing at all."""

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None


def everybody(now: datetime | None = None) -> Cast:
    """Write both clinics, and sign everybody in."""
    cast, now = Cast(), now or datetime.now(UTC)
    with transaction():
        users = _first_clinic(cast, now) | _second_clinic(cast, now)
    for name, user in users.items():
        cast.people[name] = _signed_in(name, user, now)
    cast.things["missing"] = _nothing_like(cast.things["pat"])
    return cast


@dataclass
class House:
    """A clinic's one site with all that appointments there can claim."""

    clinic: ClinicRow
    site: SiteRow
    rooms: BookableRow
    version: ProtocolVersionRow
    ids: dict[str, str]
    """What is the whole clinic's, by name."""


def _first_clinic(cast: Cast, now: datetime) -> dict[str, UserRow]:
    house = _house("Larkfield")
    theo, theo_bookable = builders.make_practitioner(house.site, "Theo")
    tess, tess_bookable = builders.make_practitioner(house.site, "Tess")
    drew, _ = builders.make_practitioner(house.site, "Drew", Role.PRESCRIBER)
    users = {
        "ana": builders.make_user(house.clinic.id, Role.ADMINISTRATOR, "ana@example.org"),
        "theo": _staff(house, Role.THERAPIST, "theo", theo.id),
        "tess": _staff(house, Role.THERAPIST, "tess", tess.id),
        "drew": _staff(house, Role.PRESCRIBER, "drew", drew.id),
        "nora": builders.make_user(house.clinic.id, Role.NURSE, "nora@example.org"),
        "fay": builders.make_user(house.clinic.id, Role.FRONT_DESK, "fay@example.org"),
        "ada": builders.make_user(house.clinic.id, Role.AUDITOR, "ada@example.org"),
    }
    users["pat"] = _patient(cast, house, "Pat Rowan", theo_bookable, now)
    users["quinn"] = _patient(cast, house, "Quinn Alder", tess_bookable, now)
    return users


def _second_clinic(cast: Cast, now: datetime) -> dict[str, UserRow]:
    house = _house("Elsewhere")
    _, otto_therapist = builders.make_practitioner(house.site, "Ursula")
    olga = builders.make_user(house.clinic.id, Role.ADMINISTRATOR, "olga@example.org")
    return {"olga": olga, "otto": _patient(cast, house, "Otto Birch", otto_therapist, now)}


def _house(title: str) -> House:
    clinic = builders.make_clinic(title)
    site = builders.make_site(clinic, f"{title} House")
    builders.make_pool(site, "chairs", BookableKind.CHAIR, 2)
    builders.make_pool(site, "nurses", BookableKind.NURSE, 4)
    rooms = builders.make_pool(site, "therapy-rooms", BookableKind.ROOM, 2)
    version = builders.make_version(clinic.id)
    draft = builders.make_version(clinic.id, drafts()["demo-ketamine-integration"], draft=True)
    builders.make_questionnaire(clinic)
    far = datetime.now(UTC).date() + timedelta(days=300)
    ids = {
        "site": site.id,
        "bookable": rooms.id,
        "protocol": version.protocol_id,
        "version": version.id,
        "draft": draft.id,
        "code": str(version.document["code"]),
        "draft_code": str(draft.document["code"]),
        "holiday": builders.make_holiday(site, far).id,
        "exception": builders.make_absence(rooms, far).id,
        "repair": builders.make_repair(site).id,
        "impact": builders.make_impact(version).id,
        "run": builders.make_planning_run(site, PlanningRunStatus.DONE).id,
        "lost_run": builders.make_planning_run(site, PlanningRunStatus.INTERRUPTED).id,
        "waiting_run": builders.make_planning_run(site, PlanningRunStatus.WAITING).id,
    }
    return House(clinic, site, rooms, version, ids)


def _staff(house: House, role: Role, name: str, practitioner_id: str) -> UserRow:
    email = f"{name}@example.org"
    return builders.make_user(house.clinic.id, role, email, practitioner_id=practitioner_id)


def _patient(
    cast: Cast, house: House, full_name: str, therapist: BookableRow, now: datetime
) -> UserRow:
    """A patient with a login, a series and its first visit booked for the day after tomorrow."""
    name = full_name.split(maxsplit=1)[0].lower()
    patient = builders.make_patient(house.site, full_name)
    series = builders.make_series(patient, house.version, therapist)
    day = (now + timedelta(days=2)).replace(hour=17, minute=0, second=0, microsecond=0)
    hour = timedelta(hours=len(cast.things))
    appointment = builders.make_appointment(series, [therapist, house.rooms], day + hour)
    user = builders.make_user(
        house.clinic.id, Role.PATIENT, f"{name}@example.org", patient_id=patient.id
    )
    check_in = builders.make_check_in(appointment)
    ids = house.ids | {
        "check_in": check_in.id,
        "alert": builders.make_alert(check_in).id,
        **builders.make_waiting(check_in, appointment),
        "follow_up": builders.make_follow_up(check_in).id,
        "paperwork": builders.make_paperwork(check_in).id,
        "acknowledged": builders.make_alert(check_in, acknowledged=True).id,
        "message": builders.make_dead_message(appointment).id,
        "patient": patient.id,
        "series": series.id,
        "appointment": appointment.id,
        "user": user.id,
        "therapist": therapist.id,
        "practitioner": str(therapist.practitioner_id),
        "plan": builders.make_plan(series, "infusion", day + timedelta(days=3) + hour).id,
        "preview": builders.make_plan(
            series, "preparation", day + hour + timedelta(hours=1), kind="move"
        ).id,
    }
    cast.things[name] = Things(
        clinic_id=house.clinic.id,
        ids=ids,
        names=(full_name, patient.id, series.id, appointment.id),
        therapist_id=str(therapist.practitioner_id),
    )
    return user


def _nothing_like(things: Things) -> Things:
    return Things(clinic_id=new_id(), ids={name: new_id() for name in things.ids})


def _signed_in(name: str, user: UserRow, now: datetime) -> Person:
    signed_in = sign_in.begin(user.id, device=f"{name}'s phone", now=now)
    listed, _ = sign_in.listed(
        sign_in.caller_for(user), signed_in.tokens.access_token, page=1, page_size=1, now=now
    )
    return Person(
        name=name,
        caller=sign_in.caller_for(user),
        token=signed_in.tokens.access_token,
        sign_in_id=str(listed[0]["id"]),
    )
