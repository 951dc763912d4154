"""Passwords: long rather than odd, none that everybody tries, kept as argon2id."""

import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from server.services.refusals import Invalid

SHORTEST, LONGEST = 15, 256
FEWEST_LETTERS = 5
BLOCKLIST = Path(__file__).parents[2] / "library" / "common_passwords.txt"

hasher = PasswordHasher()
"""How dear a guess is. Tests put a cheaper one in its place, but for those of this very thing."""


def hashed(password: str) -> str:
    """The argon2id hash of a password that may be used."""
    return hasher.hash(_normal(password))


def matches(password_hash: str, password: str) -> bool:
    """Whether this is the password. Without a hash it takes as long, and the answer is no."""
    try:
        hasher.verify(password_hash or _nobodys(hasher), _normal(password))
    except VerificationError:
        return False
    return bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return hasher.check_needs_rehash(password_hash)


def require_good(password: str, *, email: str, path: str = "password") -> None:
    """Raise Invalid where a password is too short or easily guessed (NIST SP 800-63B, 3.1.1.2)."""
    plain = _normal(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise Invalid.field(path, f"From {SHORTEST} to {LONGEST} characters; a sentence is good.")
    if len(set(plain)) < FEWEST_LETTERS or _repeats(plain) or _is_common(plain, email):
        raise Invalid.field(path, "Too easily guessed; take something nobody else would.")


def _repeats(plain: str) -> bool:
    """A short piece said again and again ("abcabcabc...")."""
    return any(plain == (plain[:n] * len(plain))[: len(plain)] for n in range(1, 9))


def _is_common(plain: str, email: str) -> bool:
    folded = plain.casefold()
    return folded in _blocklist() or folded in (email, email.partition("@")[0])


@cache
def _blocklist() -> frozenset[str]:
    lines = BLOCKLIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line.casefold() for line in lines if line and not line.startswith("#"))


def _normal(password: str) -> str:
    """The same text however a keyboard composes its accents."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    """A hash to compare with where there is no such user."""
    return hasher.hash("nobody has this password")
