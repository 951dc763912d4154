"""A patient's details as a form: added, changed; what is wrong is said beside its field."""

from typing import Any

from flask import redirect, request, url_for

from server.console.asking import caller, poster, utc_now
from server.console.pages import staff_page
from server.console.sent import Outcome, attempt, load, seen, text
from server.services.access import Caller, require
from server.services.clinic import clinics
from server.services.clinic.availability import WeeklyHours
from server.services.people import patients
from server.services.people.patients import PatientDetails
from server.services.refusals import Invalid
from shared.problems import FieldFault
from shared.schemas.people import PatientIn
from shared.weekdays import read_clock, read_days, write_clock, write_days

LINES = ("full_name", "phone", "contact_name", "contact_phone", "language")
PREFERS = (("", "no preference"), ("morning", "mornings"), ("afternoon", "afternoons"))
LANGUAGES = (("en", "English"), ("es", "Spanish"))
SPARE = [("", "", "")] * 2
MOST = 50


def new(outcome: Outcome | None = None) -> Any:
    """An empty form."""
    by = caller()
    require(by, "patients.create")
    return _page(by, None, outcome)


def edit(patient_id: str, outcome: Outcome | None = None) -> Any:
    """The form as things stand."""
    by = caller()
    require(by, "patients.change")
    return _page(by, patients.patient(by, patient_id, now=utc_now()), outcome)


def _page(by: Caller, row: Any, outcome: Outcome | None) -> Any:
    typed = outcome is not None and outcome.status == 422
    kept = row.weekly_hours() if row else None
    return staff_page(
        "patients/details.html",
        by,
        outcome.status if outcome else 200,
        here="patients",
        patient=row,
        sites=[(site.id, site.title) for site in clinics.sites(by)],
        prefers=PREFERS,
        languages=LANGUAGES,
        weekly=_typed() if typed else [*_written(kept or ()), *SPARE],
        limited=("limited" in request.form) if typed else kept is not None,
        away=request.form.get("away", "") if typed else "\n".join(row.away if row else ()),
        outcome=outcome,
    )


def _typed() -> list[tuple[str, ...]]:
    columns = (request.form.getlist(name)[:MOST] for name in ("days", "opens", "closes"))
    return list(zip(*columns, strict=False))


def _written(weekly: tuple[WeeklyHours, ...]) -> list[tuple[str, str, str]]:
    return [(write_days(w.days), write_clock(w.opens), write_clock(w.closes)) for w in weekly]


def create() -> Any:
    """Add a patient."""
    by = poster()
    made: list[str] = []
    outcome = attempt(lambda: made.append(patients.create(by, _details(), now=utc_now()).id))
    return new(outcome) if not outcome.done else _to(made[0])


def change(patient_id: str) -> Any:
    """Other details from now on."""
    by, version = poster(), seen()
    outcome = attempt(
        lambda: patients.change(by, patient_id, _details(), expected_version=version, now=utc_now())
    )
    return edit(patient_id, outcome) if not outcome.done else _to(patient_id)


def _to(patient_id: str) -> Any:
    return redirect(url_for("console.patient", patient_id=patient_id, told="details"), 303)


def _details() -> PatientDetails:
    sent = load(
        PatientIn,
        {
            **{name: text(name) for name in LINES},
            "site_id": request.form.get("site_id", ""),
            "email": text("email") or None,
            "prefers": text("prefers") or None,
            "away": request.form.get("away", "").replace(",", " ").split(),
        },
    )
    ours = {"email": sent["email"] or "", "weekly": _weekly(), "away": frozenset(sent["away"])}
    return PatientDetails(**{**sent, **ours})


def _weekly() -> tuple[WeeklyHours, ...] | None:
    if "limited" not in request.form:
        return None
    found, faults = [], []
    for number, (days, opens, closes) in enumerate(_typed(), start=1):
        if days.strip():
            try:
                hours = (read_days(days), read_clock(opens), read_clock(closes))
                found.append(WeeklyHours(days=hours[0], opens=hours[1], closes=hours[2]))
            except ValueError as error:
                faults.append(FieldFault(f"row {number}", str(error)))
    if faults:
        raise Invalid(faults)
    return tuple(found)
