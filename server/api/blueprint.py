"""How a view is declared: what it does in the access table, what goes in, what comes out.

    @blp.route("/series/<id:series_id>/hold", methods=["POST"])
    @blp.action("series.hold", operation="holdSeries", if_match=True)
    @blp.once
    @blp.arguments(HoldSchema)
    @blp.response(200, SeriesSchema)
    def hold(wanted, series_id): ...

The order of the decorators is the order of the answers: 401, 403, 428, then 400 and 422, then
what the view itself says. A reply whose schema has a `version` carries it as its ETag.
"""

import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from flask import request
from flask_smorest import Blueprint
from flask_smorest.utils import get_appcontext
from marshmallow import Schema

from server.api import incoming, operations, paging, repeats
from server.api.asking import caller, if_match
from server.api.bodies import StrictParser
from server.services.access import ACTIONS, require

PREFIX = "/api/v1"
View = Callable[..., Any]
Decorator = Callable[[View], View]
ETAG = {"ETag": {"description": "The version, for If-Match.", "schema": {"type": "string"}}}


class ApiBlueprint(Blueprint):
    """A room of the API."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, *, description: str, url_prefix: str | None = PREFIX) -> None:
        super().__init__(name, __name__, url_prefix=url_prefix, description=description)

    def add_url_rule(self, rule: str, *args: Any, **kwargs: Any) -> None:
        """An id in a path is declared as one, so that anything else is simply not found."""
        if re.search(r"<(?!id:)[^>]*_id>", rule):
            raise TypeError(f"{rule}: write <id:..._id>")
        super().add_url_rule(rule, *args, **kwargs)

    def action(
        self, action: str, *, operation: str, if_match: bool = False, also: Iterable[int] = ()
    ) -> Decorator:
        """The view's row of the access table; `if_match` where it changes what has a version;
        `also` for refusals that are not common."""
        if action not in ACTIONS:
            raise KeyError(f"{action} has no row in services.access.ACTIONS")
        return lambda view: _declared(view, operation, action, if_match, also)

    def public(self, *, operation: str, also: Iterable[int] = ()) -> Decorator:
        """A view that needs no sign-in."""
        return lambda view: _declared(view, operation, None, False, also)

    def once(self, view: View) -> View:
        """A view that books, moves, cancels or answers: sent twice with one key, done once."""
        answered = repeats.answer_once(view)
        operations.add_parameter(answered, repeats.PARAMETER)
        operations.add_headers(answered, repeats.REPLAYED)
        return answered

    def response(self, status_code: int, schema: Any = None, **kwargs: Any) -> Decorator:
        """What comes out, with its ETag where it has a version."""
        if not _has_version(schema):
            return super().response(status_code, schema, **kwargs)  # type: ignore[no-any-return]
        headers = kwargs.pop("headers", {}) | ETAG
        plain = super().response(status_code, schema, headers=headers, **kwargs)
        return lambda view: _tagged(plain(view))

    def paged(self, schema: type[Schema]) -> Decorator:
        """A long list. The view takes `page` (number, size), returns rows and how many there are
        on all pages."""
        dumped = self.response(200, schema(many=True), headers=paging.HEADERS)
        return lambda view: dumped(self._turned(view))

    def _turned(self, view: View) -> View:
        @wraps(view)
        def turned(*args: Any, **kwargs: Any) -> Any:
            page = self.ARGUMENTS_PARSER.parse(paging.PageQuery(), request, location="query")
            rows, total = view(*args, page=page, **kwargs)
            return rows, paging.headers(page, total)

        operations.add_parameter(turned, {"in": "query", "schema": paging.PageQuery})
        return turned


def _declared(
    view: View, operation: str, action: str | None, versioned: bool, also: Iterable[int]
) -> View:
    wanted = incoming.expected(view)

    @wraps(view)
    def guarded(**path: Any) -> Any:
        if action:
            require(caller(), action)
        if versioned:
            if_match()
        incoming.require(wanted)
        return view(**path)

    operations.describe(guarded, operation, action=action, versioned=versioned, also=also)
    return guarded


def _has_version(schema: Any) -> bool:
    made = schema() if isinstance(schema, type) else schema
    return isinstance(made, Schema) and not made.many and "version" in made.fields


def _tagged(view: View) -> View:
    @wraps(view)
    def tagged(*args: Any, **kwargs: Any) -> Any:
        response = view(*args, **kwargs)
        version = get_appcontext()["result_dump"]["version"]
        response.headers["ETag"] = f'"{version}"'
        return response

    return tagged
