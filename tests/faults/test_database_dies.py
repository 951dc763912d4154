import os
import random
import time
from pathlib import Path

import pytest

from server.app import create_app
from server.config import Settings
from server.persistence.database import db
from tests.faults.harness import Harness
from tests.faults.mortal_postgres import MortalPostgres, mortal_postgres
from tests.jobs.mail_server import mail_server
from tests.services.a_series import ShortClinic, short_clinic

KILLS = int(os.environ.get("TANDEM_DATABASE_KILLS", "3"))
"""`make faults` asks for 30."""
HEALED_WITHIN_SECONDS = 30


@pytest.mark.timeout(120 + 40 * KILLS)
def test_the_database_dies_and_the_same_clock_and_worker_go_on_when_it_is_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = {"secret_key": "only for tests", "data_dir": tmp_path}
    with mortal_postgres() as database, mail_server() as box:
        app = create_app(Settings(database_url=database.url, testing=True, **settings))
        with app.app_context():
            harness = Harness(app=app, url=database.url, box=box, chance=random.Random(2))
            healed = _kill_often(harness, database)
            report = harness.counted()
            db.session.remove()
            db.engine.dispose()

    with capsys.disabled():
        print(f"\nPostgreSQL itself, back at work after at most {max(healed):.0f} s: {report}")
    assert (report.lost, report.doubled, report.dead_versions) == (0, 0, 0)
    assert max(healed) < HEALED_WITHIN_SECONDS


def _kill_often(harness: Harness, database: MortalPostgres) -> list[float]:
    """Kill the server, or one of its processes, amid work; how long until a message went again."""
    clinic = short_clinic()
    harness.start({}, clocks=2, workers=2)
    _arrives(harness, clinic, "begin")
    healed = []
    for number in range(KILLS):
        harness.fill(clinic, f"p{number}", 40)
        time.sleep(harness.chance.uniform(0, 3))
        if number % 3 == 2:
            database.kill_a_child(harness.chance.randrange(8))
        else:
            database.kill()
            database.start()
        harness.report.kills["a process of the server" if number % 3 == 2 else "server"] += 1
        db.engine.dispose()
        healed.append(_arrives(harness, clinic, f"after{number}"))
    assert all(process.lives for process in harness.processes)
    harness.kill_all()
    harness.lapse()
    harness.finish()
    return healed


def _arrives(harness: Harness, clinic: ShortClinic, name: str) -> float:
    """A fresh message, and the seconds until it is there."""
    harness.steadily(lambda: harness.fill(clinic, name, 2))
    began = time.monotonic()
    while not any(f"{name}-1@" in str(letter["To"]) for letter in harness.box.letters):
        assert time.monotonic() < began + 2 * HEALED_WITHIN_SECONDS, "nobody sends any more"
        time.sleep(0.1)
    return time.monotonic() - began
