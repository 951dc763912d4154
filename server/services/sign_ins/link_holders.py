"""Who a signed link stands for: the patient it was sent to, for the one thing it is about."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from server.persistence.appointments import AppointmentRow
from server.persistence.check_ins import CheckInRow
from server.persistence.database import db
from server.persistence.people import language_of
from server.persistence.waiting import SlotOfferRow
from server.services.access import Caller
from server.services.booking import confirmations
from server.services.check_ins import check_ins
from server.services.check_ins.check_ins import Answered
from server.services.clinic import help_lines
from server.services.clinic.help_lines import HelpLine
from server.services.days import sync
from server.services.refusals import NotFound
from server.services.sign_ins import links
from server.services.sign_ins.links import BadLink, Link, Purpose
from server.services.waiting import slot_offers
from shared.vocabulary import OfferStatus, Role

BY_LINK = "signed-link"
Body = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class ShownOffer:
    """A freed time on offer, on the clinic's clock: instead of which time (None: the visit has
    none), what else would move, until when it may be taken, and where it stands."""

    starts_at: datetime
    previous: datetime | None
    others: tuple[datetime, ...]
    until: datetime
    good: bool
    taken: bool
    declined: bool


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What a link shows: one visit, one check-in or one offer, and whom to call."""

    language: str
    help_line: HelpLine
    visit: Body | None = None
    check_in: Body | None = None
    offer: ShownOffer | None = None


@dataclass(frozen=True, kw_only=True)
class Held:
    """A link that is good, and the patient who holds it."""

    link: Link
    by: Caller


def hold(token: str, secret: str, *, now: datetime) -> Held:
    """The holder of a link. NotFound for one that is not ours, is over, or speaks of a time that
    no longer holds: the three look alike."""
    try:
        link = links.read(token, secret)
    except BadLink as error:
        raise NotFound from error
    row = _subject(link)
    if row is None or link.expires_at <= now:
        raise NotFound
    by = Caller(
        user_id=BY_LINK, clinic_id=row.clinic_id, role=Role.PATIENT, patient_id=row.patient_id
    )
    return Held(link=link, by=by)


def _subject(link: Link) -> AppointmentRow | CheckInRow | SlotOfferRow | None:
    if link.purpose is Purpose.CHECK_IN:
        return db.session.get(CheckInRow, link.subject_id)
    if link.purpose is Purpose.OFFER:
        return db.session.get(SlotOfferRow, link.subject_id)
    row = db.session.get(AppointmentRow, link.subject_id)
    return row if row is not None and row.schedule_version == link.version else None


def opened(held: Held, *, now: datetime) -> Opened:
    """What there is to see. Looking changes nothing but the record of who looked."""
    if held.link.purpose is Purpose.OFFER:
        return _opened_offer(held, now)
    document = sync.today(held.by, now=now)
    wanted = "check_ins" if held.link.purpose is Purpose.CHECK_IN else "appointments"
    things = document[wanted]
    found = [each for each in things if each["id"] == held.link.subject_id]  # type: ignore[attr-defined]
    if not found:
        raise NotFound
    asked = held.link.purpose is Purpose.CHECK_IN
    return Opened(
        language=document["patient"]["language"],  # type: ignore[index]
        help_line=help_lines.of_clinic(held.by.clinic_id),
        visit=None if asked else found[0],
        check_in=found[0] if asked else None,
    )


def _opened_offer(held: Held, now: datetime) -> Opened:
    patient_id = str(held.by.patient_id)
    known = slot_offers.of_patient(held.by, patient_id, now=now)
    row = next((each for each in known if each.id == held.link.subject_id), None)
    if row is None:
        raise NotFound
    return Opened(
        language=language_of(patient_id),
        help_line=help_lines.of_clinic(held.by.clinic_id),
        offer=_shown(row, now),
    )


def _shown(row: SlotOfferRow, now: datetime) -> ShownOffer:
    zone = ZoneInfo(row.time_zone)
    visits = {str(each["visit"]): each for each in row.plan["visits"]}  # type: ignore[attr-defined]
    own = visits.pop(row.visit_code, {}).get("previous")
    others = sorted(datetime.fromisoformat(str(each["starts_at"])) for each in visits.values())
    return ShownOffer(
        starts_at=row.starts_at.astimezone(zone),
        previous=datetime.fromisoformat(str(own)) if own else None,
        others=tuple(each.astimezone(zone) for each in others),
        until=row.expires_at.astimezone(zone),
        good=slot_offers.is_good(row, now),
        taken=row.status == OfferStatus.ACCEPTED,
        declined=row.status == OfferStatus.DECLINED,
    )


def take(held: Held, *, now: datetime) -> None:
    """The patient takes the freed time. Conflict where it has gone."""
    if held.link.purpose is not Purpose.OFFER:
        raise NotFound
    slot_offers.accept(held.by, held.link.subject_id, now=now)


def leave(held: Held, *, now: datetime) -> None:
    """The patient leaves the freed time to others. Conflict where it has gone."""
    if held.link.purpose is not Purpose.OFFER:
        raise NotFound
    slot_offers.decline(held.by, held.link.subject_id, now=now)


def confirm(held: Held, *, now: datetime) -> None:
    """The patient comes at the time the link speaks of."""
    if held.link.purpose is not Purpose.APPOINTMENT:
        raise NotFound
    confirmations.confirm(
        held.by, held.link.subject_id, schedule_version=held.link.version, now=now
    )


def name_ride(held: Held, name: str, phone: str, *, now: datetime) -> None:
    """The patient says who takes them home."""
    if held.link.purpose is not Purpose.APPOINTMENT:
        raise NotFound
    confirmations.name_ride(held.by, held.link.subject_id, name=name, phone=phone, now=now)


def answer(held: Held, given: Answered, *, now: datetime) -> bool:
    """The patient answers; True where the help line must be shown first."""
    if held.link.purpose is not Purpose.CHECK_IN:
        raise NotFound
    return check_ins.answer(held.by, held.link.subject_id, given, now=now).help_line
