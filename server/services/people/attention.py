"""What in a list of patients asks for somebody: alerts, check-ins, infusions without therapy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from server.domain import series as rules
from server.persistence import care_figures, check_ins, protocols
from server.persistence.series import SeriesRow
from server.services.access import ACTIONS, Caller
from server.services.people.caseload import Listed
from server.services.planning import pictures
from shared.vocabulary import SeriesStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class Attention:
    """Of one patient. What the reader may not read counts 0."""

    alerts: int = 0
    """Answers that nobody has taken on."""
    missed: int = 0
    """Check-ins of the series that nobody answered in their time."""
    overdue: int = 0
    """Check-ins past their time that can still be answered."""
    unpaired: int = 0
    """Infusions with a time whose psychotherapy has none."""


def of(by: Caller, listed: Iterable[Listed], *, now: datetime) -> Mapping[str, Attention]:
    """By patient, for a page of patients that this person was shown."""
    series = {each.patient.id: each.series for each in listed}
    alerts = check_ins.untaken_of(by.clinic_id, series) if _may(by, "alerts.read") else {}
    asked = check_ins.lapsed_of(by.clinic_id, series, now) if _may(by, "check_ins.read") else {}
    alone = _unpaired(by, [each for each in series.values() if each])
    return {
        patient_id: Attention(
            alerts=alerts.get(patient_id, 0),
            missed=asked.get(patient_id, (0, 0))[0],
            overdue=asked.get(patient_id, (0, 0))[1],
            unpaired=alone.get(row.id, 0) if row else 0,
        )
        for patient_id, row in series.items()
    }


def _may(by: Caller, action: str) -> bool:
    return by.role in ACTIONS[action]


def _unpaired(by: Caller, rows: list[SeriesRow]) -> dict[str, int]:
    running = [row for row in rows if row.status == SeriesStatus.ACTIVE]
    timed = care_figures.live_codes([row.id for row in running])
    found = {}
    for row in running:
        if version := protocols.version_of(by.clinic_id, row.protocol_version_id):
            protocol = pictures.read_protocol(version)
            found[row.id] = len(rules.unpaired(protocol.visits, timed[row.id]))
    return found
