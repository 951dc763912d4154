import time
from collections import Counter
from datetime import UTC, datetime

import psycopg
import pytest

from server.app import create_app
from server.config import Settings
from server.persistence.database import db
from server.persistence.leader import LEADER
from tests.jobs.a_post import Post
from tests.jobs.mail_server import Postbox
from tests.outgrown.asking import SECRET, book, soon
from tests.outgrown.processes import Installation
from tests.services.a_series import short_clinic

TAKES_OVER_WITHIN_SECONDS = 30
WHO_LEADS = """
SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND (classid::bigint << 32) + objid::bigint = %s AND granted
"""


@pytest.mark.slow
@pytest.mark.timeout(700)
def test_a_clinic_on_two_web_servers_two_clocks_and_three_workers(
    clinic_runs: Installation, box: Postbox, empty_postgres_url: str
) -> None:
    settings = Settings(database_url=empty_postgres_url, secret_key=SECRET, testing=True)
    app = create_app(settings)
    with app.app_context():
        clinic = short_clinic()
        post = Post(app=app, box=box)
        book(clinic_runs, clinic, "web-1", "infusion-1", datetime(2027, 3, 2, 9, tzinfo=UTC))
        book(clinic_runs, clinic, "web-2", "infusion-1", datetime(2027, 4, 6, 9, tzinfo=UTC))
        post.bring_forward()
        soon(lambda: len(box.letters) >= 2, 240)

        first = _leader(empty_postgres_url)
        clinic_runs.kill_one(first)
        began = time.monotonic()
        soon(lambda: _leader(empty_postgres_url) not in ("", first), TAKES_OVER_WITHIN_SECONDS)
        print(f"{first} was killed; the other led after {time.monotonic() - began:.1f} s")

        book(clinic_runs, clinic, "web-2", "infusion-1", datetime(2027, 5, 4, 9, tzinfo=UTC))
        post.bring_forward(status="preparation")
        soon(lambda: len(box.letters) >= 3, 240)
        soon(lambda: clinic_runs.answers("web-1", "/readyz/clock") == 200, 60)
        db.session.remove()
        db.engine.dispose()

    ended = clinic_runs.stop()
    arrived = Counter(str(letter["To"]) for letter in box.letters)
    assert len(arrived) == 3
    assert set(arrived.values()) == {1}
    assert set(ended.values()) == {0}, ended
    for name in ended:
        assert "Traceback" not in clinic_runs.log_of(name).read_text("utf-8")


def _leader(url: str) -> str:
    """The name of the clock that holds the lock; "" while none does."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as database:
        row = database.execute(WHO_LEADS, [LEADER]).fetchone()
    return row[0] if row else ""
