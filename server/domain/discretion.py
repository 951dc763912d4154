"""What no message may say: a phone lies on a table, a mailbox is shared, a note is read aloud."""

import string
import unicodedata
from collections.abc import Iterator

TELLING = (
    "ketamin",
    "esketamin",
    "spravato",
    "infusion",
    "infusión",
    "drip",
    "goteo",
    "dose",
    "dosis",
    "ptsd",
    "tept",
    "trauma",
    "psych",
    "psiq",
    "psico",
    "therap",
    "terap",
    "mental",
    "depress",
    "depresi",
    "anxiety",
    "ansiedad",
    "suicid",
    "addict",
    "adicci",
    "veteran",
    "phq",
    "pcl",
)
"""Beginnings and parts of words that give away a treatment, a speciality or a diagnosis."""
PLACEHOLDERS = frozenset({"day", "time"})
LONGEST = 300


def faults(text: str, placeholders: frozenset[str]) -> Iterator[str]:
    """What is wrong with a clinic's own text for a message, each in words; nothing: it may go."""
    if not text.strip():
        yield "is empty"
    if len(text) > LONGEST:
        yield f"is longer than {LONGEST} characters"
    yield from _holes(text, placeholders)
    plain = _plain(text)
    yield from (f"says “{word}”, which gives too much away" for word in _told(plain))
    if "://" in plain or "www." in plain:
        yield "holds a link; the message brings its own"


def _told(plain: str) -> list[str]:
    return [word for word in TELLING if _plain(word) in plain]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in folded if not unicodedata.combining(each))


def _holes(text: str, allowed: frozenset[str]) -> Iterator[str]:
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError:
        yield "has a brace that is not closed, or not opened"
        return
    named = {(name, spec or "", how or "") for _, name, spec, how in parsed if name is not None}
    for name, spec, how in sorted(named):
        if name not in allowed or spec or how:
            known = ", ".join(f"{{{each}}}" for each in sorted(allowed)) or "none"
            yield f"has {{{name}}}; allowed here: {known}"
