"""One event: what one answer says about one recipient, in this service's words, whoever said it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LONGEST_REPLY = 1000
LONGEST_ADDRESS = 320  # 64 + 1 + 255, RFC 5321 4.5.3.1
LONGEST_STATUS = 12


class Kind(StrEnum):
    """What came back."""

    BOUNCE = "bounce"
    DELAY = "delay"
    DELIVERED = "delivered"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto-reply"
    REPLY = "reply"
    UNSUBSCRIBED = "unsubscribed"
    REPORT = "report"
    """A machine tells of our mail at large: DMARC, TLS, "not spam". It is about nobody's address and nobody's wish."""
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What a refusal says, and about whom; the first five count towards suppression, each by its own rule."""

    HARD = "hard"
    """The address is dead."""
    DEAD_DOMAIN = "dead-domain"
    """The domain takes no mail: hard after a second look-up an hour or more later."""
    FULL = "full"
    """The mailbox is full."""
    DISABLED = "disabled"
    """The mailbox is switched off, perhaps for good."""
    SOFT = "soft"
    """It failed, and nothing certain is said about the address."""
    POLICY = "policy"
    """They refuse us or this text: never the address."""
    CONTENT = "content"
    """They cannot take this kind of text."""
    SIZE = "size"
    """This message is too big for them."""
    OURS = "ours"
    """Our login, sender, DNS or limits: pause, and tell the operator."""
    GREYLISTED = "greylisted"
    """Come back in some minutes, from the same place."""
    HOST = "host"
    """Their server or the way to it: later."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing said about one recipient. All its texts are bounded and free of control characters.

    `recipient` as they write it, not verified, "" unknown; `status` an RFC 3463 code ("5.1.1") or ""; `reply` their
    words; `reason` ours, for people. `permanent`: trying the same again later cannot help. `return_path`: the return
    path of the mail it is about, where the report quotes it (RFC 5965 Original-Mail-From). Nothing here is proven:
    whoever applies it goes by the signed tag only.
    """

    kind: Kind
    verdict: Verdict | None = None
    recipient: str = ""
    status: str = ""
    reply: str = ""
    reason: str = ""
    permanent: bool = False
    return_path: str = ""
    until: date | None = None
    """Of an automatic answer: the day up to which its author is away, or comes back, where it says so."""

    def __post_init__(self) -> None:
        bounds = (("recipient", LONGEST_ADDRESS), ("return_path", LONGEST_ADDRESS), ("status", LONGEST_STATUS))
        for name, longest in (*bounds, ("reply", LONGEST_REPLY)):
            object.__setattr__(self, name, plain(getattr(self, name), longest))


def plain(text: str, longest: int) -> str:
    """The text on one line without control, bidirectional or other invisible characters, at most `longest` long."""
    # Four times as much is looked at, so that a megabyte of blanks costs nothing.
    shown = "".join(letter if letter.isprintable() else " " for letter in text[: longest * 4])
    return " ".join(shown.split())[:longest].rstrip()
