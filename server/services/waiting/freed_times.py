"""Times that came free, offered to patients whose series they would serve.

A few at a time, in fair order, and only where the planner finds that every rule of the patient's
series still holds. While an offer lasts, the time is kept. Whoever answers first has it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from server.domain import claims, reminders
from server.domain.reminders import Reminder
from server.persistence import clinics, contact, house_rules, outbox
from server.persistence import waiting as rows
from server.persistence.database import db
from server.persistence.transactions import Locks, transaction
from server.persistence.types import new_id
from server.persistence.waiting import FreedTimeRow, SlotOfferRow, WaitingRow
from server.services.access import Caller, require
from server.services.messages import outgoing
from server.services.messages.outgoing import Recipient, Subject
from server.services.planning import pictures, sooner
from server.services.planning.pictures import SeriesPicture
from server.services.record import audit
from server.services.refusals import Conflict, NotFound
from shared.vocabulary import FreedStatus, OfferStatus, ReminderKind, SeriesStatus, VisitKind

AT_ONCE = 3
"""To how many a time is offered at the same moment."""
LASTS = timedelta(minutes=60)
LEAST = timedelta(minutes=15)
"""An offer that would last less is not made."""
LEAST_NOTICE = {VisitKind.INFUSION: timedelta(hours=20)}
"""Somebody must fast and find who takes them home; other visits: as little as the patient says."""
NOTICE = timedelta(hours=2)
LOOK_AGAIN = timedelta(minutes=10)
Body = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Fit:
    """Somebody whom a freed time would serve: when they would come, what that moves, and until
    when they are asked, from when on."""

    entry: WaitingRow
    to: Recipient
    starts_at: datetime
    body: Body
    asked_at: datetime
    until: datetime


def to_look_at(limit: int) -> list[tuple[str, str]]:
    """Freed times that somebody is to be looked for now, by clinic and id."""
    return rows.to_look_at(outbox.now(), limit)


def look(clinic_id: str, freed_id: str, *, now: datetime) -> int:
    """Offer a freed time to the next who wait for such a one; to how many is returned. While
    somebody still thinks about it nothing happens; a time that nobody can reach any more is
    closed."""
    row = rows.freed(clinic_id, freed_id)
    if row is None or row.status != FreedStatus.OPEN or _asked(row, now):
        return 0
    wanted = row.offered or house_rules.of_clinic(clinic_id).offers_freed_times
    found = list(_fits(row, now)) if wanted and row.starts_at - now >= NOTICE else []
    with transaction(_lock(freed_id)):
        fresh = rows.freed(clinic_id, freed_id)
        if fresh is None or fresh.status != FreedStatus.OPEN or _asked(fresh, now):
            return 0
        _let_lapse(fresh, now)
        for fit in found:
            _offer(fresh, fit, now)
        fresh.held_until = max((fit.until for fit in found), default=None)
        fresh.next_look_at = min((fit.until for fit in found), default=now + LOOK_AGAIN)
        if fresh.starts_at - now < NOTICE:
            fresh.status = FreedStatus.CLOSED
        return len(found)


def _lock(freed_id: str) -> Locks:
    return Locks(names=frozenset({f"freed:{freed_id}"}))


def _asked(row: FreedTimeRow, now: datetime) -> bool:
    """Whether somebody still thinks about it."""
    return any(each.status == OfferStatus.OFFERED and each.expires_at > now for each in row.offers)


def _let_lapse(row: FreedTimeRow, now: datetime) -> None:
    for each in row.offers:
        if each.status == OfferStatus.OFFERED:
            each.status, each.answered_at = OfferStatus.EXPIRED, now
            outbox.stop([each.id])


def _fits(row: FreedTimeRow, now: datetime) -> Iterator[Fit]:
    """The next few who wait, were not asked yet, can be asked in time, and whom it would serve."""
    site = clinics.site(row.clinic_id, row.site_id)
    if site is None:
        return
    asked = {each.waiting_id for each in row.offers}
    found = 0
    token = rows.serving.set(row.id)
    try:
        for entry in rows.in_fair_order(row.site_id):
            fit = None if entry.id in asked else _fit(row, entry, ZoneInfo(site.time_zone), now)
            if fit is not None:
                yield fit
                found += 1
            if found == AT_ONCE:
                return
    finally:
        rows.serving.reset(token)


def _fit(row: FreedTimeRow, entry: WaitingRow, zone: ZoneInfo, now: datetime) -> Fit | None:
    wishes = contact.preference(entry.clinic_id, entry.patient_id)
    to = outgoing.patient_by(wishes)
    on = row.starts_at.astimezone(zone).date()
    if to is None or not _wanted(entry, on.toordinal(), on.weekday()):
        return None
    picture = _picture(entry)
    if picture is None or entry.visit_code not in {visit.code for visit in picture.visits}:
        return None
    reader = outgoing.reader_of(wishes, zone.key)
    latest = row.starts_at - _notice(entry, picture)
    told = reminders.at_once(ReminderKind.TIME_FREE, reader, now=now, not_after=latest)
    until = min(told.due_at + LASTS, latest)
    if told.due_at < now or until - told.due_at < LEAST:
        return None
    served = sooner.at(picture, entry.visit_code, _starts(row, entry, picture), now=now)
    if served is None:
        return None
    starts_at, body = served
    asked_at = told.due_at
    return Fit(entry=entry, to=to, starts_at=starts_at, body=body, asked_at=asked_at, until=until)


def _picture(entry: WaitingRow) -> SeriesPicture | None:
    """None for a series that is not running, and for one whose protocol asks for what the site has
    not."""
    try:
        found = pictures.of_series(entry.clinic_id, entry.series_id)
    except Conflict:
        return None
    return found if found.row.status == SeriesStatus.ACTIVE else None


def _wanted(entry: WaitingRow, day: int, weekday: int) -> bool:
    first, last = entry.not_before, entry.not_after
    return (
        (first is None or first.toordinal() <= day)
        and (last is None or day <= last.toordinal())
        and (not entry.weekdays or weekday in entry.weekdays)
    )


def _notice(entry: WaitingRow, picture: SeriesPicture) -> timedelta:
    least = LEAST_NOTICE.get(picture.visit(entry.visit_code).kind, NOTICE)
    return max(least, timedelta(hours=entry.notice_hours))


def _starts(row: FreedTimeRow, entry: WaitingRow, picture: SeriesPicture) -> list[datetime]:
    """Where on the site's grid the visit would lie within the freed stretch."""
    visit = picture.visit(entry.visit_code)
    step = timedelta(minutes=picture.site.grid_minutes)
    at, found = row.starts_at.astimezone(UTC), []
    while claims.ends_at(visit, at) <= row.ends_at:
        found.append(at)
        at += step
    return found


def _offer(row: FreedTimeRow, fit: Fit, now: datetime) -> None:
    site = clinics.site(row.clinic_id, row.site_id)
    offer = SlotOfferRow(
        id=new_id(),
        clinic_id=row.clinic_id,
        freed_time_id=row.id,
        waiting_id=fit.entry.id,
        patient_id=fit.entry.patient_id,
        series_id=fit.entry.series_id,
        visit_code=fit.entry.visit_code,
        starts_at=fit.starts_at,
        time_zone=site.time_zone if site else "UTC",
        plan=fit.body,
        status=OfferStatus.OFFERED,
        made_at=now,
        expires_at=fit.until,
    )
    db.session.add(offer)
    db.session.flush()
    subject = Subject(clinic_id=row.clinic_id, id=offer.id, version=1)
    told = Reminder(kind=ReminderKind.TIME_FREE, due_at=fit.asked_at, not_after=fit.until)
    outgoing.write(fit.to, subject, [told], now=now)


def listed(
    by: Caller, *, page: int, page_size: int, now: datetime
) -> tuple[list[FreedTimeRow], int]:
    """A page of freed times still open, soonest first, with whom they were offered to."""
    require(by, "freed_times.manage")
    with transaction():
        found, total = rows.freed_times(by.clinic_id, after=now, page=page, page_size=page_size)
        seen = {offer.patient_id for row in found for offer in row.offers}
        audit.looked(by, "freed_times.manage", seen, now=now)
        return found, total


def offer(by: Caller, freed_id: str, *, now: datetime) -> FreedTimeRow:
    """Offer it to the waiting list now, whatever the clinic's habit."""
    require(by, "freed_times.manage")
    with transaction(_lock(freed_id)):
        row = _open(by, freed_id)
        row.offered = True
        _on_record(by, row, "offered", now)
    look(by.clinic_id, freed_id, now=now)
    with transaction():
        seen = rows.freed(by.clinic_id, freed_id)
        if seen is None:
            raise NotFound
        audit.looked(by, "freed_times.manage", {each.patient_id for each in seen.offers}, now=now)
        return seen


def close(by: Caller, freed_id: str, *, now: datetime) -> FreedTimeRow:
    """The clinic uses it otherwise: whoever was asked finds it gone, and it is kept no longer."""
    require(by, "freed_times.manage")
    with transaction(_lock(freed_id)):
        row = _open(by, freed_id)
        gone(row, now)
        row.status = FreedStatus.CLOSED
        _on_record(by, row, "closed", now)
        return row


def gone(row: FreedTimeRow, now: datetime, *, but: str = "") -> None:
    """In the present transaction: whoever was asked, but for the one offer, is too late."""
    row.held_until = None
    for each in row.offers:
        if each.status == OfferStatus.OFFERED and each.id != but:
            each.status, each.answered_at = OfferStatus.GONE, now
            outbox.stop([each.id])


def _open(by: Caller, freed_id: str) -> FreedTimeRow:
    row = rows.freed(by.clinic_id, freed_id)
    if row is None:
        raise NotFound
    if row.status != FreedStatus.OPEN:
        raise Conflict("This time is no longer free.")
    return row


def _on_record(by: Caller, row: FreedTimeRow, what: str, now: datetime) -> None:
    audit.changed(by, "freed_times.manage", now=now, subject_id=row.id, facts={"what": what})
    db.session.flush()
