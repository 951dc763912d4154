import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import select

from server.app import create_app
from server.config import Settings
from server.persistence import appointments
from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from shared.vocabulary import Role
from tests import builders
from tests.builders import PASSWORD
from tests.jobs.a_post import Post
from tests.jobs.mail_server import Postbox
from tests.outgrown.asking import SECRET, Asker, Browser, book, prescriber, soon
from tests.outgrown.processes import Installation
from tests.services.a_series import ShortClinic, short_clinic

NAME, MAIL, PHONE, NOTE = "Zuleikacanary", "qxcanary", "+15550199377", "Vexcanarynote"
CANARIES = (NAME, MAIL, PHONE, PHONE[1:], NOTE)
"""Words that occur nowhere else; whoever finds one outside the database has found a leak."""


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("clinic_runs", [True], indirect=True, ids=["quickly"])
def test_nobodys_name_number_or_words_are_found_outside_the_database(
    clinic_runs: Installation, box: Postbox, empty_postgres_url: str
) -> None:
    began = time.time()
    settings = Settings(database_url=empty_postgres_url, secret_key=SECRET, testing=True)
    app = create_app(settings)
    with app.app_context():
        clinic = short_clinic()
        who = {"full_name": f"{NAME} Example", "email": f"{MAIL}@home.example", "phone": PHONE}
        first = datetime(2027, 3, 2, 9, tzinfo=UTC)
        patient_id = book(clinic_runs, clinic, "web-1", "infusion-1", first, **who)
        Post(app=app, box=box).bring_forward()
        soon(lambda: len(box.letters) >= 1, 240)
        by = prescriber(clinic_runs, clinic, "web-1", "dr-curious")
        _bad_input(by, patient_id)
        _browsers(clinic_runs, clinic, patient_id)
        clinic_runs.kill_one("worker-1")
        db.session.remove()
        db.engine.dispose()
        _database_is_away(empty_postgres_url, by, patient_id)
        failures = set(db.session.scalars(select(OutboxMessageRow.failure)))
        db.session.remove()
        db.engine.dispose()
    clinic_runs.stop()

    subjects = [str(letter["Subject"]) for letter in box.letters]
    assert not _found(" ".join([*subjects, *failures]))
    assert not [str(file) for file in clinic_runs.folder.rglob("*") if _leaks(file)]
    fresh = (file for file in Path(tempfile.gettempdir()).glob("*") if _is_fresh(file, began))
    assert not [str(file) for file in fresh if _leaks(file)]


def _browsers(made: Installation, clinic: ShortClinic, patient_id: str) -> None:
    """Staff and the patient open their pages, search, answer and type nonsense into forms."""
    mails = {"staff": f"{MAIL}-staff@clinic.example", "patient": f"{MAIL}@home.example"}
    builders.make_user(clinic.by.clinic_id, Role.ADMINISTRATOR, mails["staff"], password=PASSWORD)
    builders.make_user(
        clinic.by.clinic_id,
        Role.PATIENT,
        mails["patient"],
        password=PASSWORD,
        patient_id=patient_id,
    )
    db.session.commit()
    staff = Browser(made.url_of("web-1"), "/sign-in", mails["staff"])
    for page in ("/week", "/week/timeline", "/today", "/patients", "/needs", "/record"):
        assert staff.opens(page) in {200, 403}, page
    for page in ("", "/protocol", "/pairing", "/hours", "/messages"):
        assert staff.opens(f"/reports{page}") in {200, 403}, page
    for page in ("", "/course", "/looked", "/messages"):
        assert staff.opens(f"/patients/{patient_id}{page}") in {200, 403}, page
    staff.sends("/patients", "/patients", name=NAME, q=NAME)
    patient = Browser(made.url_of("web-1"), "/my/sign-in", mails["patient"])
    for page in ("", "/visits", "/check-ins", "/history", "/notes", "/settings", "/calendar.ics"):
        assert patient.opens(f"/my{page}") == 200, page
    [visit] = appointments.ids_of(clinic.by.clinic_id, patient_id)
    patient.sends(f"/my/visits/{visit}", f"/my/visits/{visit}/ride", name=NAME, phone=PHONE)
    patient.sends(f"/my/visits/{visit}", f"/my/visits/{visit}/thread", text=NOTE, words=NOTE)
    patient.sends("/my/settings", "/my/settings", time_zone=NOTE, phone=PHONE)


def _bad_input(by: Asker, patient_id: str) -> None:
    """What is refused, and what is nonsense, with words of patients in it."""
    wrong = {"full_name": f"{NAME} Other", "phone": PHONE, "email": f"{MAIL}@home.example"}
    for body in (wrong, {"full_name": NOTE * 400}, {"site_id": NOTE, **wrong}, [NOTE], NOTE):
        assert 400 <= by.ask("POST", "/api/v1/patients", body, **_key()) < 500
        assert 400 <= by.ask("PUT", f"/api/v1/patients/{patient_id}", body) < 500
    nul = {"full_name": f"{NAME}\x00", "site_id": patient_id}
    assert 400 <= by.ask("POST", "/api/v1/patients", nul, **_key()) < 500
    nobody = {"email": f"{MAIL}@home.example", "password": NOTE}
    assert 400 <= by.ask("POST", "/api/v1/sign-in", nobody) < 500
    assert by.ask("POST", "/api/v1/patients/search", {"name": NAME}) < 500


def _database_is_away(url: str, by: Asker, patient_id: str) -> None:
    """All connections break while somebody asks."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as database:
        for _ in range(3):
            database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            by.ask("POST", "/api/v1/patients/search", {"name": NAME})
            by.ask("GET", f"/api/v1/patients/{patient_id}")


def _key() -> dict[str, str]:
    return {"Idempotency-Key": uuid4().hex}


def _is_fresh(file: Path, began: float) -> bool:
    return file.is_file() and file.stat().st_mtime >= began


def _leaks(file: Path) -> bool:
    return file.is_file() and bool(_found(file.read_bytes().decode("utf-8", "replace")))


def _found(text: str) -> list[str]:
    return [word for word in CANARIES if word.casefold() in text.casefold()]
