"""What somebody typed is not lost when they were signed out meanwhile: it waits until they are
back, for them alone and for an hour."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from server.persistence import kept_forms as rows
from server.persistence import outbox, sign_ins
from server.persistence.transactions import transaction
from server.services.access import Caller
from server.services.sign_ins import browser_sign_in

LONGEST = 400_000
MOST_FIELDS = 200


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A form, and where it was sent to."""

    address: str
    fields: tuple[tuple[str, str], ...]


def keep(
    browser_id: str, address: str, fields: Iterable[tuple[str, str]], *, now: datetime
) -> bool:
    """Keep a form of whoever this browser was signed in as, lately. False where that is not known,
    or the form is too long."""
    kept = [[name, value] for name, value in fields]
    size = sum(len(name) + len(value) for name, value in kept)
    if size > LONGEST or len(kept) > MOST_FIELDS:
        return False
    with transaction():
        rows.drop_old(now)
        user = sign_ins.user_of_browser(browser_sign_in.hash_of(browser_id))
        if user is None or user.disabled_at:
            return False
        rows.put(
            {
                "user_id": user.id,
                "clinic_id": user.clinic_id,
                "address": address,
                "fields": kept,
                "kept_at": now,
            }
        )
        return True


def of(by: Caller, *, now: datetime) -> Kept | None:
    """What is kept for somebody."""
    row = rows.of_user(by.user_id, now)
    if row is None:
        return None
    return Kept(address=row.address, fields=tuple((name, value) for name, value in row.fields))


def drop(by: Caller) -> None:
    """It was sent again, or is not wanted any more."""
    with transaction():
        rows.drop(by.user_id)


def drop_old() -> None:
    """Keep nobody's words longer than an hour. By the database's clock."""
    with transaction():
        rows.drop_old(outbox.now())
