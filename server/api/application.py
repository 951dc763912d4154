"""The API as a whole: its rooms, its document, its refusals, its headers."""

from http import HTTPStatus
from typing import Any

from flask import Flask
from flask_smorest import Api
from werkzeug.routing import BaseConverter

from server.api import (
    alerts,
    appointments,
    audit,
    bookables,
    check_ins,
    clinics,
    documentation,
    follow_ups,
    forgotten,
    gateway,
    headers,
    health,
    house_rules,
    impacts,
    imports,
    invitations,
    messages,
    paperwork,
    patients,
    planning_runs,
    practitioners,
    problems,
    protocol_versions,
    protocols,
    questionnaires,
    repairs,
    series,
    sign_in,
    today,
    users,
    waiting,
)
from server.api.blueprint import PREFIX
from shared.problems import CONTENT_TYPE
from shared.schemas.problems import ProblemSchema

ROOMS = (
    health.blp,
    sign_in.blp,
    users.blp,
    clinics.blp,
    house_rules.blp,
    bookables.blp,
    practitioners.blp,
    patients.blp,
    imports.blp,
    invitations.blp,
    forgotten.blp,
    protocols.blp,
    protocol_versions.blp,
    series.blp,
    appointments.blp,
    repairs.blp,
    impacts.blp,
    planning_runs.blp,
    follow_ups.blp,
    waiting.blp,
    check_ins.blp,
    questionnaires.blp,
    paperwork.blp,
    alerts.blp,
    messages.blp,
    gateway.blp,
    today.blp,
    audit.blp,
)
"""Every room of the API; a new file adds its blueprint here."""

BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "The access_token of a sign-in; it lasts ten minutes.",
}
INTRODUCTION = """Schedules infusion series and the psychotherapy that belongs with them.

Sign in at `/api/v1/sign-in`, send the access token as `Authorization: Bearer ...`, and renew it at
`/api/v1/tokens/refresh`. What has a version carries it as `ETag`; a change names it in `If-Match`.
Every refusal is a problem (RFC 9457) whose `type` tells programs and whose `errors` or `breaches`
tell people what to mend."""


class IdConverter(BaseConverter):
    """An id in a path; an address with anything else in its place does not exist."""

    regex = "[0-9a-f]{32}"


class TandemApi(Api):
    """smorest's Api with the clinic's way of refusing."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        problems.attend(self._app)

    def _register_doc_blueprint(self) -> None:
        """Its own comes with the rooms."""

    def _register_responses(self) -> None:
        for status in HTTPStatus:
            content = {CONTENT_TYPE: {"schema": self.ERROR_SCHEMA}}
            self.spec.components.response(
                status.name, {"description": status.phrase, "content": content}, lazy=True
            )


def attend(app: Flask) -> None:
    """Put the API on this application."""
    app.url_map.converters["id"] = IdConverter
    api = TandemApi(app, spec_kwargs=_about())
    api.register_converter(IdConverter, _id_schema)
    api.spec.components.security_scheme("bearer", BEARER)
    for room in ROOMS:
        api.register_blueprint(room)
    app.register_blueprint(documentation.blueprint(api.spec.to_dict()))
    headers.attend(app)


def _about() -> dict[str, Any]:
    return {
        "title": "Tandem",
        "version": "0.1.0",
        "openapi_version": "3.1.0",
        "info": {
            "description": INTRODUCTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "externalDocs": {"description": "To read and try", "url": f"{PREFIX}/docs"},
    }


def _id_schema(_converter: IdConverter) -> dict[str, object]:
    return {"type": "string", "pattern": "^[0-9a-f]{32}$"}
