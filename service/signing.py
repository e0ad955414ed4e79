"""Tokens that come back to us by mail or by link: an id and a keyed seal over it, nothing else readable.

A token is 52 hexadecimal digits, since mail systems change case: 16 bytes of id, 10 bytes of seal. Base32 would be ten
characters shorter and, in Python, cost more than all the rest of a mail's headers.
"""

import hmac
from enum import StrEnum
from functools import cache
from hashlib import blake2b
from uuid import UUID

from service.errors import Refused
from service.settings import settings

SEAL_BYTES = 10  # 80 bits, the least that standards.md R7 allows


class Purpose(StrEnum):
    """What a token is good for; one made for one purpose is worth nothing for another."""

    RETURN = "return"
    LEAVE = "leave"
    REPLY = "reply"
    SIGN_IN = "sign-in"
    EMBARGO = "embargo"
    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    ADDRESS = "address"
    FORM = "form"
    PICTURE = "picture"
    FOLLOW = "follow"


class Forged(Refused):
    """A token we did not make, or not for this."""

    def __init__(self) -> None:
        super().__init__("This link is not valid. It may have been cut short on its way.")


class Expired(Refused):
    """A link that was ours and is over: used, too old, or what it was about is gone. Ask for a new one."""

    def __init__(self) -> None:
        super().__init__("This link is no longer valid. Ask for a new one.")


@cache
def keys() -> tuple[bytes, ...]:
    """The keys of this process's settings: the one that signs, then the one before, if there is one."""
    found = (settings().secret_key, settings().previous_secret_key)
    return tuple(key.get_secret_value().encode() for key in found if key.get_secret_value())


class Signer:
    """Signs many ids for one purpose: the keyed state is made once."""

    def __init__(self, purpose: Purpose, key: bytes) -> None:
        self._state = _state(purpose, key)

    def token(self, id_: UUID) -> str:
        """The token for this id, 52 characters."""
        return self.token_of(id_.bytes)

    def token_of(self, raw: bytes) -> str:
        """The token for these bytes: an id, or an id and something of it."""
        state = self._state.copy()
        state.update(raw)
        return (raw + state.digest()).hex()


def _state(purpose: Purpose, key: bytes) -> blake2b:
    return blake2b(key=blake2b(key, digest_size=32).digest(), person=purpose.encode(), digest_size=SEAL_BYTES)


@cache
def signer(purpose: Purpose) -> Signer:
    """The signer of this process for a purpose."""
    return Signer(purpose, keys()[0])


def sign(purpose: Purpose, id_: UUID) -> str:
    """The token for this id and purpose."""
    return signer(purpose).token(id_)


def verify(purpose: Purpose, token: str) -> UUID:
    """The id a token of ours carries, made with either key. Raises Forged."""
    return verify_with(purpose, token, more=0)[0]


def verify_with(purpose: Purpose, token: str, *, more: int) -> tuple[UUID, bytes]:
    """The id a token of ours carries, and so many bytes more. Raises Forged."""
    try:
        raw = bytes.fromhex(token)
    except ValueError:
        raise Forged from None
    said, seal = raw[: 16 + more], raw[16 + more :]
    if len(seal) != SEAL_BYTES or not any(_sealed(purpose, key, said, seal) for key in keys()):
        raise Forged
    return UUID(bytes=said[:16]), said[16:]


def _sealed(purpose: Purpose, key: bytes, said: bytes, seal: bytes) -> bool:
    state = _state(purpose, key)
    state.update(said)
    return hmac.compare_digest(state.digest(), seal)
