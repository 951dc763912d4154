"""A key that never leaves the telephone: with it, the PIN of a copied file cannot be guessed.

A PIN has few numbers. Whoever copies the file could try them all elsewhere, however slow one try
is. So the key that the PIN opens is sealed once more by the telephone itself, where it can.
"""

import os
from typing import Any, Protocol

from mobile.sealing import WrongPin

ALIAS = "tandem"
STORE = "AndroidKeyStore"
CIPHER = "AES/GCM/NoPadding"
NONCE_BYTES, TAG_BITS = 12, 128


class DeviceKey(Protocol):
    """Seals and opens on this machine only."""

    def close(self, plain: bytes) -> bytes:
        """The sealed bytes."""

    def open(self, sealed: bytes) -> bytes:
        """The plain bytes. Raises WrongPin where the key of this machine does not fit."""


class NoDeviceKey:
    """A computer: only the PIN guards the file."""

    def close(self, plain: bytes) -> bytes:
        """The same."""
        return plain

    def open(self, sealed: bytes) -> bytes:
        """The same."""
        return sealed


class AndroidKeystore:
    """The platform's keystore, in hardware where the telephone has it.

    Written by the platform's documentation and never run: nobody has built the package yet.
    """

    def close(self, plain: bytes) -> bytes:
        """The nonce that the keystore chose, then what it sealed."""
        cipher = self._cipher()
        cipher.init(cipher.ENCRYPT_MODE, self._key())
        return bytes(cipher.getIV()) + bytes(cipher.doFinal(plain))

    def open(self, sealed: bytes) -> bytes:
        """What was sealed here. A key that is gone, or a file from elsewhere, is a wrong PIN."""
        from jnius import JavaException, autoclass

        parameters = autoclass("javax.crypto.spec.GCMParameterSpec")
        cipher = self._cipher()
        try:
            nonce = parameters(TAG_BITS, sealed[:NONCE_BYTES])
            cipher.init(cipher.DECRYPT_MODE, self._key(), nonce)
            return bytes(cipher.doFinal(sealed[NONCE_BYTES:]))
        except JavaException:
            raise WrongPin from None

    def _cipher(self) -> Any:
        from jnius import autoclass

        return autoclass("javax.crypto.Cipher").getInstance(CIPHER)

    def _key(self) -> Any:
        """Made when it is first needed."""
        from jnius import autoclass

        store = autoclass("java.security.KeyStore").getInstance(STORE)
        store.load(None)
        return store.getKey(ALIAS, None) or self._made()

    def _made(self) -> Any:
        from jnius import autoclass

        purposes = autoclass("android.security.keystore.KeyProperties")
        wanted = autoclass("android.security.keystore.KeyGenParameterSpec$Builder")(
            ALIAS, purposes.PURPOSE_ENCRYPT | purposes.PURPOSE_DECRYPT
        )
        wanted.setBlockModes([purposes.BLOCK_MODE_GCM])
        wanted.setEncryptionPaddings([purposes.ENCRYPTION_PADDING_NONE])
        maker = autoclass("javax.crypto.KeyGenerator").getInstance("AES", STORE)
        maker.init(wanted.build())
        return maker.generateKey()


def fitting() -> DeviceKey:
    """The one for this machine."""
    return AndroidKeystore() if "ANDROID_ARGUMENT" in os.environ else NoDeviceKey()
