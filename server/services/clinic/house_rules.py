"""A clinic's own habits, read and changed by its administrator."""

from dataclasses import dataclass
from datetime import datetime

from server.persistence import house_rules as rows
from server.persistence.database import db
from server.persistence.house_rules import HouseRulesRow
from server.persistence.transactions import Locks, transaction
from server.services.access import Caller, require
from server.services.record import audit
from server.services.refusals import Stale
from shared.vocabulary import AfterMissedCheckIn


@dataclass(frozen=True, kw_only=True)
class HouseRules:
    """See `HouseRulesRow`."""

    confirm_hours: int
    ride_home_hours: int
    evening: int
    morning: int
    noshow_after_minutes: int | None
    offers_freed_times: bool
    digest_at: int | None
    after_missed_check_in: str = AfterMissedCheckIn.TELL
    rise_limit: int | None = None
    side_effect_limit: int | None = None


def read(by: Caller) -> HouseRulesRow:
    """What holds now."""
    require(by, "clinic.read")
    return rows.of_clinic(by.clinic_id)


def change(
    by: Caller, wanted: HouseRules, *, expected_version: int, now: datetime
) -> HouseRulesRow:
    """What holds from now on; reminders written already keep their times. Stale where somebody
    else has changed it since."""
    require(by, "clinic.change")
    with transaction(Locks(names=frozenset({f"house-rules:{by.clinic_id}"}))):
        row = rows.kept(by.clinic_id)
        if row.version != expected_version:
            raise Stale
        for name, value in vars(wanted).items():
            setattr(row, name, value)
        audit.changed(by, "clinic.change", now=now, facts={"what": "house-rules", **vars(wanted)})
        db.session.flush()
        return row
