"""An address in the three forms a journalist has it, read once, and fast enough for a hundred thousand."""

import hmac
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from service import addresses
from service.settings import settings

# What addresses.clean changes only in the case of its domain, told in 2 µs instead of 50: ASCII, no reserved domain, no
# A-label. A local part of 64 and a domain of 190 characters are together below the 254 of RFC 5321.
_PLAIN = re.compile(
    r"(?=.{1,64}@.{4,189}\Z)(?!.*[@.](?i:arpa|invalid|local|localhost|onion|test)\Z)"
    r"([A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)@((?:[A-Za-z0-9]{1,31}(?:-[A-Za-z0-9]{1,31})?\.)+[A-Za-z]{2,24})"
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address as it is written to, as it is compared, and as it is remembered (32 bytes)."""

    address: str
    canonical: str
    fingerprint: bytes


def mailbox(address: str) -> Mailbox:
    """All three forms by one reading. Raises addresses.BadAddress."""
    plain = _PLAIN.fullmatch(address)
    clean = f"{plain[1]}@{plain[2].lower()}" if plain else addresses.clean(address)
    canonical = clean.casefold()
    return Mailbox(clean, canonical, hmac.digest(_key(), canonical.encode(), sha256))


@cache
def _key() -> bytes:
    return settings().suppression_key.get_secret_value().encode()
