"""Which of a newsroom's journalists are looked for, and how that is asked of the database."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from service.models import Sender
from service.models.journalists import WORDS
from service.suppressions import STOPS

MOST_WORDS = 6
_PARTS = re.compile(r"[^\W_]+")


class State(StrEnum):
    """Whether somebody is written to, and if not, why; the first that holds."""

    ACTIVE = "active"
    DO_NOT_CONTACT = "do-not-contact"
    SUPPRESSED = "suppressed"
    RESTING = "resting"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is looked for; an empty value leaves nobody out. Each word begins a word of name, address or outlet."""

    words: str = ""
    topic: UUID | None = None
    language: str = ""
    country: str = ""
    outlet: str = ""
    tier: int | None = None
    state: State | None = None


_STOPPED = f"EXISTS (SELECT FROM suppression p WHERE {STOPS} AND p.reason {{}} 'resting')"
_READS = "EXISTS (SELECT FROM subscription s WHERE s.journalist_id = j.id AND s.state = 'confirmed')"
STATE = f"""
    CASE WHEN j.do_not_contact THEN 'do-not-contact'
         WHEN {_STOPPED.format("<>")} THEN 'suppressed'
         WHEN {_STOPPED.format("=")} THEN 'resting'
         WHEN {_READS} THEN 'active' ELSE 'unconfirmed' END
"""
# By fingerprints first: of two hundred thousand people some hundred are suppressed, and only those are looked at.
_OF = "j.fingerprint IN (SELECT fingerprint FROM suppression WHERE sender_id = :sender OR sender_id IS NULL)"
_NARROWED = {
    State.ACTIVE: f"NOT j.do_not_contact AND {_READS} AND NOT EXISTS (SELECT FROM suppression p WHERE {STOPS})",
    State.DO_NOT_CONTACT: "j.do_not_contact",
    State.SUPPRESSED: f"NOT j.do_not_contact AND {_OF} AND {_STOPPED.format('<>')}",
    State.RESTING: f"NOT j.do_not_contact AND {_OF} AND ({STATE}) = 'resting'",
    State.UNCONFIRMED: f"NOT j.do_not_contact AND NOT {_READS}",
}


def where(sender: Sender, wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """The condition, and what it is asked with."""
    parts = ["j.sender_id = :sender", "j.erased_at IS NULL", "j.merged_into IS NULL"]
    values: dict[str, Any] = {"sender": sender.id}
    for name, value in (("country", wanted.country), ("language", wanted.language), ("tier", wanted.tier)):
        if value:
            parts.append(f"j.{name} = :{name}")
            values[name] = value
    if wanted.topic:
        parts.append(
            "EXISTS (SELECT FROM subscription s WHERE s.journalist_id = j.id AND s.topic_id = :topic"
            " AND s.state = 'confirmed')"
        )
        values["topic"] = wanted.topic
    if wanted.outlet:
        parts.append("j.outlet_id IN (SELECT id FROM outlet WHERE sender_id = :sender AND name ILIKE :outlet)")
        values["outlet"] = f"%{_plain(wanted.outlet)}%"
    if wanted.state:
        parts.append(_NARROWED[wanted.state])
    for number, word in enumerate(_PARTS.findall(wanted.words)[:MOST_WORDS]):
        parts.append(_BY_WORD.format(number=number))
        values |= {f"word{number}": f"'{word.lower()}':*", f"outlet{number}": f"%{_plain(word)}%"}
    return " AND ".join(parts), values


_IN_WORDS = WORDS.replace("(name", "(j.name").replace("address", "j.address")
# An array, so that both halves can be looked up in their indexes.
_BY_WORD = f"""({_IN_WORDS} @@ to_tsquery('simple', :word{{number}}) OR j.outlet_id = ANY(ARRAY(
    SELECT id FROM outlet WHERE sender_id = :sender AND name ILIKE :outlet{{number}})))"""  # noqa: S608 - put together from constants


def _plain(words: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", words)
