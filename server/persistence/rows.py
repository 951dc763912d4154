"""Every room of rows, gathered so that the metadata is whole before anything asks for it."""

from server.persistence import (
    appointments,
    audit,
    bookables,
    check_ins,
    clinics,
    contact,
    idempotency,
    outbox,
    people,
    protocols,
    repairs,
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
    "idempotency",
    "outbox",
    "people",
    "protocols",
    "repairs",
    "series",
    "sign_ins",
]
