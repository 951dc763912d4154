"""Names of a scenario file as the codes that a protocol document takes: "Dr. A" becomes "dr-a"."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 56
"""Leaves room for a number behind it."""
NO_CODE = re.compile(r"[^a-z0-9]+")


def codes(names: Iterable[str]) -> dict[str, str]:
    """A code for each name, all different, the same for the same names in the same order."""
    found: dict[str, str] = {}
    for name in names:
        wished = code(name)
        others = set(found.values())
        numbered = (f"{wished}-{n}" for n in range(2, len(others) + 3))
        found[name] = next(each for each in (wished, *numbered) if each not in others)
    return found


def code(name: str) -> str:
    """A name in small letters, digits and single hyphens, beginning with a letter."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    short = NO_CODE.sub("-", plain).strip("-")[:LONGEST].strip("-")
    return short if short[:1].isalpha() else f"x-{short}".strip("-")
