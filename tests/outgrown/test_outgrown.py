import json
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from server.app import create_app
from server.config import Settings
from server.persistence.database import db
from server.persistence.leader import LEADER
from server.services import sign_in
from shared.vocabulary import Role
from tests import builders
from tests.jobs.a_post import Post
from tests.jobs.mail_server import Postbox, mail_server
from tests.outgrown.processes import Installation
from tests.services.a_series import ShortClinic, short_clinic

SECRET = "only for tests"
TAKES_OVER_WITHIN_SECONDS = 15
WHO_LEADS = """
SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND (classid::bigint << 32) + objid::bigint = %s AND granted
"""


@pytest.fixture
def box() -> Iterator[Postbox]:
    with mail_server() as made:
        yield made


@pytest.fixture
def clinic_runs(empty_postgres_url: str, box: Postbox, tmp_path: Path) -> Iterator[Installation]:
    """Two web servers, two clocks and three workers, begun at once on an empty database."""
    settings = {
        "DATABASE_URL": empty_postgres_url,
        "SECRET_KEY": SECRET,
        "MAIL_SERVER": box.url,
        "MAIL_FROM": "note@clinic.example",
    }
    made = Installation(settings=settings, folder=tmp_path)
    try:
        made.start("web", 2)
        for name in made.processes:
            _soon(lambda name=name: made.answers(name, "/readyz") == 200, 90)
        made.start("clock", 2)
        made.start("worker", 3)
        yield made
    finally:
        made.kill()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_clinic_on_two_web_servers_two_clocks_and_three_workers(
    clinic_runs: Installation, box: Postbox, empty_postgres_url: str
) -> None:
    settings = Settings(database_url=empty_postgres_url, secret_key=SECRET, testing=True)
    app = create_app(settings)
    with app.app_context():
        clinic = short_clinic()
        post = Post(app=app, box=box)
        _book(clinic_runs, clinic, "web-1", "infusion-1", datetime(2027, 3, 2, 9, tzinfo=UTC))
        _book(clinic_runs, clinic, "web-2", "infusion-1", datetime(2027, 4, 6, 9, tzinfo=UTC))
        post.bring_forward()
        _soon(lambda: len(box.letters) >= 2, 60)

        first = _leader(empty_postgres_url)
        clinic_runs.kill_one(first)
        began = time.monotonic()
        _soon(lambda: _leader(empty_postgres_url) not in ("", first), TAKES_OVER_WITHIN_SECONDS)
        print(f"{first} was killed; the other led after {time.monotonic() - began:.1f} s")

        _book(clinic_runs, clinic, "web-2", "infusion-1", datetime(2027, 5, 4, 9, tzinfo=UTC))
        post.bring_forward(status="preparation")
        _soon(lambda: len(box.letters) >= 3, 60)
        _soon(lambda: clinic_runs.answers("web-1", "/readyz/clock") == 200, 10)
        db.session.remove()
        db.engine.dispose()

    ended = clinic_runs.stop()
    arrived = Counter(str(letter["To"]) for letter in box.letters)
    assert len(arrived) == 3
    assert set(arrived.values()) == {1}
    assert set(ended.values()) == {0}, ended
    for name in ended:
        assert "Traceback" not in clinic_runs.log_of(name).read_text("utf-8")


def _book(
    made: Installation, clinic: ShortClinic, web: str, visit: str, starts_at: datetime
) -> None:
    """Book a visit of a new patient over HTTP, as a prescriber who has just signed in."""
    now = datetime.now(UTC)
    email = f"{starts_at:%m%d}@home.example"
    patient_id = clinic.patient(email=email)
    series_id = clinic.enrolled(patient_id=patient_id)
    user = builders.make_user(clinic.by.clinic_id, Role.PRESCRIBER, f"dr-{email}")
    db.session.commit()
    token = sign_in.begin(user.id, device="", now=now).tokens.access_token
    body = {
        "series_id": series_id,
        "visit": visit,
        "starts_at": starts_at.isoformat(),
        "choices": {"therapist": clinic.therapist_ids[0]},
    }
    asked = urllib.request.Request(
        f"{made.url_of(web)}/api/v1/appointments",
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"book-{email}",
            "If-Match": '"1"',
        },
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:
        assert answer.status == 201


def _leader(url: str) -> str:
    """The name of the clock that holds the lock; "" while none does."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as database:
        row = database.execute(WHO_LEADS, [LEADER]).fetchone()
    return row[0] if row else ""


def _soon(holds: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(0.1)
