"""Rows of a spreadsheet become patients and practitioners."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.persistence import clinics, people
from server.persistence.database import db
from server.services.access import Caller
from server.services.clinic.imported import Importer, Outcome
from server.services.clinic.spreadsheets import Line
from server.services.people import patients, practitioners
from server.services.people.patients import PatientDetails
from server.services.people.practitioners import Credential, NewPractitioner
from server.services.record import audit
from server.services.refusals import Conflict, Invalid
from shared.schemas.imports import PatientRowSchema, PractitionerRowSchema
from shared.vocabulary import Role

PATIENT = "patient"
KINDS = (PATIENT, *practitioners.CLAIMED_AS)

Cells = Mapping[str, Any]
"""A row's cells once their shape is checked."""


def _load(by: Caller, lines: list[Line], outcome: Outcome, *, now: datetime) -> None:
    sites = {row.title.casefold(): row.id for row in clinics.sites(by.clinic_id)}
    known: dict[object, int] = dict.fromkeys(people.known(by.clinic_id), 0)
    for line in lines:
        cells = _shaped(line, outcome)
        if cells is None or not _is_new(line, cells, known, outcome):
            continue
        site_id = sites.get(cells["site"].casefold())
        if cells["site"] and site_id is None:
            outcome.fault(line, "site", "there is no site of that name")
            continue
        try:
            _add(by, cells, site_id, now)
        except (Invalid, Conflict) as why:
            outcome.refused(line, why)
        else:
            outcome.added[cells["kind"]] += 1


def _shaped(line: Line, outcome: Outcome) -> Cells | None:
    """The row's cells by the rules of its kind; None and every fault where they break one."""
    kind = line.cells["kind"].casefold()
    if kind not in KINDS:
        outcome.fault(line, "kind", f"one of {', '.join(KINDS)}")
        return None
    schema = PatientRowSchema() if kind == PATIENT else PractitionerRowSchema()
    filled = {name: cell for name, cell in line.cells.items() if cell}
    given = filled | {"kind": kind}
    if wrong := schema.validate(given):
        for column, reasons in wrong.items():
            outcome.fault(line, str(column), " ".join(map(str, reasons)))
        return None
    return {**schema.load(given)}


def _is_new(line: Line, cells: Cells, known: dict[object, int], outcome: Outcome) -> bool:
    """Whether nobody like this is in the clinic or in a row above."""
    before = known.setdefault(_identity(cells), line.row)
    if before == line.row:
        return True
    where = f"in row {before}" if before else "in the clinic"
    outcome.fault(line, "name", f"the same person is {where} already")
    return False


def _identity(cells: Cells) -> object:
    name = people.name_key(cells["name"])
    if cells["kind"] != PATIENT:
        return cells["kind"], name
    return cells["kind"], name, cells["email"].casefold(), cells["phone"]


def _add(by: Caller, cells: Cells, site_id: str | None, now: datetime) -> None:
    if cells["kind"] != PATIENT:
        db.session.add(practitioners.made(by, _practitioner(cells, site_id)))
        return
    row = patients.made(by, _patient(cells, str(site_id)), now=now)
    db.session.add(row)
    audit.changed(by, "import.run", now=now, patient_id=row.id, subject_id=row.id)


def _patient(cells: Cells, site_id: str) -> PatientDetails:
    return PatientDetails(
        site_id=site_id,
        full_name=cells["name"],
        language=cells["language"],
        email=cells["email"],
        phone=cells["phone"],
        contact_name=cells["contact_name"],
        contact_phone=cells["contact_phone"],
        prefers=cells["prefers"],
    )


def _practitioner(cells: Cells, site_id: str | None) -> NewPractitioner:
    title, expires_on = cells["credential"], cells["credential_expires_on"]
    return NewPractitioner(
        title=cells["name"],
        role=Role(cells["kind"]),
        site_id=site_id,
        code=cells["code"],
        credentials=(Credential(title=title, expires_on=expires_on),) if title else (),
    )


PEOPLE = Importer(
    title="people",
    needed=("kind", "name"),
    allowed=(
        *("kind", "name", "site", "language", "email", "phone", "contact_name", "contact_phone"),
        *("prefers", "code", "credential", "credential_expires_on"),
    ),
    load=_load,
)
