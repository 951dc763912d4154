import os
import random

import pytest
from flask import Flask

from tests.faults.harness import WAYS, Harness
from tests.jobs.mail_server import mail_server

KILLS = int(os.environ.get("TANDEM_KILLS", len(WAYS)))
"""`make faults` asks for 200."""


@pytest.mark.timeout(60 + 20 * KILLS)
def test_whoever_dies_whenever_every_message_arrives_and_none_arrives_as_two(
    app: Flask, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with mail_server() as box:
        harness = Harness(app=app, url=database_url, box=box, chance=random.Random(1))

        report = harness.run(KILLS)

    with capsys.disabled():
        print(f"\n{app.config['SQLALCHEMY_DATABASE_URI'].get_backend_name()}: {report}")
    assert (report.lost, report.doubled, report.dead_versions) == (0, 0, 0)
    assert sum(report.kills.values()) == KILLS
