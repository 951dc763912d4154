"""Reads what was sent: JSON and nothing else, no deeper or odder than the clinic can keep."""

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn

from flask import Request
from flask_smorest.arguments import FlaskParser
from marshmallow import Schema, missing
from werkzeug.exceptions import UnprocessableEntity, UnsupportedMediaType

DEEPEST = 40
LARGEST = 2**63 - 1


class UnkeptText(UnprocessableEntity):
    """Something in the request cannot be kept; `data` is as webargs leaves it."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__()
        self.data = {"messages": {"request": {path: [reason]}}}


class StrictParser(FlaskParser):
    """Schemas alone say what may come; a body is one JSON value with its content type."""

    DEFAULT_UNKNOWN_BY_LOCATION = dict.fromkeys(FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION)

    def _raw_load_json(self, req: Request) -> Any:
        sent = req.get_data(cache=True)
        if not sent:
            return missing
        if not req.is_json:
            raise UnsupportedMediaType
        value = _read(sent)
        _require_keepable(value)
        return value

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """The query, once it holds nothing that cannot be kept."""
        for name, value in req.args.items(multi=True):
            _require_text(f"{name}{value}", name)
        return super().load_querystring(req, schema)


def _read(sent: bytes) -> object:
    """The JSON value; a fault of its form is a ValueError, whatever Python calls it."""
    try:
        return json.loads(
            sent.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_number
        )
    except (ValueError, RecursionError) as error:
        raise json.JSONDecodeError("not JSON", "sent", 0) from error


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name comes twice")
    return made


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _require_keepable(value: object) -> None:
    for path, leaf, depth in _leaves(value, "", 0):
        if depth > DEEPEST:
            raise UnkeptText("body", f"At most {DEEPEST} levels deep.")
        if isinstance(leaf, str):
            _require_text(leaf, path)
        elif isinstance(leaf, float) and not math.isfinite(leaf):
            raise UnkeptText(path, "Not a number that can be kept.")
        elif isinstance(leaf, int) and abs(leaf) > LARGEST:
            raise UnkeptText(path, "Too large a number.")


def _leaves(value: object, path: str, depth: int) -> Iterator[tuple[str, object, int]]:
    """Every value and every name in a JSON document, without recursion."""
    waiting = [(path, value, depth)]
    while waiting:
        path, value, depth = waiting.pop()
        yield path, value, depth
        if isinstance(value, dict):
            yield from ((path, name, depth) for name in value)
            waiting += ((_below(path, n), inner, depth + 1) for n, inner in value.items())
        elif isinstance(value, list):
            waiting += ((_below(path, n), inner, depth + 1) for n, inner in enumerate(value))


def _below(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)


def _require_text(text: str, path: str) -> None:
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise UnkeptText(path.replace("\x00", ""), "Holds a character that cannot be kept.")
