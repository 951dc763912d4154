"""A breach as JSON: code, visit, facts and the sentence a person reads."""

from collections.abc import Mapping
from datetime import date, datetime

from server.domain.breaches import Breach, sentence


def as_json(breach: Breach) -> dict[str, object]:
    """What every face of the server shows of a broken rule."""
    return {
        "code": str(breach.code),
        "visit": breach.visit,
        "facts": {name: _plain(fact) for name, fact in breach.facts.items()},
        "sentence": sentence(breach),
    }


def _plain(fact: object) -> object:
    """Instants and dates as text, collections as lists; ids and numbers as they are."""
    if isinstance(fact, datetime | date):
        return fact.isoformat()
    if isinstance(fact, Mapping):
        return {str(name): _plain(inner) for name, inner in fact.items()}
    if isinstance(fact, list | tuple | set | frozenset):
        return [_plain(inner) for inner in fact]
    return fact if fact is None or isinstance(fact, bool | int | float) else str(fact)
