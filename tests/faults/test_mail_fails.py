import os
import random
import threading
import time
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from server.persistence import outbox
from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from server.persistence.transactions import transaction
from tests.faults.harness import Harness
from tests.jobs.mail_server import mail_server
from tests.services.a_series import short_clinic

HANGS_SECONDS = 3 if "TANDEM_KILLS" not in os.environ else 100
"""`make faults` waits until it is cut off."""


@pytest.mark.timeout(420)
def test_a_mail_server_that_is_away_refuses_hangs_and_loses_its_replies_loses_nothing(
    app: Flask, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with mail_server() as box:
        harness = Harness(app=app, url=database_url, box=box, chance=random.Random(3))
        harness.fill(short_clinic(), "p", 20)
        box.away = True
        harness.start({}, workers=2)
        _all_tried(harness, "smtp-unreachable")
        box.away, box.refusing = False, "451"
        _all_tried(harness, "smtp-451")
        box.refusing, box.hanging, box.loses_replies = "", threading.Event(), 7
        _no_waiting()
        time.sleep(HANGS_SECONDS)
        box.hanging.set()
        until = time.monotonic() + 120
        while harness.waiting() and time.monotonic() < until:
            _no_waiting()
            time.sleep(0.5)
        harness.kill_all()
        report = harness.counted()

    with capsys.disabled():
        print(f"\nmail server: {report}")
    assert (report.lost, report.doubled, report.dead_versions) == (0, 0, 0)
    assert report.repeated >= 7


def _all_tried(harness: Harness, code: str) -> None:
    until = time.monotonic() + 60
    tried = OutboxMessageRow.failure == code
    while db.session.query(OutboxMessageRow).filter(tried).count() < 19:
        assert time.monotonic() < until, "not all were tried"
        assert not harness.box.letters
        db.session.rollback()
        _no_waiting()
        time.sleep(0.2)


def _no_waiting() -> None:
    """The waits after failed tries need not be waited for."""
    with transaction():
        past = outbox.now() - timedelta(seconds=1)
        waits = OutboxMessageRow.lease.is_(None) & OutboxMessageRow.lease_until.is_not(None)
        waits &= OutboxMessageRow.attempts < 6
        db.session.execute(update(OutboxMessageRow).where(waits).values(lease_until=past))
