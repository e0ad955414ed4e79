"""Secrets at rest."""

from collections.abc import Callable

import pytest

from service import sealing
from service.sealing import CannotOpen, Sealed

SECRET = b"the private half"
FIRST, SECOND, THIRD = ("first" * 10, "second" * 10, "third" * 10)


def seal() -> bytes:
    return sealing.seal(Sealed.DKIM_KEY, SECRET, place="here")


def open_(sealed: bytes, place: str = "here") -> bytes:
    return sealing.open_(Sealed.DKIM_KEY, sealed, place=place)


def test_a_secret_is_read_back_and_not_seen() -> None:
    sealed = seal()
    assert open_(sealed) == SECRET
    assert SECRET not in sealed
    assert seal() != sealed


def test_it_opens_only_at_its_place() -> None:
    with pytest.raises(CannotOpen):
        open_(seal(), place="there")


def test_whatever_was_changed_does_not_open() -> None:
    sealed = seal()
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(CannotOpen):
            open_(bytes(changed))
    for at in range(len(sealed)):
        with pytest.raises(CannotOpen):
            open_(sealed[:at])


def test_the_key_before_still_opens(keyed: Callable[..., None]) -> None:
    keyed(FIRST)
    sealed = seal()
    keyed(SECOND, FIRST)
    assert open_(sealed) == SECRET
    keyed(THIRD, SECOND)
    with pytest.raises(CannotOpen, match="PREVIOUS_SECRET_KEY"):
        open_(sealed)
