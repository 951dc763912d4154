"""What an error of the database means to whoever asked."""

from enum import Enum, auto

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm.exc import StaleDataError

DatabaseError = SQLAlchemyError

AWAY_CLASSES = ("08", "53", "55", "57", "40")
"""SQLSTATE classes after which the same request may succeed: connection, resources, locks,
operator intervention, transaction rollback."""


class Fault(Enum):
    """What went wrong, as far as it matters outside."""

    AWAY = auto()
    """The database does not answer now."""
    TAKEN = auto()
    """Something else bears that name or holds that time."""
    CHANGED = auto()
    """The row has changed since it was read."""
    OURS = auto()
    """A mistake in this program."""


def fault(error: SQLAlchemyError) -> Fault:
    """What this error means."""
    if isinstance(error, StaleDataError):
        return Fault.CHANGED
    if isinstance(error, IntegrityError):
        return Fault.TAKEN if _is_taken(error) else Fault.OURS
    if isinstance(error, NoConnectionLeft):
        return Fault.AWAY
    return Fault.AWAY if isinstance(error, DBAPIError) and _is_away(error) else Fault.OURS


def _is_taken(error: IntegrityError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state in ("23505", "23P01") or "UNIQUE constraint failed" in str(error.orig)


def _is_away(error: DBAPIError) -> bool:
    kind = type(error.orig).__name__
    state = getattr(error.orig, "sqlstate", None)
    return (state or "").startswith(AWAY_CLASSES) or (
        state is None and kind in ("OperationalError", "InterfaceError")
    )
