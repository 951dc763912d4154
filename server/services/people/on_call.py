"""Who is told of an answer that needs somebody: in which order, and at which hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from server.persistence import check_ins as rows
from server.persistence import clinics
from server.persistence.check_ins import OnCallRow
from server.persistence.database import by_id, db
from server.persistence.sign_ins import UserRow, users_with
from server.persistence.transactions import Locks, transaction
from server.services.access import Caller, require
from server.services.record import audit
from server.services.refusals import Invalid
from shared.vocabulary import Role

STAFF = {Role.NURSE, Role.PRESCRIBER, Role.THERAPIST, Role.ADMINISTRATOR}


@dataclass(frozen=True, kw_only=True, slots=True)
class OnCall:
    """Somebody of the staff, how many minutes they have to take an alert on, and when they are on
    duty: weekdays (Monday 0), and minutes after midnight."""

    user_id: str
    within_minutes: int
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    opens: int = 0
    closes: int = 1440


def rota(by: Caller) -> list[OnCallRow]:
    """Who is told, in this order."""
    require(by, "on_call.read")
    return rows.on_call(by.clinic_id)


def who_may(by: Caller) -> list[UserRow]:
    """Everybody of the staff who can be told, by e-mail."""
    require(by, "on_call.read")
    return users_with(by.clinic_id, STAFF)


def change(by: Caller, wanted: Sequence[OnCall], *, now: datetime) -> list[OnCallRow]:
    """Who is told from now on: logins of the clinic's staff."""
    require(by, "on_call.change")
    with transaction(Locks(names=frozenset({f"on-call:{by.clinic_id}"}))):
        for place, each in enumerate(wanted):
            _require_staff(by, place, each.user_id)
        for row in rows.on_call(by.clinic_id):
            db.session.delete(row)
        db.session.flush()
        db.session.add_all(_row(by, place, each) for place, each in enumerate(wanted))
        facts: dict[str, object] = {"users": [each.user_id for each in wanted]}
        audit.changed(by, "on_call.change", now=now, facts=facts)
        db.session.flush()
        return rows.on_call(by.clinic_id)


def _row(by: Caller, place: int, each: OnCall) -> OnCallRow:
    return OnCallRow(
        clinic_id=by.clinic_id,
        place=place,
        user_id=each.user_id,
        within_minutes=each.within_minutes,
        days=list(each.days),
        opens=each.opens,
        closes=each.closes,
    )


def _require_staff(by: Caller, place: int, user_id: str) -> None:
    user = db.session.get(UserRow, user_id)
    known = user is not None and user.clinic_id == by.clinic_id and not user.disabled_at
    if not known or user is None or Role(user.role) not in STAFF:
        raise Invalid.field(f"rota.{place}.user_id", "is no clinician with a login here")


def next_on_duty(clinic_id: str, place: int, *, now: datetime) -> OnCallRow | None:
    """The first from this place of the rota on who is on duty now."""
    waiting = (each for each in on_duty(clinic_id, now=now) if each.place >= place)
    return next(waiting, None)


def on_duty(clinic_id: str, *, now: datetime) -> list[OnCallRow]:
    """Those on duty now, in their order, on the clock of the clinic's first site."""
    sites = clinics.sites(clinic_id)
    zone = ZoneInfo(sites[0].time_zone if sites else "UTC")
    return [each for each in _able(clinic_id) if each.duty.covers(now, zone)]


def _able(clinic_id: str) -> list[OnCallRow]:
    """Those of the rota who can sign in and look: not who has left the clinic since."""
    rota = rows.on_call(clinic_id)
    users = by_id(UserRow, (each.user_id for each in rota))
    able = {each.id for each in users if not each.disabled_at and Role(each.role) in STAFF}
    return [each for each in rota if each.user_id in able]


def everybody(clinic_id: str, *, now: datetime) -> list[str]:
    """All logins on duty now; where nobody is, all of the rota. Each once."""
    found = on_duty(clinic_id, now=now) or _able(clinic_id)
    return list(dict.fromkeys(each.user_id for each in found))
