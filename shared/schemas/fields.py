"""Fields that refuse what the clinic cannot keep, each with a sentence; the parents of schemas.

A constraint a field keeps is a constraint its OpenAPI schema states.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate

from shared import instants

# No control characters: they cannot be shown. (Half a surrogate pair never gets this far.)
_BARRED = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
_LINES = f"^[^{_BARRED}]*[^{_BARRED}\\s][^{_BARRED}]*$"
_LINE = f"^[^{_BARRED}\\n\\r]*[^{_BARRED}\\s][^{_BARRED}\\n\\r]*$"
_LINES_OR_NONE = f"^[^{_BARRED}]*$"
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_LINE_OR_NONE = f"^[^{_BARRED}\\n\\r]*$"

R = TypeVar("R")

LONGEST_TITLE, LONGEST_TEXT = 200, 2000
MINUTES_A_DAY = 24 * 60


class Body(Schema):
    """What is sent or answered as JSON; a field nobody knows is refused."""

    class Meta:
        """Strict."""

        unknown = RAISE


class Query(Schema):
    """What stands after the question mark; numbers and truth values arrive there as text.

    A view may read several of these; what none of them knows is refused by the API itself.
    """

    class Meta:
        """Each reads its own."""

        unknown = EXCLUDE


class Text(fields.String):
    """Words: not blank (unless `blank`), no longer than `longest`, one line (unless `lines`).

    Space around them is taken off.
    """

    def __init__(
        self, longest: int, *, blank: bool = False, lines: bool = False, **kwargs: Any
    ) -> None:
        pattern = (_LINES_OR_NONE if blank else _LINES) if lines else None
        pattern = pattern or (_LINE_OR_NONE if blank else _LINE)
        reason = "Must hold no control characters" + ("." if blank else " and not be blank.")
        rules = [
            validate.Length(
                min=None if blank else 1, max=longest, error=f"At most {longest} characters."
            ),
            validate.Regexp(re.compile(pattern), error=reason),
        ]
        super().__init__(validate=rules, **kwargs)

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        """Validated as sent, then without the space around it."""
        read = super().deserialize(value, *args, **kwargs)
        return read.strip() if isinstance(read, str) else read


class Title(Text):
    """A name or heading on one line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(LONGEST_TITLE, **kwargs)


class Pattern(fields.String):
    """Text of one exact form."""

    def __init__(self, pattern: str, *, longest: int, reason: str, **kwargs: Any) -> None:
        rules = [
            validate.Length(min=1, max=longest, error=reason),
            validate.Regexp(re.compile(pattern), error=reason),
        ]
        super().__init__(validate=rules, **kwargs)


class Ref(Pattern):
    """The id of something: 32 hexadecimal characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"^[0-9a-f]{32}$", longest=32, reason="Not an id.", **kwargs)


class Code(Pattern):
    """A short name for programs: "room-2"."""

    def __init__(self, **kwargs: Any) -> None:
        reason = "1 to 80 of a-z, 0-9, - and _, beginning with a letter or digit."
        super().__init__(r"^[a-z0-9][a-z0-9_-]{0,79}$", longest=80, reason=reason, **kwargs)


class Email(Pattern):
    """An e-mail address, in lower case."""

    def __init__(self, **kwargs: Any) -> None:
        pattern = (
            r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$"
        )
        super().__init__(pattern, longest=200, reason="Not an e-mail address.", **kwargs)

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        """In lower case."""
        read = super().deserialize(value, *args, **kwargs)
        return read.lower() if isinstance(read, str) else read


class Instant(fields.DateTime):
    """An RFC 3339 date and time with its offset from UTC."""

    def _serialize(self, value: Any, *_args: Any, **_kwargs: Any) -> str | None:
        return None if value is None else instants.write_instant(value)

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> datetime:
        if not isinstance(value, str):
            raise ValidationError("Not a date and time like 2027-05-14T14:00:00-04:00.")
        return _read(instants.read_instant, value)


class LocalDate(fields.Date):
    """A date on the clinic's calendar."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> date:
        if not isinstance(value, str):
            raise ValidationError("Not a date like 2027-05-14.")
        return _read(instants.read_date, value)


class ZoneName(fields.String):
    """A time zone by its IANA name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("metadata", {})["format"] = "time-zone"
        super().__init__(validate=[validate.Length(min=1, max=64), _require_zone], **kwargs)


class Whole(fields.Integer):
    """A whole number from `low` to `high`."""

    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        within = validate.Range(low, high, error=f"A whole number from {low} to {high}.")
        super().__init__(strict=True, validate=within, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str) and isinstance(self.root, Query) and _NUMBER.fullmatch(value):
            value = int(value)
        elif isinstance(value, float) and value.is_integer():
            value = int(value)  # JSON knows one kind of number: 15.0 is 15
        elif isinstance(value, bool | str):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Minutes(Whole):
    """Minutes after local midnight, or a length of at most a day."""

    def __init__(self, low: int = 0, high: int = MINUTES_A_DAY, **kwargs: Any) -> None:
        super().__init__(low, high, **kwargs)


class Flag(fields.Boolean):
    """True or false, and nothing that merely looks like it."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> bool:
        if isinstance(self.root, Query) and value in ("true", "false"):
            return bool(value == "true")
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Word(fields.String):
    """One word of a vocabulary."""

    def __init__(self, vocabulary: type[StrEnum], **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        words = [str(word) for word in vocabulary]
        rule = validate.OneOf(words, error=f"One of {', '.join(words)}.")
        super().__init__(validate=rule, **kwargs)

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        """As the vocabulary's own."""
        read = super().deserialize(value, *args, **kwargs)
        return self.vocabulary(read) if isinstance(read, str) else read


def _read(reader: Callable[[str], R], value: str) -> R:
    try:
        return reader(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _require_zone(name: str) -> None:
    try:
        instants.zone(name)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def flattened(messages: object, path: str = "") -> list[tuple[str, str]]:
    """A schema's messages as pairs of path and reason: ("visits.0.starts_at", "...")."""
    if isinstance(messages, Mapping):
        return [
            pair
            for name, inner in messages.items()
            for pair in flattened(inner, path if name == "_schema" else _below(path, name))
        ]
    if isinstance(messages, list):
        return [pair for inner in messages for pair in flattened(inner, path)]
    return [(path, str(messages))]


def _below(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)
