"""Every route, tried by everybody, on their own, another's, another clinic's and missing things.

What each must get is worked out from services.access.ACTIONS; nothing here repeats that table.
"""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import make_url

from server.config import Settings
from server.persistence.database import db
from server.services.access import ACTIONS, Relation
from tests import canary, databases
from tests.api.examples import EXAMPLES, Example, Whose
from tests.api.routes import PUBLIC, Route, addresses_of_the_url_map, routes
from tests.cast import Cast, Person, Things, everybody
from tests.postgres import fast_folder

SIGNED_IN = sorted(name for name in EXAMPLES)


class Stage:
    """Both clinics, put back as they were after whatever changes them."""

    def __init__(self, app: Flask, cast: Cast) -> None:
        self.app, self.cast = app, cast
        self.file = Path(str(make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database))
        self.saved = self.file.with_suffix(".saved")
        self._let_go()
        shutil.copyfile(self.file, self.saved)

    def restore(self) -> None:
        self._let_go()
        shutil.copyfile(self.saved, self.file)

    def _let_go(self) -> None:
        db.session.remove()
        db.engine.dispose()

    def ask(self, route: Route, example: Example, things: Things, headers: dict[str, str]):
        path = route.path
        for parameter in route.parameters:
            name = example.path.get(parameter, parameter.removesuffix("_id"))
            path = path.replace("{" + parameter + "}", things.ids.get(name, name))
        versioned = {"If-Match": '"1"'} if route.versioned else {}
        return self.app.test_client().open(
            path,
            method=route.method,
            json=example.body(things) if example.body else None,
            query_string=example.query(things) if example.query else None,
            headers={**headers, **versioned},
        )


@pytest.fixture(scope="module")
def set_up(application: Flask, sqlite_template: Path) -> Iterator[Stage]:
    """Made once, on the database that is put back sooner: who may do what depends on neither."""
    with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        url = databases.copy_of(sqlite_template, Path(folder))
        databases.put_on(application, Settings(database_url=url, secret_key="-", testing=True))
        with application.app_context():
            cast = everybody()
            # However long all of this takes, nobody is signed out meanwhile.
            spoil("UPDATE access_token SET expires_at = :at", datetime.now(UTC) + timedelta(days=1))
            yield Stage(application, cast)


@pytest.fixture
def stage(set_up: Stage) -> Iterator[Stage]:
    with canary.watching() as watch:
        yield set_up
    assert watch.leaks() == []
    set_up.restore()


def test_every_address_is_an_operation_of_the_document() -> None:
    documented = {(route.method, route.path) for route in routes().values()}

    assert addresses_of_the_url_map() == documented


def test_every_route_has_a_row_of_the_access_table_or_a_reason_to_be_public() -> None:
    bare = [name for name, route in routes().items() if not route.action and name not in PUBLIC]
    unknown = [name for name, r in routes().items() if r.action and r.action not in ACTIONS]
    gone = [name for name in PUBLIC if name not in routes() or routes()[name].action]

    assert not bare, f"Give {bare} an @blp.action(...), or a reason in tests/api/routes.py PUBLIC."
    assert not unknown, f"services.access.ACTIONS has no row for {unknown}."
    assert not gone, f"{gone} are not public (any more): take them out of PUBLIC."


def test_every_route_has_an_example() -> None:
    wanted = {name for name, route in routes().items() if route.action}

    missing, left_over = sorted(wanted - set(EXAMPLES)), sorted(set(EXAMPLES) - wanted)

    assert not missing, (
        f"Nobody tries {missing}. Add to EXAMPLES in tests/api/examples.py, for each: whose thing "
        "it is about, what a permitted person gets, and its body where it takes one."
    )
    assert not left_over, f"There are no such operations: {left_over}. Take their examples out."


@pytest.mark.parametrize("operation", SIGNED_IN)
def test_everybody_gets_what_the_access_table_says(stage: Stage, operation: str) -> None:
    route, example = routes()[operation], EXAMPLES[operation]
    wrong = []
    for person in stage.cast.people.values():
        for name, things in targets(stage.cast, person, route, example).items():
            expected = status_for(person, things, route, example)
            began = datetime.now(UTC)
            reply = stage.ask(route, example, things, person.headers)
            if reply.status_code != expected:
                said = f"{reply.status_code}, not {expected}: {reply.text[:300]}"
                wrong.append(f"{person.name} on {name}: {said}")
            wrong += [
                f"{person.name} on {name} is shown {word}"
                for word in out_of_reach(stage.cast, person, route, example)
                if word in reply.text and word not in things.ids.values()
            ]
            if is_seen(person, things, route, example) and expected < 300:
                wrong += unrecorded(person, things, began)
            if expected not in (403, 404):
                stage.restore()
    assert not wrong, "\n".join([f"{route.method} {route.path} ({route.action})", *wrong])


@pytest.mark.parametrize("operation", SIGNED_IN)
def test_what_is_out_of_reach_looks_like_nothing_at_all(stage: Stage, operation: str) -> None:
    route, example = routes()[operation], EXAMPLES[operation]
    for person in stage.cast.people.values():
        replies = {
            name: stage.ask(route, example, things, person.headers)
            for name, things in targets(stage.cast, person, route, example).items()
            if status_for(person, things, route, example) == 404
        }
        assert len({reply.data for reply in replies.values()}) <= 1, replies
        assert len({tuple(sorted(reply.headers)) for reply in replies.values()}) <= 1


@pytest.mark.parametrize("operation", SIGNED_IN)
def test_without_a_token_that_counts_nobody_gets_anything(stage: Stage, operation: str) -> None:
    route, example, cast = routes()[operation], EXAMPLES[operation], stage.cast
    ended = datetime.now(UTC) - timedelta(minutes=1)
    spoil(
        "UPDATE access_token SET expires_at = :at WHERE family_id = :id", ended, cast.ana.sign_in_id
    )
    spoil("UPDATE token_family SET revoked_at = :at WHERE id = :id", ended, cast.nora.sign_in_id)
    spoil('UPDATE "user" SET disabled_at = :at WHERE id = :id', ended, cast.drew.caller.user_id)
    spoil("UPDATE token_family SET expires_at = :at WHERE id = :id", ended, cast.fay.sign_in_id)
    bad = {
        "no token": {},
        "an expired token": cast.ana.headers,
        "a revoked token": cast.nora.headers,
        "a disabled person's token": cast.drew.headers,
        "a token of a sign-in that is over": cast.fay.headers,
        "an invented token": {"Authorization": "Bearer " + "A" * 43},
        "another scheme": {"Authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
        "a cookie": {"Cookie": f"access_token={cast.theo.token}"},
    }

    things = next(iter(targets(cast, cast.ana, route, example).values()))
    for name, headers in bad.items():
        reply = stage.ask(route, example, things, headers)
        assert reply.status_code == 401, f"{name}: {reply.status_code}"
        assert reply.headers["WWW-Authenticate"].startswith("Bearer"), name


def targets(cast: Cast, person: Person, route: Route, example: Example) -> dict[str, Things]:
    """What this person tries the route on; where it names nothing, once is enough."""
    if example.whose is Whose.SELF:
        other = cast.tess if person.name != "tess" else cast.theo
        return {"own": own(person), "another's": own(other), "missing": cast.things["missing"]}
    if example.whose is Whose.NOBODY:
        return {"it": cast.things["pat"]}
    if not (route.parameters or names_something(example)):
        return {"all": nearest(cast, person, route, example)}
    return cast.things


def nearest(cast: Cast, person: Person, route: Route, example: Example) -> Things:
    """Something this person reaches, if they may ask at all."""
    allowed = person.caller.role in ACTIONS[str(route.action)]
    within = [t for t in cast.things.values() if allowed and reaches(person, t, route, example)]
    return [*within, cast.things["pat"]][0]


def own(person: Person) -> Things:
    return Things(clinic_id=person.caller.clinic_id, ids={"sign_in": person.sign_in_id})


def status_for(person: Person, things: Things, route: Route, example: Example) -> int:
    """What the table of access says this person must get."""
    if person.caller.role not in ACTIONS[str(route.action)]:
        return 403
    if not (route.parameters or names_something(example)):
        return example.answers
    return example.answers if reaches(person, things, route, example) else example.foreign


def names_something(example: Example) -> bool:
    """Whether body or query hold an id of somebody's."""
    probe = Things(clinic_id="", ids=Probe())
    made = [make(probe) for make in (example.body, example.query) if make]
    return "probed" in str(made)


class Probe(dict):
    """Has every id."""

    def __missing__(self, name: str) -> str:
        return "probed"


def reaches(person: Person, things: Things, route: Route, example: Example) -> bool:
    caller = person.caller
    relation = ACTIONS[str(route.action)][caller.role]
    if example.whose is Whose.NOBODY:
        return True
    if example.whose is Whose.SELF:
        return not route.parameters or things.ids.get("sign_in") == person.sign_in_id
    if things.clinic_id != caller.clinic_id:
        return False
    if example.whose is Whose.PATIENT and relation is Relation.OWN:
        return things["patient"] == caller.patient_id
    if example.whose is Whose.PATIENT and relation is Relation.CASELOAD:
        return things.therapist_id == caller.practitioner_id
    return True


def out_of_reach(cast: Cast, person: Person, route: Route, example: Example) -> list[str]:
    """Names and ids that this person must never be shown here."""
    return [
        word
        for things in cast.things.values()
        if things.ids["patient"] != person.caller.patient_id
        and not may_see(person, things, route, example)
        for word in things.names
    ]


def may_see(person: Person, things: Things, route: Route, example: Example) -> bool:
    if person.caller.role not in ACTIONS[str(route.action)] or example.whose is Whose.SELF:
        return False
    return reaches(person, things, route, example)


def is_seen(person: Person, things: Things, route: Route, example: Example) -> bool:
    """Whether this shows or changes something of a patient."""
    return example.whose is Whose.PATIENT and may_see(person, things, route, example)


def unrecorded(person: Person, things: Things, since: datetime) -> list[str]:
    """Complaints where nothing on record says that this person saw or changed this patient."""
    found = db.session.execute(
        text(
            "SELECT count(*) FROM audit_event WHERE by_user_id = :who AND patient_id = :whom "
            "AND at >= :since"
        ),
        {
            "who": person.caller.user_id,
            "whom": things["patient"],
            "since": since.strftime("%Y-%m-%d %H:%M:%S"),
        },
    ).scalar()
    return [] if found else [f"{person.name} left no audit event"]


def spoil(statement: str, at: datetime, row_id: str = "") -> None:
    db.session.rollback()
    values = {"at": at.strftime("%Y-%m-%d %H:%M:%S"), "id": row_id}
    db.session.execute(text(statement), values if ":id" in statement else {"at": values["at"]})
    db.session.commit()
