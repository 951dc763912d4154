"""What a reply leaves behind is looked through once it has gone out, not while somebody waits."""

import gc
import weakref
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from server.wsgi import LEFT_BEHIND, tidied


class Row:
    """One of a page's objects, bound to another and that one to it."""

    def __init__(self) -> None:
        self.other: Row | None = None


@pytest.fixture
def by_hand() -> Iterator[None]:
    """Nothing is looked through but by the server itself."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def page(many: int, seen: list["weakref.ref[Row]"]) -> Any:
    def answer(_environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        for _ in range(many):
            one, other = Row(), Row()
            one.other, other.other = other, one
            seen.append(weakref.ref(one))
        del one, other
        return [b"done"]

    return tidied(answer)


def test_garbage_of_a_large_page_goes_once_the_reply_is_out(by_hand: None) -> None:
    del by_hand
    seen: list[weakref.ref[Row]] = []

    reply: Any = page(LEFT_BEHIND, seen)({}, None)
    assert b"".join(reply) == b"done"
    assert any(each() is not None for each in seen)

    reply.close()
    assert all(each() is None for each in seen)


def test_a_small_page_is_not_worth_the_look(by_hand: None) -> None:
    del by_hand
    seen: list[weakref.ref[Row]] = []

    reply: Any = page(10, seen)({}, None)
    reply.close()

    assert all(each() is not None for each in seen)
