"""Reads protocol documents from YAML: the drafts that ship with Tandem, and a clinic's own."""

import re
from collections.abc import Hashable
from copy import deepcopy
from functools import cache
from pathlib import Path

import yaml

from server.domain.faults import Fault, ProtocolFaults

FOLDER = Path(__file__).parent / "drafts"
LONGEST_DOCUMENT = 300_000
DEEPEST = 30
WHOLE = "[-+]?(?:0|[1-9][0-9]*)"
BAD_CHARACTERS = "holds a character that YAML does not allow"


def drafts() -> dict[str, dict[str, object]]:
    """Every shipped protocol document by its code; each call returns fresh copies."""
    return deepcopy(_documents())


def parse(text: str) -> dict[str, object]:
    """One YAML (or JSON) document. Raises ProtocolFaults with the line where it cannot be read.

    Refused: keys written twice in one record, anchors and aliases, tags, several documents in one
    text, nesting deeper than `DEEPEST`, more than `LONGEST_DOCUMENT` characters. Dates and the
    words yes, no, on and off stay text.
    """
    if len(text) > LONGEST_DOCUMENT:
        raise _refused(f"is longer than {LONGEST_DOCUMENT} characters")
    try:
        document = yaml.load(text, Loader=_Careful)  # noqa: S506 - a SafeLoader, only stricter
    except yaml.reader.ReaderError as error:
        raise _refused(BAD_CHARACTERS) from error
    except yaml.MarkedYAMLError as error:
        raise _refused(_said(error)) from error
    except (ValueError, RecursionError) as error:
        raise _refused("holds a number or a nesting that cannot be read") from error
    if not isinstance(document, dict):
        raise _refused("must be a record with named entries")
    return document


@cache
def _documents() -> dict[str, dict[str, object]]:
    found = [parse(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]
    return {str(document["code"]): document for document in found}


def _refused(reason: str) -> ProtocolFaults:
    return ProtocolFaults([Fault(path="", reason=reason)])


def _said(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{place}{error.problem or error.context or 'cannot be read'}"[:300]


def _plain_words() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """By first letter, the plain words that are more than text: true, false, null and decimal
    numbers. No dates, no yes and no, and 010 is not eight."""
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for kind, pattern, firsts in (
        ("bool", "(?:true|false)$", "tf"),
        ("null", "(?:null|~|)$", ("n", "~", "")),
        ("int", f"{WHOLE}$", "-+0123456789"),
        ("float", rf"{WHOLE}(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)$", "-+0123456789"),
    ):
        for first in firsts:
            found.setdefault(first, []).append((f"tag:yaml.org,2002:{kind}", re.compile(pattern)))
    return found


class _Careful(yaml.SafeLoader):
    """The safe loader without what hides mistakes in a protocol."""

    yaml_implicit_resolvers = _plain_words()
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuses aliases, tags and deep nesting before anything is built from them."""
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _problem("anchors and aliases are not allowed", event.start_mark)
        if getattr(event, "tag", None):
            raise _problem("tags are not allowed", event.start_mark)
        self.depth += 1
        if self.depth > DEEPEST:
            raise _problem("is nested too deeply", event.start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, object]:
        """Refuses a key written twice: of two `max:` lines nobody knows which was meant."""
        seen = set()
        for key, _ in node.value:
            name = getattr(key, "value", None)
            if not isinstance(name, str) or key.tag != "tag:yaml.org,2002:str":
                raise _problem("a name must be text", key.start_mark)
            if name in seen:
                raise _problem(f"{name[:60]} is written twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def _problem(said: str, mark: object) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(
        problem=said, problem_mark=mark if isinstance(mark, yaml.Mark) else None
    )
