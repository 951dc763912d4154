"""Refuses what a view did not ask for: unknown or repeated query parameters, a missing body."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from marshmallow import Schema, fields
from werkzeug.exceptions import BadRequest

from server.services.refusals import Invalid
from shared.problems import FieldFault


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """What a view reads. `several` are the query parameters that may come more than once."""

    query: frozenset[str]
    several: frozenset[str]
    needs_body: bool


def expected(view: Callable[..., Any]) -> Expected:
    """Read off what the decorators below have declared."""
    declared = getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", [])
    query = dict(_query_fields(declared))
    return Expected(
        query=frozenset(query),
        several=frozenset(n for n, field in query.items() if isinstance(field, fields.List)),
        needs_body=any(each["in"] == "json" and each["required"] for each in declared),
    )


def require(what: Expected) -> None:
    """Raise Invalid or BadRequest where the request does not fit."""
    found = [
        FieldFault(_shown(name), "Unknown.") for name in request.args if name not in what.query
    ]
    found += [
        FieldFault(name, "Comes more than once.")
        for name in what.query - what.several
        if len(request.args.getlist(name)) > 1
    ]
    if found:
        raise Invalid(found)
    if what.needs_body and not request.get_data(cache=True):
        raise BadRequest


def _query_fields(declared: list[Mapping[str, Any]]) -> Iterator[tuple[str, fields.Field[Any]]]:
    for each in declared:
        if each["in"] == "query":
            schema = each["schema"]
            made: Schema = schema() if isinstance(schema, type) else schema
            yield from ((field.data_key or name, field) for name, field in made.fields.items())


def _shown(name: str) -> str:
    """A parameter's name as it can be shown: printable and short."""
    return "".join(letter for letter in name if letter.isprintable())[:80] or "(blank)"
