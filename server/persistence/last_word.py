"""The database's last word against a race, said as a breach like any other."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import IntegrityError, OperationalError

from server.domain.breaches import Breach, BreachCode, Refused

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 5
TRY_AGAIN = ("40001", "40P01")
"""Serialisation failure and deadlock: nothing is wrong with what was asked."""
RULES = {
    "no_two_at_once": BreachCode.NO_CAPACITY,
    "within_capacity": BreachCode.NO_CAPACITY,
    "over capacity": BreachCode.NO_CAPACITY,
    "patient_in_one_place": BreachCode.PATIENT_DOUBLE_BOOKED,
    "uq_appointment_live_planned_visit_id": BreachCode.ALREADY_BOOKED,
    "appointment.planned_visit_id": BreachCode.ALREADY_BOOKED,
}


def guarded(book: Callable[P, R]) -> Callable[P, R]:
    """A booking whose race the database decided is refused like any other, and tried again where
    the database only asks for that."""

    @wraps(book)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        for left in reversed(range(TRIES)):
            try:
                return book(*args, **kwargs)
            except IntegrityError as error:
                raise _refusal(error) from error
            except OperationalError as error:
                if not left or _state(error) not in TRY_AGAIN:
                    raise
        raise AssertionError("the last try returns or raises")

    return tried


def _state(error: OperationalError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _refusal(error: IntegrityError) -> Exception:
    said = str(error.orig)
    found = (code for name, code in RULES.items() if name in said)
    code = next(found, None)
    return error if code is None else Refused([Breach(code=code)])
