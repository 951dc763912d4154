"""What changes from one version of a protocol to the next, in words for the person who signs it."""

from collections.abc import Iterable, Iterator, Mapping

from server.domain.protocol_statements import Key, Statement, statements
from server.domain.protocols import Protocol

LONGEST_SAID = 80


def difference(old: Protocol, new: Protocol) -> list[str]:
    """A sentence for each change: what is gone, then in the order of the new document what is new
    or different. [] for two protocols that say the same."""
    before, after = statements(old), statements(new)
    return [*_gone(before, after), *_changed(before, after)]


def _gone(before: Mapping[Key, Statement], after: Mapping[Key, Statement]) -> Iterator[str]:
    for _, was in _outermost(before, after):
        yield f"{_about(was)} is gone{_formerly(was)}."


def _changed(before: Mapping[Key, Statement], after: Mapping[Key, Statement]) -> Iterator[str]:
    fresh = dict(_outermost(after, before))
    for key, now in after.items():
        if key in fresh:
            yield f"{_about(now)} is new{_now(now)}."
        elif key in before and (was := before[key]) != now:
            yield from _sentence(key, was, now)


def _outermost(
    here: Mapping[Key, Statement], there: Mapping[Key, Statement]
) -> Iterable[tuple[Key, Statement]]:
    """The statements only on one side, without those inside a record that is itself only there."""
    missing = {key for key in here if key not in there}
    for key in here:
        inside = any(key[:length] in missing for length in range(1, len(key)))
        if key in missing and not inside and key[-1] != "order":
            yield key, here[key]


def _sentence(key: Key, was: Statement, now: Statement) -> Iterator[str]:
    if (was.said, was.tail) == (now.said, now.tail):
        return  # only its name changed, which is a statement of its own
    if key[-1] == "order" and sorted(was.said.split(", ")) != sorted(now.said.split(", ")):
        return  # something is gone or new, and said so already
    if was.tail == now.tail:
        tail = f" {now.tail}" if now.tail else ""
        yield f"{_about(now)} changes from {_short(was.said)} to {_short(now.said)}{tail}."
    else:
        yield f"{_about(now)} changes from {was.said} {was.tail} to {now.said} {now.tail}."


def _about(statement: Statement) -> str:
    if not statement.aspect:
        return statement.subject
    return f"{statement.subject}: {statement.aspect}"


def _formerly(statement: Statement) -> str:
    return f" (was {_short(statement.said)}{_tail(statement)})" if statement.said else ""


def _now(statement: Statement) -> str:
    return f": {_short(statement.said)}{_tail(statement)}" if statement.said else ""


def _tail(statement: Statement) -> str:
    return f" {statement.tail}" if statement.tail else ""


def _short(said: str) -> str:
    if len(said) > LONGEST_SAID:
        return f'"{said[:LONGEST_SAID].rstrip()}..."'
    return f'"{said}"' if said.endswith((".", "?", "!")) else said
