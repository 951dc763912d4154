"""What the app itself reminds of, planned from what it has kept: with no signal too."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from mobile.viewmodels import wishes
from mobile.viewmodels.phone import Document, Phone
from mobile.viewmodels.visits import at

EVENING = time(18)
SOON = timedelta(hours=2)
QUIET_FROM, QUIET_UNTIL = 21 * 60, 7 * 60
"""In minutes after midnight, until the patient's own are known."""
MOST = 20
"""A telephone keeps only so many; they are planned anew after every round with the clinic."""
AWAITED = ("booked", "pending")
APART = timedelta(minutes=30)
"""Two reminders that say the same need not come one after the other."""


@dataclass(frozen=True, kw_only=True, order=True)
class Planned:
    """When to remind, and the words on the locked screen: they say nothing of what for."""

    at: datetime
    text: str


def planned(phone: Phone) -> tuple[Planned, ...]:
    """All that is still to come, soonest first; a visit that moved takes its reminders along."""
    document, now = phone.document("today") or {}, phone.now()
    held = wishes.current(phone)
    if held.get("stopped"):
        return ()
    hours = held.get("quiet_from", QUIET_FROM), held.get("quiet_until", QUIET_UNTIL)
    wanted = {*_before_visits(document, hours), *_for_check_ins(phone, document, hours)}
    coming = _apart(sorted(moment for moment in wanted if moment > now))
    return tuple(Planned(at=each, text=phone.words("reminder")) for each in coming[:MOST])


def _before_visits(document: Document, hours: tuple[int, int]) -> list[datetime]:
    """The evening before, and two hours before unless that is in the quiet hours."""
    moments = []
    for visit in document.get("appointments", ()):
        if visit["status"] in AWAITED:
            begins = at(visit["starts_at"])
            moments.append(_evening_before(begins, hours))
            if not _is_quiet(begins - SOON, hours):
                moments.append(begins - SOON)
    return moments


def _evening_before(begins: datetime, hours: tuple[int, int]) -> datetime:
    """At six, or with the last minute before quiet hours that begin earlier."""
    day = begins.date() - timedelta(days=1)
    evening = datetime.combine(day, EVENING, begins.tzinfo)
    if not _is_quiet(evening, hours):
        return evening
    quiet = datetime.combine(day, time(*divmod(hours[0], 60)), begins.tzinfo)
    return quiet - timedelta(minutes=1 if quiet <= evening else 24 * 60 + 1)


def _for_check_ins(phone: Phone, document: Document, hours: tuple[int, int]) -> list[datetime]:
    """When one opens, or when the quiet hours end; not for one that is answered already."""
    answered = {change.body.get("check_in_id") for change in phone.waiting()}
    return [
        _awake(at(asked["opens_at"]), hours)
        for asked in document.get("check_ins", ())
        if asked["status"] == "requested" and asked["id"] not in answered
    ]


def _awake(moment: datetime, hours: tuple[int, int]) -> datetime:
    """The same, or the end of the quiet hours that it falls into."""
    if not _is_quiet(moment, hours):
        return moment
    until = datetime.combine(moment.date(), time(*divmod(hours[1], 60)), moment.tzinfo)
    return until if until >= moment else until + timedelta(days=1)


def _is_quiet(moment: datetime, hours: tuple[int, int]) -> bool:
    begins, ends = hours
    minute = moment.hour * 60 + moment.minute
    if begins <= ends:
        return begins <= minute < ends
    return minute >= begins or minute < ends


def _apart(moments: list[datetime]) -> list[datetime]:
    kept: list[datetime] = []
    for each in moments:
        if not kept or each - kept[-1] >= APART:
            kept.append(each)
    return kept
