"""The API is as its document says: the document is valid, and no request however odd breaks it.

`TANDEM_FUZZ_EXAMPLES=200 make test TESTS=tests/api/test_openapi.py` tries much harder.
"""

import os
from pathlib import Path

import pytest
from flask import Flask
from openapi_spec_validator import validate

from tests.api.fuzz import ALL, BEYOND_THE_SCHEMA, BY_CHANCE, CORNERS, run
from tests.api.routes import document, routes

pytestmark = pytest.mark.breaks_on_purpose  # chance closes hours over booked visits

HARDER = int(os.environ.get("TANDEM_FUZZ_EXAMPLES", "0"))
TRIALS = {
    "ana by chance": ("ana", BY_CHANCE, "sqlite"),
    "ana at the corners": ("ana", CORNERS, "sqlite"),
    "drew": ("drew", BY_CHANCE, "sqlite"),
    "theo": ("theo", BY_CHANCE, "postgresql"),
    "nora": ("nora", BY_CHANCE, "sqlite"),
    "fay": ("fay", BY_CHANCE, "sqlite"),
    "ada": ("ada", BY_CHANCE, "sqlite"),
    "pat": ("pat", ALL, "postgresql"),
}
"""One of each role, and how they try."""


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """The database of the trial, where there is one."""
    trial = getattr(request.node, "callspec", None)
    kind = TRIALS[trial.params["trial"]][2] if trial else "sqlite"
    return request.getfixturevalue("postgres_url" if kind == "postgresql" else "sqlite_url")


def test_the_document_is_valid_openapi() -> None:
    validate(document())

    assert document()["openapi"] == "3.1.0"


def test_every_operation_says_what_it_is() -> None:
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            if method in ("get", "post", "put", "patch", "delete"):
                place = f"{method} {path}"
                assert operation.get("summary"), f"{place} needs a docstring"
                assert set(operation["responses"]) > {"500", "503"}, place
                if operation.get("x-action"):
                    assert operation["security"] == [{"bearer": []}], place
                    assert {"401", "403"} <= set(operation["responses"]), place


def test_what_may_be_refused_beyond_the_schema_is_there() -> None:
    assert set(BEYOND_THE_SCHEMA) <= set(routes())


@pytest.mark.slow
@pytest.mark.parametrize("trial", TRIALS)
def test_no_request_breaks_the_api(app: Flask, tmp_path: Path, trial: str) -> None:
    name, phases, _ = TRIALS[trial]

    report = run(app, name, examples=HARDER or 4, folder=tmp_path, phases=ALL if HARDER else phases)

    assert report.passed, report.summary
    assert report.mismatched <= set(BEYOND_THE_SCHEMA), report.summary
