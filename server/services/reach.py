"""Whether a person may act on one patient's things; the caseload is looked up here."""

from server.persistence import people, series
from server.services.access import Caller, Relation, require, require_for_patient
from server.services.refusals import NotFound


def require_patient(by: Caller, action: str, patient_id: str) -> None:
    """NotAllowed where the role may not, NotFound where this patient is out of reach."""
    require_for_patient(by, action, patient_id, caseload=on_caseload(by, patient_id))


def on_caseload(by: Caller, patient_id: str) -> bool:
    """Whether a series of the patient names the caller, as chosen or as a candidate."""
    if by.practitioner_id is None:
        return False
    return bool(series.caseload(by.clinic_id, by.practitioner_id, patient_id))


def only_patients(by: Caller, action: str) -> set[str] | None:
    """The patients whose things this person may list, or None for all of the clinic."""
    relation = require(by, action)
    if relation is Relation.OWN:
        return {by.patient_id or ""}
    if relation is Relation.CASELOAD:
        return series.caseload(by.clinic_id, by.practitioner_id or "")
    return None


def require_known(by: Caller, action: str, patient_id: str) -> None:
    """As `require_patient`, for a patient that nothing has been read of yet: NotFound also where
    the clinic has none of that id."""
    require_patient(by, action, patient_id)
    if people.patient(by.clinic_id, patient_id) is None:
        raise NotFound
