"""Whom a stored message came for, where no envelope tells: fetched from a mailbox, or piped in without a recipient."""

import re

from service import links
from service.feedback.mime import parts
from service.signing import Forged

# What the server that took it wrote down, before what its author wrote.
_TRACES = ("delivered-to", "x-original-to", "x-envelope-to", "envelope-to", "x-rcpt-to", "x-delivered-to", "to", "cc")
_ADDRESS = re.compile(r"[^\s<>,;\"]{1,200}@[A-Za-z0-9.-]{1,255}")
MOST = 100


def recipient(message: bytes) -> str:
    """The first address of ours among them that we signed, else the first of all; "" when there is none. Never raises.

    Nothing is proven by a header: a tag is good for its delivery only because nobody else could have made it.
    """
    headers = parts(message)[0].headers
    found = [address for name in _TRACES for value in headers.all(name) for address in _ADDRESS.findall(value)][:MOST]
    return next(filter(signed, found), found[0] if found else "")


def signed(address: str) -> bool:
    """Whether this is an address that we signed: a return path, a mailto to leave by, an address for answers."""
    for read in (links.bounced_delivery, links.leaving_delivery, links.answered_delivery):
        try:
            read(address)
        except Forged:
            continue
        return True
    return False


def returned_to(message: bytes) -> str | None:
    """The envelope sender that the delivering server wrote down; "" is the null return path, None not known."""
    found = parts(message)[0].headers.all("return-path")
    return found[0].strip("<> ") if found else None
