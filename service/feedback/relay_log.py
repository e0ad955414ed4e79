"""A relay's own log, read for our Message-IDs: which of our mails it says it took into its hands.

Postfix, Exim and Sendmail are understood, and any line that says of a mail of ours that it was sent or queued.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

# As service.mail.compose.message_id makes it: the delivery, the version of the text, the sender's domain.
OURS = re.compile(r"(?<![0-9a-f])([0-9a-f]{32})\.([0-9a-f]{8})@", re.IGNORECASE)
POSTFIX = re.compile(r"postfix\S*\[\d+\]: ([0-9A-Za-z]{5,20}): (.*)")
# Postfix writes the Message-ID down while the text still comes in; only what follows shows that all of it came.
IN_QUEUE = re.compile(r"\(queue active\)|\bstatus=(?:sent|deferred|bounced|expired)\b|^(?:\w+-)?(?:hold|discard): ")
TAKEN = re.compile(
    r""" \s<=\s                      # Exim: arrived
       | \bmsgid=<                   # Sendmail: collected
       | \bstatus=sent\b | \bqueued\ as\b | \b250[ -]
       | "message_id":\ "<           # our development relay's journal
    """,
    re.VERBOSE,
)
REFUSED = re.compile(r"reject|refus|lost connection|timeout|timed out|error|fail", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A mail of ours, as its Message-ID names it: the delivery and the version of the text."""

    delivery: UUID
    version: str


@dataclass(frozen=True, slots=True)
class RelayLog:
    """What a log says: mails `taken`, mails `begun` and not known to be complete, and `unclear` mentions of others."""

    taken: frozenset[Mention]
    begun: frozenset[Mention]
    unclear: frozenset[Mention]

    def knows(self, version: str) -> bool:
        """Whether any mail of this version is in it at all."""
        return any(one.version == version for one in (*self.taken, *self.begun, *self.unclear))


def read(lines: Iterable[str]) -> RelayLog:
    """What these lines say of our mails. Never raises, whatever the lines are."""
    taken: set[Mention] = set()
    begun: set[Mention] = set()
    unclear: set[Mention] = set()
    queue: dict[str, Mention] = {}
    for line in lines:
        found = POSTFIX.search(line)
        if found:
            _postfix(found[1], found[2], queue, taken, begun)
        elif mention := _mention(line):
            is_taken = TAKEN.search(line) and not REFUSED.search(line)
            (taken if is_taken else unclear).add(mention)
    return RelayLog(frozenset(taken), frozenset(begun - taken), frozenset(unclear - taken - begun))


def _postfix(queue_id: str, words: str, queue: dict[str, Mention], taken: set[Mention], begun: set[Mention]) -> None:
    """One line of Postfix. A queue id is given to another mail once it is free again."""
    mention = _mention(words) if words.startswith("message-id=") else None
    if mention:
        queue[queue_id] = mention
        begun.add(mention)
    elif words.startswith("message-id="):
        queue.pop(queue_id, None)
    elif queue_id in queue and IN_QUEUE.search(words):
        taken.add(queue[queue_id])
    elif words == "removed":
        queue.pop(queue_id, None)


def _mention(words: str) -> Mention | None:
    found = OURS.search(words)
    return Mention(UUID(hex=found[1]), found[2].lower()) if found else None
