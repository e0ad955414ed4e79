"""Addresses that must not be mailed. Only a keyed fingerprint is kept, so it outlives erasure and import."""

from service.suppressions.by_hand import BadNote, Imported, TooMany, import_, lift_entry, may_change, suppress
from service.suppressions.keeping import (
    STOPS,
    THEIR_WORD,
    WEIGHT,
    Rest,
    TheirWordNeeded,
    add,
    add_all,
    ease,
    holds,
    let_go,
    lift,
    reason,
    rest,
    take_back,
)
from service.suppressions.listing import Entry, Which, count, entries, entry

__all__ = [
    "STOPS",
    "THEIR_WORD",
    "WEIGHT",
    "BadNote",
    "Entry",
    "Imported",
    "Rest",
    "TheirWordNeeded",
    "TooMany",
    "Which",
    "add",
    "add_all",
    "count",
    "ease",
    "entries",
    "entry",
    "holds",
    "import_",
    "let_go",
    "lift",
    "lift_entry",
    "may_change",
    "reason",
    "rest",
    "suppress",
    "take_back",
]
