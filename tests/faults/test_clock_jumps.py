"""The machine's clock is set forward and back by hours and years while messages go out."""

import random
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from server.persistence import outbox
from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from server.persistence.transactions import transaction
from server.services.messages import sending
from tests.faults.harness import Harness
from tests.jobs.a_post import Post
from tests.jobs.mail_server import Postbox, mail_server
from tests.processes import astray
from tests.services.a_series import short_clinic

WITHIN_SECONDS = 60
RIGHT = "+0"


@pytest.fixture
def clock_file(tmp_path: Path) -> Path:
    file = tmp_path / "clock"
    file.write_text(f"{RIGHT}\n")
    return file


def harness_on(app: Flask, url: str, box: Postbox, clock_file: Path) -> Harness:
    run_as = partial(astray, clock_file=clock_file)
    return Harness(app=app, url=url, box=box, chance=random.Random(4), run_as=run_as)


def arrives(harness: Harness, name: str) -> None:
    """Everybody of this name gets their message soon."""
    until = time.monotonic() + WITHIN_SECONDS
    while not any(f"{name}-1@" in str(letter["To"]) for letter in harness.box.letters):
        assert time.monotonic() < until, f"{name}: nobody sends any more"
        time.sleep(0.1)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_whatever_the_clocks_of_the_hosts_say_the_databases_clock_decides(
    database_url: str, app: Flask, clock_file: Path
) -> None:
    with mail_server() as box:
        harness = harness_on(app, database_url, box, clock_file)
        clinic = short_clinic()
        harness.fill(clinic, "later", 3, timedelta(minutes=30))
        harness.start({})
        for number, jump in enumerate(("+1h", "-1h", "+10y", "-2y")):
            clock_file.write_text(f"{jump}\n")
            harness.fill(clinic, f"p{number}", 3)
            arrives(harness, f"p{number}")
        assert all(process.lives for process in harness.processes)
        assert harness.sent_within(WITHIN_SECONDS, left=3)
        harness.kill_all()
        early = [letter for letter in box.letters if "later" in str(letter["To"])]
        assert not early
        assert harness.waiting() == 3
        report = harness.counted()

    assert (report.lost, report.doubled, report.repeated, report.dead_versions) == (2, 0, 0, 0)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_where_there_is_one_clock_only_nothing_is_lost_and_all_goes_on_once_it_is_right(
    database_url: str, app: Flask, clock_file: Path
) -> None:
    with mail_server() as box:
        harness = harness_on(app, database_url, box, clock_file)
        clinic = short_clinic()
        harness.start({})
        for number, jump in enumerate(("+40m", "-1h")):
            clock_file.write_text(f"{jump}\n")
            harness.fill(clinic, f"away{number}", 3)
            time.sleep(3)
            clock_file.write_text(f"{RIGHT}\n")
            harness.fill(clinic, f"right{number}", 3)
            arrives(harness, f"away{number}")
            arrives(harness, f"right{number}")
        assert harness.sent_within(WITHIN_SECONDS, left=0)
        harness.kill_all()
        report = harness.counted()

    assert (report.lost, report.doubled, report.dead_versions) == (0, 0, 0)


def test_a_lease_that_a_wrong_clock_wrote_for_years_keeps_nobody_waiting(app: Flask) -> None:
    with mail_server() as box:
        harness = Harness(app=app, url="", box=box, chance=random.Random(4))
        harness.fill(short_clinic(), "p", 2)
        post = Post(app=app, box=box)
        post.claim()
        post.queue.clear()
        with transaction():
            years = {"lease_until": outbox.now() + timedelta(days=3650)}
            db.session.execute(update(OutboxMessageRow).values(years))

        post.run()

    assert len(box.letters) == 1


def test_no_true_lease_or_wait_is_taken_for_one_of_a_wrong_clock() -> None:
    waits = sending.FIRST_WAIT * 2 ** (sending.MOST_TRIES - 2)

    assert max(waits, sending.SENDING_LASTS, sending.HANDED_ON_FOR) < outbox.LONGEST_LEASE
