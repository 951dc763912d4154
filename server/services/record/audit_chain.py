"""Seals the audit trail, and finds what was done to it past the software.

An event that was edited has another mac, one that was put in by hand has none, one that was deleted
leaves a seal without its event, events that changed places or a cut-out piece break the chain of
digests. A tail that was cut off, seals and all, is found by a head of the chain that was kept
elsewhere.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.persistence import audit, audit_seals
from server.persistence.transactions import Locks, transaction

SEALED_WITHIN = timedelta(minutes=10)
"""An event that is older and has no seal: the clock does not run, or it was not written by us."""
ALL = 10_000_000


@dataclass(frozen=True)
class Head:
    """How long the chain was at some time, and its last digest."""

    number: int
    digest: str

    def __str__(self) -> str:
        return f"{self.number} {self.digest}"


@dataclass(frozen=True)
class Tampering:
    """Something that this software did not do: what, and to which event or at which seal."""

    kind: str
    place: str


def seal() -> int:
    """Seal what has been written since the last time. The first run takes what stood there before
    there were seals; from then on an event without our mac is left for `verified` to find."""
    with transaction(Locks(names=frozenset({"audit:seal"}))):
        last = audit_seals.head()
        number, digest = (last.number, last.digest) if last else (0, "")
        found = audit_seals.unsealed(last.event_at) if last else audit_seals.unsealed(None, ALL)
        ours = [each for each in found if last is None or each.mac == audit.mac_of(each)]
        for event in ours:
            number += 1
            digest = audit_seals.digest(number, digest, event)
            audit_seals.add(number, event, digest)
        return len(ours)


def head() -> Head | None:
    """The end of the chain now."""
    with transaction():
        last = audit_seals.head()
        return Head(last.number, last.digest) if last else None


def key_fits() -> bool:
    """Whether the last seal was made with the key we have; True where there is none."""
    with transaction():
        last = audit_seals.head()
        if last is None:
            return True
        before = audit_seals.digest_of(last.number - 1)
        event = audit_seals.event_of(last)
        return event is not None and last.digest == audit_seals.digest(last.number, before, event)


def verified(heads: Iterable[Head], *, now: datetime) -> tuple[int, list[Tampering]]:
    """How many events are sealed, and everything that is wrong with the trail. `heads` are ends of
    the chain as they were written down elsewhere."""
    kept = {each.number: each.digest for each in heads}
    found: list[Tampering] = []
    with transaction():
        count = 0
        for number, wrong in _along_the_chain(kept):
            count, found = number, found + wrong
        found += [
            Tampering("cut off", f"seal {number} is missing") for number in kept if number > count
        ]
        if count:
            found += _unsealed(now)
    return count, found


def _along_the_chain(kept: dict[int, str]) -> Iterator[tuple[int, list[Tampering]]]:
    """Every seal, and what is wrong at it. After a break the chain is followed from what is there,
    so that one tampering is told once."""
    before, expected = "", 1
    for link in audit_seals.links():
        wrong = []
        if link.number != expected:
            wrong.append(Tampering("removed", f"seals {expected} to {link.number - 1}"))
        elif link.event is None:
            wrong.append(Tampering("deleted", f"event {link.event_id}"))
        elif link.event.mac and link.event.mac != audit.mac_of(link.event):
            wrong.append(Tampering("edited", f"event {link.event_id}"))
        elif link.digest != audit_seals.digest(link.number, before, link.event):
            wrong.append(Tampering("moved or edited", f"event {link.event_id}"))
        if kept.get(link.number, link.digest) != link.digest:
            wrong.append(Tampering("rewritten", f"seal {link.number} is not the one kept"))
        before, expected = link.digest, link.number + 1
        yield link.number, wrong


def _unsealed(now: datetime) -> Iterator[Tampering]:
    for event in audit_seals.unsealed(None, ALL):
        if event.mac != audit.mac_of(event):
            yield Tampering("put in", f"event {event.id}")
        elif event.at < now - SEALED_WITHIN:
            yield Tampering("not sealed", f"event {event.id}")
