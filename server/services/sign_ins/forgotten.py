"""A patient who forgot their password: a link by e-mail, good once within an hour. Whoever asks
hears the same, whether the address is known or not."""

import secrets
from datetime import datetime, timedelta

from server.domain.reminders import Reminder
from server.persistence import invitations as rows
from server.persistence.database import db
from server.persistence.invitations import InvitationRow
from server.persistence.sign_ins import UserRow, revoke_families, user_by_email
from server.persistence.transactions import Locks, transaction
from server.persistence.types import new_id
from server.services.messages import outgoing
from server.services.messages.outgoing import Recipient, Subject
from server.services.record import audit
from server.services.refusals import Invalid
from server.services.sign_ins import links, passwords, sign_in, throttle
from server.services.sign_ins.links import BadLink, Purpose
from shared.vocabulary import ChannelName, ReminderKind, Role

LASTS = timedelta(hours=1)
MOST_AN_HOUR = 3
"""So many letters for one patient; who asks more often hears the same and gets none."""
NO_GOOD = "This link does not work, or not any more. Please ask for a new one."


def ask(email: str, *, now: datetime) -> None:
    """Write to the patient who signs in with this address, if there is one. TooMany for an address
    that is asked about too often, known or not."""
    email = email.strip().lower()
    throttle.count(f"forgotten {email}", now=now)
    with transaction(Locks(names=frozenset({f"email:{email}"}))):
        user = user_by_email(email)
        if user is not None and _may(user) and not _had_enough(user, now):
            _write(user, now)


def _may(user: UserRow) -> bool:
    """Staff ask an administrator: a mailbox alone does not open the clinic's records."""
    return user.role == Role.PATIENT and bool(user.patient_id) and user.disabled_at is None


def _had_enough(user: UserRow, now: datetime) -> bool:
    made = rows.open_of(str(user.patient_id))
    mailed = [e for e in made if e.made_at > now - LASTS and e.expires_at - e.made_at <= LASTS]
    return len(mailed) >= MOST_AN_HOUR


def _write(user: UserRow, now: datetime) -> None:
    row = InvitationRow(
        id=new_id(),
        clinic_id=user.clinic_id,
        patient_id=user.patient_id,
        code_hash=secrets.token_hex(32),  # no code opens it, only the link
        made_at=now,
        expires_at=now + LASTS,
    )
    db.session.add(row)
    to = Recipient(channel=ChannelName.EMAIL, user_id=user.id)
    subject = Subject(clinic_id=user.clinic_id, id=row.id, version=1)
    told = Reminder(kind=ReminderKind.FORGOTTEN, due_at=now, not_after=row.expires_at)
    outgoing.write(to, subject, [told], now=now)


def is_ours(token: str, secret: str) -> bool:
    """Whether this is a link for a new password, good or over."""
    try:
        return links.read(token, secret).purpose is Purpose.FORGOTTEN
    except BadLink:
        return False


def is_good(token: str, secret: str, *, now: datetime) -> bool:
    """Whether a password can be set with this link now. Looking does not use it up."""
    db.session.rollback()
    return _asked(token, secret, now) is not None


def choose(token: str, password: str, secret: str, *, now: datetime) -> str:
    """The id of the login whose password this is from now on; it is signed out everywhere."""
    row = _asked(token, secret, now)
    user = rows.login_of(row.clinic_id, row.patient_id) if row else None
    if user is None:
        raise Invalid.field("token", NO_GOOD)
    email = user.email
    passwords.require_good(password, email=email)
    password_hash = passwords.hashed(password)
    with transaction(Locks(names=frozenset({f"email:{email}"}))):
        user_id = _chosen(token, secret, password_hash, now)
    throttle.forget(email)
    return user_id


def _chosen(token: str, secret: str, password_hash: str, now: datetime) -> str:
    row = _asked(token, secret, now)
    user = rows.login_of(row.clinic_id, row.patient_id) if row else None
    if row is None or user is None or not _may(user):
        raise Invalid.field("token", NO_GOOD)
    user.password_hash = password_hash
    for each in rows.open_of(row.patient_id):
        each.ended_at = now
    revoke_families(user.id, now, "new-password")
    who = sign_in.caller_for(user)
    audit.changed(who, "passwords.choose", now=now, patient_id=row.patient_id, subject_id=row.id)
    return user.id


def _asked(token: str, secret: str, now: datetime) -> InvitationRow | None:
    """What the link was made for, while it is good."""
    try:
        link = links.read(token, secret)
    except BadLink:
        return None
    if link.purpose is not Purpose.FORGOTTEN:
        return None
    row = db.session.get(InvitationRow, link.subject_id)
    return row if row is not None and row.is_open and row.expires_at > now else None
