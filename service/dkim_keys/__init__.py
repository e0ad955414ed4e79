"""The DKIM keys of the domains we send from: made, published, signing, retired, gone (RFC 6376, RFC 8463)."""

from service.dkim_keys.finding import all, by_selector, keys_at, keys_for, shut  # noqa: A004 - dkim_keys.all(session) is what it is
from service.dkim_keys.making import AlreadyWaiting, BadSelector, SelectorTaken, make, reseal
from service.dkim_keys.publishing import Publication, Published, Record, publication, record
from service.dkim_keys.rotating import (
    IN_FLIGHT,
    NotSigning,
    NotWaiting,
    StillNeeded,
    Unseen,
    activate,
    removable_at,
    remove,
    retire,
)

__all__ = [
    "IN_FLIGHT",
    "AlreadyWaiting",
    "BadSelector",
    "NotSigning",
    "NotWaiting",
    "Publication",
    "Published",
    "Record",
    "SelectorTaken",
    "StillNeeded",
    "Unseen",
    "activate",
    "all",
    "by_selector",
    "keys_at",
    "keys_for",
    "make",
    "publication",
    "record",
    "removable_at",
    "remove",
    "reseal",
    "retire",
    "shut",
]
