"""Who of the clinic is to be told of something about a series."""

from server.persistence import series as series_rows
from server.persistence.sign_ins import UserRow, treating, users_with
from shared.vocabulary import Role


def of_series(clinic_id: str, series_id: str) -> list[UserRow]:
    """Those chosen to treat the patient who have a login; without any the clinic's prescribers, and
    without those its administrators."""
    row = series_rows.series(clinic_id, series_id)
    chosen = treating(clinic_id, row.choices.values()) if row else []
    prescribers = users_with(clinic_id, (Role.PRESCRIBER,)) if not chosen else []
    return chosen or prescribers or users_with(clinic_id, (Role.ADMINISTRATOR,))
