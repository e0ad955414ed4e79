"""Secrets at rest: sealed by AES-256-GCM under a key that HKDF derives from SECRET_KEY for one purpose.

A sealed value is a version byte, 12 bytes of nonce and the ciphertext. It opens only where it was sealed for:
`place` is authenticated with it, so that one row's secret cannot be moved to another row.
"""

import os
from enum import StrEnum
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.errors import Refused
from service.signing import keys

VERSION = b"\x01"
NONCE_BYTES = 12


class Sealed(StrEnum):
    """What a secret is for; a value sealed for one purpose opens for no other."""

    DKIM_KEY = "dkim-key"
    TOTP = "totp"


class CannotOpen(Refused):
    """Set PREVIOUS_SECRET_KEY to the key it was sealed with, or make the secret anew."""

    def __init__(self, purpose: Sealed) -> None:
        super().__init__(
            f"A sealed secret ({purpose.value}) opens neither with SECRET_KEY nor with PREVIOUS_SECRET_KEY: "
            "set the key it was sealed with, or make the secret anew."
        )


def seal(purpose: Sealed, secret: bytes, *, place: str) -> bytes:
    """The secret, readable only with SECRET_KEY, for this purpose and at this place."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + _cipher(purpose, keys()[0]).encrypt(nonce, secret, place.encode())


def open_(purpose: Sealed, sealed: bytes, *, place: str) -> bytes:
    """The secret, sealed with the present key or the one before. Raises CannotOpen."""
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    if sealed[:1] != VERSION or len(ciphertext) < 16:
        raise CannotOpen(purpose)
    for key in keys():
        try:
            return _cipher(purpose, key).decrypt(nonce, ciphertext, place.encode())
        except InvalidTag:
            continue
    raise CannotOpen(purpose)


@cache
def _cipher(purpose: Sealed, key: bytes) -> AESGCM:
    derived = HKDF(SHA256(), 32, salt=None, info=f"dateline sealing {purpose.value}".encode()).derive(key)
    return AESGCM(derived)
