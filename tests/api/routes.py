"""Every address of the application, as the OpenAPI document and as the URL map know it."""

import re
from dataclasses import dataclass
from functools import cache

from flask import Flask

METHODS = ("get", "post", "put", "patch", "delete")

PUBLIC = {
    "isAlive": "a probe holds no token",
    "isClockRunning": "a probe holds no token",
    "isReady": "a probe holds no token",
    "signIn": "this is where one gets in",
    "takeReply": "a gateway proves itself by its own secret",
    "takeDelivery": "a gateway proves itself by its own secret",
    "askForPassword": "who forgot it cannot sign in; the answer tells nothing",
    "choosePassword": "the link in the patient's mailbox is the proof",
    "acceptInvitation": "the code that the clinic handed out is the proof",
    "refreshTokens": "the refresh token itself is the proof",
}
"""Operations without sign-in, each with its reason."""

UNDOCUMENTED = {
    "documentation.document": "the OpenAPI document itself",
    "documentation.page": "the page that shows it",
    "documentation.asset": "the page's script and style",
}
"""Addresses that are no operations of the API, each with its reason."""

OTHER_DOORS = {
    "patient_pages": "pages behind signed links, with tests of their own",
    "console": "pages for staff: a cookie instead of a token, with tests of their own",
    "console_sign_in": "where staff get that cookie",
    "pages": "pages for staff",
}
"""Blueprints that are no part of the API."""


@dataclass(frozen=True)
class Route:
    """One operation."""

    operation: str
    method: str
    path: str
    action: str | None
    versioned: bool
    """Whether it takes If-Match."""

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)


@cache
def bare_app() -> Flask:
    """The application with no database to speak of: enough to know its addresses."""
    from server.app import create_app
    from server.config import Settings

    return create_app(Settings(database_url="sqlite://", secret_key="for tests"))


@cache
def document() -> dict:
    """The OpenAPI document."""
    return bare_app().test_client().get("/api/v1/openapi.json").json


@cache
def routes() -> dict[str, Route]:
    """Every operation by its id."""
    found = [
        Route(
            operation=operation["operationId"],
            method=method.upper(),
            path=path,
            action=operation.get("x-action"),
            versioned=any(p.get("name") == "If-Match" for p in operation.get("parameters", [])),
        )
        for path, operations in document()["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    ]
    return {route.operation: route for route in found}


def addresses_of_the_url_map() -> set[tuple[str, str]]:
    """Every method and path that Flask answers, but for other doors and what is undocumented."""
    return {
        (method, re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule))
        for rule in bare_app().url_map.iter_rules()
        if rule.endpoint not in UNDOCUMENTED and rule.endpoint.split(".")[0] not in OTHER_DOORS
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
