"""Seals what is written to the phone; the key comes from the patient's PIN."""

import secrets
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES, SALT_BYTES, NONCE_BYTES, TAG_BYTES = 32, 16, 12, 16
WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES


@dataclass(frozen=True, kw_only=True, slots=True)
class Effort:
    """What one try at a PIN costs; about a third of a second on a phone of the middle."""

    passes: int = 3
    kibibytes: int = 64 * 1024
    lanes: int = 2


USUAL = Effort()


class WrongPin(Exception):
    """This PIN does not open the store."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WrappedKey:
    """The key of all documents, sealed with one made from the PIN."""

    salt: bytes
    sealed: bytes


class Seal:
    """Seals and opens, bound to the place where something is kept: it opens nowhere else."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, plain: bytes, place: str) -> bytes:
        """The sealed bytes."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """The plain bytes. InvalidTag where they were changed or belong elsewhere."""
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return self._cipher.decrypt(nonce, rest, place.encode())


def new_key() -> bytes:
    """A key for all documents of one store."""
    return AESGCM.generate_key(KEY_BYTES * 8)


def wrap(key: bytes, pin: str, effort: Effort) -> WrappedKey:
    """The key, sealed with the PIN."""
    salt = secrets.token_bytes(SALT_BYTES)
    return WrappedKey(salt=salt, sealed=_seal_of(pin, salt, effort).close(key, "key"))


def unwrap(wrapped: WrappedKey, pin: str, effort: Effort) -> bytes:
    """The key again. Raises WrongPin."""
    try:
        return _seal_of(pin, wrapped.salt, effort).open(wrapped.sealed, "key")
    except InvalidTag:
        raise WrongPin from None


def _seal_of(pin: str, salt: bytes, effort: Effort) -> Seal:
    return Seal(
        hash_secret_raw(
            pin.encode(),
            salt,
            time_cost=effort.passes,
            memory_cost=effort.kibibytes,
            parallelism=effort.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )
    )
