"""What was taken, by whichever way: kept durably, once, and what is about no delivery for a person to look at."""

from service.received.forgeries import count_forged, forged
from service.received.keeping import LARGEST, Fate, Replayed, fate, keep, keep_for_all, key_of
from service.received.unmatched import (
    READER,
    Unmatched,
    again,
    again_all,
    assign,
    count,
    peek,
    set_aside,
    source,
    unmatched,
)

__all__ = [
    "LARGEST",
    "READER",
    "Fate",
    "Replayed",
    "Unmatched",
    "again",
    "again_all",
    "assign",
    "count",
    "count_forged",
    "fate",
    "forged",
    "keep",
    "keep_for_all",
    "key_of",
    "peek",
    "set_aside",
    "source",
    "unmatched",
]
