"""What a form says, by the same rules as the API, and what is wrong with it, field by field."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from flask import request
from marshmallow import ValidationError

from server.services.refusals import Conflict, Invalid, NotFound, Stale
from shared.problems import FieldFault
from shared.schemas.fields import Body

STALE = "Somebody else changed this meanwhile, and nothing was saved. Here is how it stands now."
UNSAID = ("form", "version", "password", "what", "step")
MENDED = "This was not saved. Please mend what is marked."


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a form: `status` 200 where it was done."""

    status: int = 200
    fault: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    """What is wrong with each field, by its name."""

    @property
    def done(self) -> bool:
        """Whether it was."""
        return self.status == 200

    @property
    def typed(self) -> Mapping[str, str]:
        """What to show again in the fields: what was typed, where that is to be mended."""
        return request.form.to_dict() if self.status == 422 or self.kept else {}

    @property
    def kept(self) -> bool:
        """Whether it clashed with something else, and is to be changed and sent again."""
        return self.status == 409 and self.fault != STALE

    @property
    def lost(self) -> list[tuple[str, str]]:
        """What was typed over something that somebody else changed meanwhile: shown beside how it
        stands now, so that nobody types it twice."""
        if self.fault != STALE:
            return []
        typed = request.form.items(multi=True)
        return [(n.replace("_", " "), v) for n, v in typed if n not in UNSAID and v.strip()]


def attempt(do: Callable[[], object]) -> Outcome:
    """Do it, or say why not."""
    try:
        do()
    except Stale:
        return Outcome(status=409, fault=STALE)
    except Conflict as refused:
        return Outcome(status=409, fault=str(refused))
    except Invalid as refused:
        faults = {each.path: each.reason for each in refused.faults}
        return Outcome(status=422, fault=MENDED, faults=faults)
    return Outcome()


def load(schema: type[Body], given: Mapping[str, object]) -> dict[str, Any]:
    """What was sent as the API would read it. Invalid names every field that is wrong."""
    try:
        return cast(dict[str, Any], schema().load(given))
    except ValidationError as refused:
        raise Invalid(_faults(refused.messages, "")) from None


def _faults(messages: Any, path: str) -> Iterator[FieldFault]:
    if isinstance(messages, dict):
        for name, inner in messages.items():
            yield from _faults(inner, f"{path}.{name}".lstrip("."))
    else:
        yield FieldFault(path, " ".join(map(str, messages)))


def seen() -> int:
    """The version that the form was made from; NotFound for one that no form of ours has."""
    given = request.form.get("version", "")
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise NotFound
    return int(given)


def text(name: str, longest: int = 200) -> str:
    """One line as it was typed."""
    return " ".join(request.form.get(name, "").replace("\0", "").split())[:longest]


def number(name: str) -> int | str | None:
    """A whole number; what is none is handed on to be refused by name, nothing is None."""
    given = text(name, 12)
    return int(given) if given.isascii() and given.isdigit() else given or None
