from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.mail_server import Postbox, mail_server
from tests.outgrown.asking import SECRET, soon
from tests.outgrown.processes import Installation


@pytest.fixture
def box() -> Iterator[Postbox]:
    with mail_server() as made:
        yield made


@pytest.fixture(params=[False], ids=["by-command"])
def clinic_runs(
    request: pytest.FixtureRequest, empty_postgres_url: str, box: Postbox, tmp_path: Path
) -> Iterator[Installation]:
    """Two web servers, two clocks and three workers, begun at once on an empty database; with the
    parameter True one web server, and the others forked."""
    settings = {
        "DATABASE_URL": empty_postgres_url,
        "SECRET_KEY": SECRET,
        "MAIL_SERVER": box.url,
        "MAIL_FROM": "note@clinic.example",
    }
    made = Installation(settings=settings, folder=tmp_path, quickly=request.param)
    try:
        made.start("web", 1 if made.quickly else 2)
        for name in made.processes:
            soon(lambda name=name: made.answers(name, "/readyz") == 200, 180)
        made.start("clock", 2)
        made.start("worker", 3)
        yield made
    finally:
        made.kill()
