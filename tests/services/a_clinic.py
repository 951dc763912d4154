"""Two clinics that know nothing of each other, and those who work there."""

from datetime import UTC, datetime

from server.persistence.clinics import ClinicRow
from server.persistence.transactions import transaction
from server.services.access import Caller
from server.services.clinic import clinics
from shared.vocabulary import Role

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
"""A Monday."""


def a_clinic(title: str = "Larkfield") -> Caller:
    """A new clinic; its administrator."""
    with transaction() as session:
        row = ClinicRow(title=title, made_at=NOW)
        session.add(row)
    return caller(row.id, Role.ADMINISTRATOR)


def caller(clinic_id: str, role: Role, **more: str) -> Caller:
    return Caller(user_id=f"user-{role}", clinic_id=clinic_id, role=role, **more)


def colleague(of: Caller, role: Role, **more: str) -> Caller:
    """Somebody else of the same clinic."""
    return caller(of.clinic_id, role, **more)


def a_site(by: Caller, title: str = "Riverside", zone: str = "America/New_York") -> str:
    row = clinics.create_site(by, title=title, time_zone=zone, grid_minutes=15, now=NOW)
    return row.id
