"""A protocol document on its way in and out: what may be kept, and what a person reads."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import yaml

from server.domain import protocol_document
from server.domain.faults import Fault, ProtocolFaults
from server.domain.protocols import Protocol
from server.library import loader
from server.services.refusals import Invalid
from shared.problems import FieldFault

Document = Mapping[str, object]
"""What JSON and YAML parsers give; docs/protocol-format.md says what it may hold."""


def accepted(given: Document | str, *, known: Iterable[Document] = ()) -> tuple[Protocol, Document]:
    """A document fit to be kept: readable, and signed by nobody whose signature is not `known`.

    A signature is made by a prescriber's signing alone. One carried over from an earlier document
    stays good for the values it covers; one written by hand is refused.
    """
    with readable():
        document = loader.parse(given if isinstance(given, str) else json.dumps(given))
        protocol = protocol_document.read(document)
    made = [each for before in known for each in signatures(before)]
    forged = (place for place, each in enumerate(signatures(document)) if each not in made)
    if faults := [Fault(path=f"signatures[{place}]", reason=FORGED) for place in forged]:
        raise invalid(faults)
    return protocol, document


@contextmanager
def readable() -> Iterator[None]:
    """Turns faults of a document into wrong fields of the request."""
    try:
        yield
    except ProtocolFaults as refused:
        raise invalid(refused.faults) from refused


FORGED = "only signing makes a signature; leave it out and have a prescriber sign"


def signatures(document: Document) -> list[object]:
    """The signatures a document carries."""
    found = document.get("signatures")
    return list(found) if isinstance(found, list) else []


def invalid(faults: Iterable[Fault]) -> Invalid:
    """Faults of a document as wrong fields of a request."""
    return Invalid(FieldFault(f"document.{each.path}".rstrip("."), each.reason) for each in faults)


def as_yaml(document: Document) -> str:
    """The document as a person reads and edits it."""
    return yaml.safe_dump(
        json.loads(json.dumps(document)), allow_unicode=True, sort_keys=False, width=100
    )
