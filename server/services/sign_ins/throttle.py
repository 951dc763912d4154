"""Guessing passwords is slow: so many tries for one e-mail, then a wait. Tokens are untouched."""

import hashlib
from datetime import datetime, timedelta

from server.persistence import sign_ins as rows
from server.persistence.database import db
from server.persistence.sign_ins import SignInAttemptRow
from server.persistence.transactions import Locks, transaction
from server.services.refusals import TooMany

MOST = 10
WITHIN = timedelta(minutes=15)


def count(email: str, *, now: datetime) -> None:
    """Count a try before it is made, so that tries at the same moment are all counted."""
    subject = _subject(email)
    with transaction(Locks(names=frozenset({f"attempts:{subject}"}))):
        rows.forget_attempts(subject, before=now - WITHIN)
        recent = rows.attempts_since(subject, now - WITHIN)
        if len(recent) >= MOST:
            raise TooMany(_wait(recent, now))
        db.session.add(SignInAttemptRow(subject=subject, at=now))


def forget(email: str) -> None:
    """A sign-in that succeeded clears what was counted."""
    with transaction():
        rows.forget_attempts(_subject(email))


def _wait(recent: list[datetime], now: datetime) -> int:
    free_at = recent[-MOST] + WITHIN
    return max(1, int((free_at - now).total_seconds()) + 1)


def _subject(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()
