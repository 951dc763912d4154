"""The morning mail to staff: that there are visits today, and that their list waits. It names
nobody; who and what is behind the sign-in."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from server.domain.local_time import local_date, minute_of_day
from server.domain.reminders import Reminder, clock_at
from server.persistence import appointments, clinics, house_rules, outbox
from server.persistence.clinics import SiteRow
from server.persistence.sign_ins import treating, users_with
from server.persistence.transactions import Locks, transaction
from server.services.messages import outgoing
from server.services.messages.outgoing import Recipient, Subject
from shared.vocabulary import ChannelName, ReminderKind, Role

LATEST = timedelta(hours=4)
"""A morning mail that could not go by then is not sent."""
AT_THE_SITE = (Role.NURSE, Role.FRONT_DESK)
"""Those who work for whoever comes, beside the people the visits claim."""


def write_due() -> int:
    """Write the morning mail of every site where it is time, once a day to each. By the database's
    clock. To how many people is returned."""
    return sum(_write(site) for site in clinics.everywhere())


def _write(site: SiteRow) -> int:
    at, now = house_rules.of_clinic(site.clinic_id).digest_at, outbox.now()
    zone = ZoneInfo(site.time_zone)
    on = local_date(now, zone)
    if at is None or not at <= minute_of_day(now, zone) < at + LATEST.total_seconds() / 60:
        return 0
    with transaction(Locks(names=frozenset({f"digest:{site.id}"}))):
        told = _people(site, on, zone)
        mail = Reminder(
            kind=ReminderKind.DIGEST, due_at=now, not_after=clock_at(on, at, zone) + LATEST
        )
        for user_id in told:
            subject = Subject(clinic_id=site.clinic_id, id=user_id, version=on.toordinal())
            to = Recipient(channel=ChannelName.EMAIL, user_id=user_id)
            outgoing.write(to, subject, [mail], now=now)
        return len(told)


def _people(site: SiteRow, on: date, zone: ZoneInfo) -> list[str]:
    """Everybody who has something to do at a site on a day; nobody on a day without visits."""
    begins, ends = clock_at(on, 0, zone), clock_at(on + timedelta(days=1), 0, zone)
    claimed = appointments.claimed_on(site.id, begins, ends)
    if not claimed:
        return []
    found = [*treating(site.clinic_id, claimed), *users_with(site.clinic_id, AT_THE_SITE)]
    return sorted({user.id for user in found})
