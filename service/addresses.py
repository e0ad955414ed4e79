"""E-mail addresses: read at the door, compared canonically, remembered as a keyed fingerprint."""

import hmac
from functools import cache
from hashlib import sha256

from email_validator import EmailNotValidError, validate_email

from service.errors import Refused
from service.settings import settings


class BadAddress(Refused):
    """Not an address mail can be sent to; the message says what is wrong with it."""


class BadDomain(Refused):
    """Not the name of a domain; write it as rivers.example."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name[:255]!a} is not a domain: write it as it stands behind the @, such as rivers.example.")


def clean(address: str) -> str:
    """The address as it is written to: spaces around it gone, the domain in its ASCII form. Raises BadAddress."""
    try:
        found = validate_email(address.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as fault:
        raise BadAddress(f"{address!a} is not an e-mail address: {fault}") from None
    if "=?" in found.local_part:  # allowed on paper, but mail programs decode it as an encoded word (RFC 2047)
        raise BadAddress(f"{address!a} holds a mail encoding (=?charset?q?…?=); nobody has such an address.")
    return f"{found.local_part}@{found.ascii_domain}"


def canonical(address: str) -> str:
    """What two spellings of one mailbox share: case folded, the domain as A-labels. Raises BadAddress.

    Local parts are case-sensitive on paper (RFC 5321, 2.4) and on no server that matters.
    """
    return clean(address).casefold()


def domain(address_or_name: str) -> str:
    """The domain of an address, or a domain by itself, as DNS knows it: ASCII, small letters. Raises BadDomain."""
    name = address_or_name.strip().rpartition("@")[2].removesuffix(".")
    try:
        return canonical(f"postmaster@{name}").rpartition("@")[2]
    except BadAddress:
        raise BadDomain(address_or_name) from None


def fingerprint(address: str) -> bytes:
    """32 bytes that know this address again after it was erased, and tell nobody else what it was."""
    return hmac.digest(_key(), canonical(address).encode(), sha256)


def masked(address: str) -> str:
    """`a…@rivers.example`: enough to know one's own again, where others may look on."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


@cache
def _key() -> bytes:
    return settings().suppression_key.get_secret_value().encode()
