"""Sets schemathesis upon a running clinic: every operation a role may use, every check on.

    .venv/bin/python -m tests.api.fuzz theo 100

runs it by hand as Theo with a hundred examples an operation, and prints what was found.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import text
from werkzeug.serving import make_server

from server.persistence.database import db
from server.services.access import ACTIONS
from tests import builders
from tests.api.routes import Route, routes
from tests.cast import Cast, everybody

HOOKS = Path(__file__).with_name("fuzz_hooks.py")
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
BY_CHANCE, CORNERS, SEQUENCES = "examples,fuzzing", "coverage", "stateful"
ALL = f"{BY_CHANCE},{CORNERS},{SEQUENCES}"
LIMIT_SECONDS = 5
"""Generous, because the tests share the machine; `make bench` measures how fast answers are."""

EXPECTED = {
    # A well-formed request may meet a clinic that has moved on: gone, full, or changed since.
    "positive_data_acceptance": ["2xx", "404", "409", "412"],
    # An If-Match that can be no version of anything (`*`, `W/"1"`, `{}`) is stale: 412.
    "negative_data_rejection": ["400", "401", "404", "409", "412", "415", "422", "428"],
    # Without If-Match: 428, as RFC 6585 has it.
    "missing_required_header": ["401", "428"],
}
"""Which statuses answer which kind of request, over what schemathesis expects by itself."""

BEYOND_THE_SCHEMA = {
    "signIn": ("401", "the password is right for somebody"),
    "takeReply": ("401", "the gateway has a secret of its own"),
    "takeDelivery": ("401", "the gateway has a secret of its own"),
    "choosePassword": ("422", "the link was sent to a patient"),
    "askForPassword": ("429", "few may be asked for"),
    "acceptInvitation": ("422 429", "the code was handed out by a clinic; few may be tried"),
    "refreshTokens": ("401", "the token was given to somebody"),
    "endSignIn": ("401", "a sign-in that was ended is over"),
    "signOut": ("401", "a sign-in that was ended is over"),
    "addAbsence": ("422", "first_on is not after last_on, opens before closes"),
    "askPlanningRun": ("422", "series named wait for a time, a change says what it needs"),
    "loadQuestionnaire": (
        "422",
        "a questionnaire has a format of its own (docs/questionnaires.md)",
    ),
    "addVersion": ("422", "a protocol document has a format of its own (docs/protocol-format.md)"),
    "createProtocol": ("422", "a protocol document has a format of its own"),
    "replaceDraft": ("422", "a protocol document has a format of its own"),
    "signVersion": ("422", "fills name the safety fields that are open"),
    "changePatient": ("422", "opens before closes"),
    "createPatient": ("422", "opens before closes"),
    "setWeek": ("422", "opens before closes"),
    "createUser": (
        "422",
        "a password may be too easily guessed; who names a patient and who must not",
    ),
    "changeUser": ("422", "a password may be too easily guessed; a patient's sign-in stays one"),
    "createPractitioner": ("422", "a nurse has no code, a therapist may not share one"),
    "joinWaiting": ("422", "the visit is one of the series; not_after is not before not_before"),
    "fillPaperwork": ("422", "nothing was filled in in the future"),
    "settleFollowUp": ("409", "it is settled once"),
    "decideOnMissedVisit": ("422", "the visit is one of the series that was missed"),
    "enrolPatient": (
        "422",
        "candidates are those the protocol asks for; start_by is not before ready_on",
    ),
    "importAvailability": ("422", "a table has columns and rows of its own"),
    "importPeople": ("422", "a table has columns and rows of its own"),
    "listAppointments": ("422", "start is before end, and at most a hundred days"),
    "proposePlans": ("422", "candidates are those the protocol asks for"),
    "previewMove": ("422", "choices are those the protocol asks for"),
    "answerCheckIn": ("422", "answers are to what the form asks"),
    "setOnCall": ("422", "who is on call is a clinician with a login"),
    "bookVisit": ("422", "choices are those the protocol asks for"),
    "releaseVisits": ("422", "the visits are those that wait for a decision"),
    "publishVersion": ("422", "what is published is complete"),
    "activateVersion": ("422", "what is activated is signed"),
}
"""Operations that may refuse what fits their schema: how, and for what the schema cannot say."""

FATAL = [
    "missing_auth",
    "missing_deserializer",
    "method_not_allowed",
    "rate_limited",
    "unmatched_filter",
    "unresolvable_reference",
    "unsupported_regex",
    "unused_openapi_auth",
]
"""Warnings that fail a run. Of "mostly rejected" `Report.mismatched` tells; "missing test data" is
a matter of chance where ids are drawn."""


@dataclass(frozen=True)
class Report:
    """What schemathesis said."""

    passed: bool
    output: str

    @property
    def mismatched(self) -> set[str]:
        """Operations whose well-formed requests were mostly refused as invalid."""
        section = self.output.partition("Schema validation mismatch:")[2].partition(
            "\n\n\N{ELECTRIC LIGHT BULB}"
        )
        named = set(re.findall(r"  - ([A-Z]+ /\S+)", section[0]))
        return {r.operation for r in routes().values() if f"{r.method} {r.path}" in named}

    @property
    def summary(self) -> str:
        """The part worth reading."""
        found = re.search(r"=+ (FAILURES|ERRORS|WARNINGS|SUMMARY) =+.*", self.output, re.DOTALL)
        return found[0] if found else self.output


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application on a port of its own; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def run(app: Flask, name: str, *, examples: int, folder: Path, phases: str = ALL) -> Report:
    """Let one of the cast try every operation their role may use."""
    cast = everybody()
    _let_tokens_last()
    with served(app) as address:
        known = {**_ids(cast, name), "address": address, "person": name}
        config = folder / "schemathesis.toml"
        config.write_text(_config(cast, name, examples, known), encoding="utf-8")
        return _run(config, address, known, phases)


def _run(config: Path, address: str, known: dict[str, str], phases: str) -> Report:
    command = [SCHEMATHESIS, "--config-file", config, "run", f"{address}/api/v1/openapi.json"]
    # One worker: Python 3.11 cannot parse its own source in two threads at once.
    options = ["--workers", 1, "--no-color", "--max-response-time", LIMIT_SECONDS]
    done = subprocess.run(
        [str(word) for word in [*command, *options, "--phases", phases]],
        env={**os.environ, "TANDEM_FUZZ": json.dumps(known), "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        check=False,
        cwd=config.parent,
    )
    return Report(passed=done.returncode == 0, output=done.stdout + done.stderr)


def _config(cast: Cast, name: str, examples: int, known: dict[str, str]) -> str:
    person = cast.people[name]
    others = [r.operation for r in routes().values() if not _may(person.caller.role, r)]
    lines = [
        f"parameters = {json.dumps(_parameters(known)).replace(': ', ' = ')}",
        f"hooks = {json.dumps(str(HOOKS))}",
        f"generation = {{ max-examples = {examples}, deterministic = true }}",
        f"warnings = {{ fail-on = {json.dumps(FATAL)} }}",
        "[checks]",
        *(f"{check}.expected-statuses = {json.dumps(s)}" for check, s in EXPECTED.items()),
    ]
    for operation in others:
        lines += ["[[operations]]", f'include-operation-id = "{operation}"', "enabled = false"]
    for operation in sorted(set(BEYOND_THE_SCHEMA) - set(others)):
        statuses = json.dumps(
            [*EXPECTED["positive_data_acceptance"], *BEYOND_THE_SCHEMA[operation][0].split()]
        )
        lines += [
            "[[operations]]",
            f'include-operation-id = "{operation}"',
            f"checks = {{ positive_data_acceptance = {{ expected-statuses = {statuses} }} }}",
        ]
    return "\n".join(lines) + "\n"


def _may(role: str, route: Route) -> bool:
    return route.action is None or role in ACTIONS[route.action]


def _parameters(known: dict[str, str]) -> dict[str, str]:
    """Real ids for every path that names something."""
    wanted = {p for route in routes().values() for p in route.parameters}
    found = {p: known[p.removesuffix("_id")] for p in wanted if p.removesuffix("_id") in known}
    return {f"path.{name}": value for name, value in sorted(found.items())}


def _ids(cast: Cast, name: str) -> dict[str, str]:
    """What this person reaches: Tess has Quinn, everybody else has Pat."""
    things = cast.things["quinn" if name in ("tess", "quinn") else "pat"]
    spare = builders.make_user(things.clinic_id, "nurse", "spare@example.org")
    password = builders.PASSWORD
    guest = builders.make_user(
        things.clinic_id, cast.people[name].caller.role, "guest@example.org", password=password
    )
    guest.patient_id = cast.people[name].caller.patient_id
    db.session.commit()
    ids = dict(things.ids)
    return ids | {
        "code": "demo-ketamine-integration",
        "questionnaire": "pcl-5",
        "user": spare.id,
        "token": cast.people[name].token,
        "code_of_protocol": things["code"],
        "series_to_book": _series_to_book(cast, name),
        "email": guest.email,
        "password": password,
    }


def _series_to_book(cast: Cast, name: str) -> str:
    """A series that nothing else ends meanwhile, if this person reaches one."""
    mine = {"theo": "pat", "pat": "pat"}
    return cast.things[mine.get(name, "quinn")]["series"]


def _let_tokens_last() -> None:
    ends = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S")
    db.session.execute(text("UPDATE access_token SET expires_at = :ends"), {"ends": ends})
    db.session.commit()


def main() -> None:
    """Run by hand."""
    from server.app import create_app
    from server.config import embedded
    from server.persistence import migrate

    name, examples = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        settings = embedded(Path(folder))
        migrate.upgrade(settings.database_url)
        app = create_app(settings)
        with app.app_context():
            report = run(app, name, examples=examples, folder=Path(folder))
            db.session.remove()
            db.engine.dispose()
    print(report.summary)
    sys.exit(not report.passed)


if __name__ == "__main__":
    main()
