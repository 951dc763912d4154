"""What the OpenAPI document says of a view beyond its schemas: its action and its refusals."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from http import HTTPStatus
from typing import Any

SECURITY: list[dict[str, list[str]]] = [{"bearer": []}]
ALWAYS = (400, 404, 422, 500, 503)
SIGNED_IN = (401, 403)
WITH_BODY = (409, 413, 415)
VERSIONED = (409, 412, 428)
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": "The ETag of what is changed, as it was last seen.",
    "schema": {"type": "string", "pattern": '^"[1-9][0-9]{0,8}"$'},
}


def describe(
    view: Callable[..., Any],
    operation: str,
    *,
    action: str | None,
    versioned: bool,
    also: Iterable[int] = (),
) -> None:
    """Write on the view what smorest puts into the document."""
    doc = deepcopy(getattr(view, "_apidoc", {}))
    parameters = doc.setdefault("arguments", {}).setdefault("parameters", [])
    statuses = {*ALWAYS, *also}
    manual = doc.setdefault("manual_doc", {})
    manual |= {"operationId": operation, "security": SECURITY if action else []}
    if action:
        manual["x-action"] = action
        statuses.update(SIGNED_IN)
    if any(each["in"] == "json" for each in parameters):
        statuses.update(WITH_BODY)
    if versioned:
        statuses.update(VERSIONED)
        parameters.append(IF_MATCH)
    responses = doc.setdefault("response", {}).setdefault("responses", {})
    for status in sorted(statuses):
        responses.setdefault(status, []).append(HTTPStatus(status).name)
    view._apidoc = doc  # type: ignore[attr-defined]


def add_parameter(view: Callable[..., Any], parameter: dict[str, Any]) -> None:
    """Declare one more parameter of a view."""
    doc = deepcopy(getattr(view, "_apidoc", {}))
    doc.setdefault("arguments", {}).setdefault("parameters", []).append(parameter)
    view._apidoc = doc  # type: ignore[attr-defined]


def add_headers(view: Callable[..., Any], headers: dict[str, Any]) -> None:
    """Declare headers that every success of a view may carry."""
    doc = deepcopy(getattr(view, "_apidoc", {}))
    for status in doc.get("success_status_codes", ()):
        for response in doc["response"]["responses"][status]:
            response.setdefault("headers", {}).update(headers)
    view._apidoc = doc  # type: ignore[attr-defined]
