"""Patients: how to reach them, whom they named, and when they can come."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, if_match, utc_now
from server.api.blueprint import ApiBlueprint
from server.api.hours import hours
from server.api.paging import Page
from server.services.people import patients
from server.services.people.patients import PatientDetails
from shared.schemas.people import PatientIn, PatientOut, PatientSearch

blp = ApiBlueprint("patients", description="Patients. Whoever looks is on record.")
Sent = Mapping[str, Any]


@blp.route("/patients", methods=["GET"])
@blp.action("patients.list", operation="listPatients")
@blp.paged(PatientOut)
def listed(page: Page) -> Any:
    """The patients this person may see, by name."""
    return patients.patients(caller(), page=page.number, page_size=page.size, now=utc_now())


@blp.route("/patients/search", methods=["POST"])
@blp.action("patients.list", operation="searchPatients")
@blp.arguments(PatientSearch)
@blp.paged(PatientOut)
def search(sent: Sent, page: Page) -> Any:
    """Patients by part of their name, whatever its case and accents."""
    return patients.patients(caller(), page=page.number, page_size=page.size, now=utc_now(), **sent)


@blp.route("/patients", methods=["POST"])
@blp.action("patients.create", operation="createPatient")
@blp.once
@blp.arguments(PatientIn)
@blp.response(201, PatientOut)
def create(sent: Sent) -> Any:
    """Add a patient."""
    return patients.create(caller(), _details(sent), now=utc_now())


@blp.route("/patients/<id:patient_id>", methods=["GET"])
@blp.action("patients.read", operation="readPatient")
@blp.response(200, PatientOut)
def read(patient_id: str) -> Any:
    """One patient's details."""
    return patients.patient(caller(), patient_id, now=utc_now())


@blp.route("/patients/<id:patient_id>", methods=["PUT"])
@blp.action("patients.change", operation="changePatient", if_match=True)
@blp.arguments(PatientIn)
@blp.response(200, PatientOut)
def change(sent: Sent, patient_id: str) -> Any:
    """Replace a patient's details."""
    return patients.change(
        caller(), patient_id, _details(sent), expected_version=if_match(), now=utc_now()
    )


def _details(sent: Sent) -> PatientDetails:
    weekly = sent["weekly"]
    ours = {
        "email": sent["email"] or "",
        "weekly": None if weekly is None else hours(weekly),
        "away": frozenset(sent["away"]),
    }
    return PatientDetails(**{**sent, **ours})
