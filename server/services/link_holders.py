"""Who a signed link stands for: the patient it was sent to, for the one thing it is about."""

from dataclasses import dataclass
from datetime import datetime

from server.persistence.appointments import AppointmentRow
from server.persistence.check_ins import CheckInRow
from server.persistence.database import db
from server.services import check_ins, confirmations, help_lines, links, sync
from server.services.access import Caller
from server.services.check_ins import Answered
from server.services.help_lines import HelpLine
from server.services.links import BadLink, Link, Purpose
from server.services.refusals import NotFound
from shared.vocabulary import Role

BY_LINK = "signed-link"
Body = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What a link shows: one visit or one check-in, and whom to call."""

    language: str
    help_line: HelpLine
    visit: Body | None = None
    check_in: Body | None = None


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


def _subject(link: Link) -> AppointmentRow | CheckInRow | None:
    if link.purpose is Purpose.CHECK_IN:
        return db.session.get(CheckInRow, link.subject_id)
    row = db.session.get(AppointmentRow, link.subject_id)
    return row if row is not None and row.schedule_version == link.version else None


def opened(held: Held, *, now: datetime) -> Opened:
    """What there is to see. Looking changes nothing but the record of who looked."""
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
