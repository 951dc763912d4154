"""Every room of rows, gathered so that the metadata is whole before anything asks for it."""

from server.persistence import (
    appointments,
    audit,
    bookables,
    check_ins,
    clinics,
    contact,
    help_lines,
    idempotency,
    outbox,
    people,
    protocols,
    repairs,
    rides,
    series,
    sign_ins,
)

__all__ = [
    "appointments",
    "audit",
    "bookables",
    "check_ins",
    "clinics",
    "contact",
    "help_lines",
    "idempotency",
    "outbox",
    "people",
    "protocols",
    "repairs",
    "rides",
    "series",
    "sign_ins",
]
