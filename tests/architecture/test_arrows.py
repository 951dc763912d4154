"""Who may import whom. The table is the one in docs/architecture.md; change both or neither."""

import sys
from dataclasses import dataclass

import pytest

from tests.architecture.source import ROOT, Module, modules


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a room may import beside the standard library and itself."""

    may: tuple[str, ...]
    never: tuple[str, ...] = ()
    lazily: tuple[str, ...] = ()


FACES = ("server.api", "server.console", "server.patient_pages", "server.interop")
FACE = Row(
    may=(
        "server.services",
        "shared",
        "flask",
        "flask_smorest",
        "marshmallow",
        "markupsafe",
        "werkzeug",
    ),
    never=("server.persistence", "sqlalchemy"),
)
PHONE_PLUMBING = Row(may=("httpx", "shared", "argon2", "cryptography"), never=("kivy", "kivymd"))
PHONE_LAYOUT = Row(
    may=("kivy", "kivymd", "mobile.viewmodels", "mobile.widgets", "mobile.words"),
    never=("mobile.api_client", "mobile.offline_store", "mobile.sync"),
)

ARROWS = {
    "shared": Row(
        may=("marshmallow",),
        never=("flask", "sqlalchemy", "kivy", "server", "mobile"),
    ),
    "server/domain": Row(may=("shared.vocabulary",)),
    "server/planner": Row(
        may=("server.domain", "shared.vocabulary", "shared.planning_words", "numpy", "numba"),
        lazily=("ortools",),
        never=("server.persistence", "server.services", "flask"),
    ),
    "server/persistence": Row(
        may=(
            "server.domain",
            "shared.vocabulary",
            "shared.planning_words",
            "sqlalchemy",
            "flask_sqlalchemy",
            "alembic",
        ),
        never=("server.services", "server.api", "flask.request", "flask.session", "flask.g"),
    ),
    "server/services": Row(
        may=(
            "server.domain",
            "server.planner",
            "server.persistence",
            "server.library",
            "server.notifications.render",
            "shared",
            "argon2",
            "segno",
            "yaml",
        ),
        never=("server.api", "server.console", "server.jobs", "flask"),
    ),
    "server/notifications": Row(
        may=("shared", "yaml", "apprise"),
        never=("server.persistence", "server.services"),
    ),
    "server/backup": Row(
        may=("server.persistence.migrate", "server.persistence.leader", "sqlalchemy"),
        never=("server.services", "flask"),
    ),
    "server/api": FACE,
    "server/console": FACE,
    "server/patient_pages": FACE,
    "server/interop": FACE,
    "server/jobs": Row(
        may=(
            "server.services",
            "server.notifications",
            "server.persistence.leader",
            "shared",
            "apscheduler",
            "huey",
        ),
        never=("server.api", "server.console"),
    ),
    "mobile/viewmodels": Row(
        may=("shared", "mobile.words", "kivy.event", "kivy.properties"),
        never=("kivy.uix", "kivy.app", "kivy.clock", "threading", "concurrent", "_thread"),
    ),
    "mobile/api_client": PHONE_PLUMBING,
    "mobile/sealing": PHONE_PLUMBING,
    "mobile/device_key": Row(may=("mobile.sealing", "jnius"), never=("kivy", "kivymd")),
    "mobile/pin_lock": Row(may=("mobile.sealing", "mobile.device_key"), never=("kivy", "kivymd")),
    "mobile/offline_store": Row(
        may=(*PHONE_PLUMBING.may, "mobile.sealing", "mobile.pin_lock", "mobile.device_key"),
        never=("kivy", "kivymd"),
    ),
    "mobile/reminding": Row(
        may=("mobile.patient_phone", "mobile.viewmodels", "jnius", "android"),
        never=("kivy", "kivymd"),
    ),
    "mobile/words": Row(may=(), never=("kivy", "kivymd")),
    "mobile/sync": Row(
        may=(*PHONE_PLUMBING.may, "mobile.api_client", "mobile.offline_store"), never=("kivy",)
    ),
    "mobile/screens": PHONE_LAYOUT,
    "mobile/widgets": PHONE_LAYOUT,
}

# Wiring puts rooms together and so may import any of them; a room of data has nothing to import.
WIRING = {
    "server/app.py",
    "server/config.py",
    "server/cli.py",
    "server/wsgi.py",
    "server/__init__.py",
    "server/__main__.py",
}
DATA = {"server/library"}
COMMANDS = "server/commands"
"""Wiring as well: a command puts together whatever it needs."""


@pytest.mark.parametrize("room", ARROWS)
def test_a_room_imports_only_what_its_row_of_the_table_allows(room: str) -> None:
    row = ARROWS[room]
    allowed = (room.replace("/", "."), *row.may, *row.lazily)

    strangers = [
        f"{module.path}:{line} imports {name}"
        for module in _modules_of(room)
        for name, line in module.imports()
        if not _is_below(name, allowed) and name.split(".")[0] not in sys.stdlib_module_names
    ]

    assert not strangers, _sentence(
        strangers, f"{room} may import only itself, {', '.join(row.may)}."
    )


@pytest.mark.parametrize("room", ARROWS)
def test_a_room_never_imports_what_its_row_forbids(room: str) -> None:
    forbidden = ARROWS[room].never

    found = [
        f"{module.path}:{line} imports {name}"
        for module in _modules_of(room)
        for name, line in module.imports()
        if _is_below(name, forbidden)
    ]

    assert not found, _sentence(found, f"{room} must never import {', '.join(forbidden)}.")


@pytest.mark.parametrize("room", [room for room, row in ARROWS.items() if row.lazily])
def test_a_heavy_library_is_imported_only_by_the_function_that_needs_it(room: str) -> None:
    found = [
        f"{module.path}:{line} imports {name}"
        for module in _modules_of(room)
        for name, line in module.imports_at_once()
        if _is_below(name, ARROWS[room].lazily)
    ]

    assert not found, _sentence(found, "It takes seconds to import. Move it into the function.")


def test_the_phone_never_imports_the_server() -> None:
    found = [
        f"{module.path}:{line} imports {name}"
        for module in modules("mobile")
        for name, line in module.imports()
        if _is_below(name, ("server", "flask", "sqlalchemy"))
    ]

    assert not found, _sentence(found, "The phone knows the server only through shared/.")


def test_the_four_faces_of_the_server_never_import_each_other() -> None:
    found = [
        f"{module.path}:{line} imports {name}"
        for face in FACES
        for module in modules(face.replace(".", "/"))
        for name, line in module.imports()
        if _is_below(name, tuple(other for other in FACES if other != face))
    ]

    assert not found, _sentence(found, "What two faces share belongs in a service or in shared/.")


def test_every_file_of_the_server_stands_in_a_room_that_has_a_row() -> None:
    homeless = [
        module.path
        for module in modules("server")
        if module.path not in WIRING and not _is_in(module.path, {*ARROWS, *DATA, COMMANDS})
    ]

    assert not homeless, _sentence(homeless, "Put it into a room, or give its room a row.")


def _modules_of(room: str) -> tuple[Module, ...]:
    if (ROOT / f"{room}.py").exists():
        return tuple(module for module in modules("mobile") if module.path == f"{room}.py")
    return modules(room)


def _is_below(name: str, roots: tuple[str, ...]) -> bool:
    return any(name == root or name.startswith(f"{root}.") for root in roots)


def _is_in(path: str, rooms: set[str]) -> bool:
    return any(path.startswith(f"{room}/") for room in rooms)


def _sentence(found: list[str], rule: str) -> str:
    return "\n  ".join((rule, *found))
