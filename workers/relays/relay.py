"""The contract of a relay: one envelope in, one answer out; it touches no table and keeps nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

_UNSAFE = re.compile(r"[\x00-\x20<>\x7f]")


class Outcome(StrEnum):
    """What became of one attempt."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"


class Stage(StrEnum):
    """What was refused, or how far the talk had come when it was lost."""

    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    DOT = "dot"


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message to one person.

    `message` is a complete RFC 5322 message: CRLF line ends, the last one included, not dot-stuffed.
    Without `dots` the composer vouches that no line begins with one, and nobody looks for them again.
    `return_path` may be empty (the null return path of RFC 5321 4.5.5). `utf8`: its headers hold raw UTF-8 (RFC 6532).
    `envid` names this message in what comes back about it (RFC 3461 4.4): up to 100 letters and digits.
    Raises ValueError for what could end its command or its data early.
    """

    return_path: str
    recipient: str
    message: bytes
    utf8: bool = False
    dots: bool = True
    envid: str = ""

    def __post_init__(self) -> None:
        if not self.recipient or _UNSAFE.search(self.recipient):
            raise ValueError("a recipient is an address without spaces, control characters, < or >")
        if _UNSAFE.search(self.return_path):
            raise ValueError("a return path is empty or an address without spaces, control characters, < or >")
        if self.envid and not (self.envid.isascii() and self.envid.isalnum() and len(self.envid) <= 100):
            raise ValueError("an envelope id is up to 100 letters and digits")
        if not self.message.endswith(b"\r\n"):
            raise ValueError("a message ends with CRLF")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the relay said: at most 1,000 characters of its own words, and when it asked to be tried again (seconds).

    `code` is None when it said nothing: the connection was lost, or we refused on its behalf.
    `enhanced` is the RFC 3463 code ("5.1.1") or empty.
    """

    outcome: Outcome
    stage: Stage
    code: int | None = None
    enhanced: str = ""
    text: str = ""
    retry_after: int | None = None


class Unavailable(Exception):
    """The relay cannot be talked to: later, or another relay. Says nothing about any recipient."""

    def __init__(self, text: str, code: int | None = None) -> None:
        super().__init__(f"{code} {text}" if code else text)
        self.code = code
        self.text = text


class Full(Unavailable):
    """All connections there may be are taken: another relay, or later. It says nothing about the relay."""


class LoginRefused(Unavailable):
    """The relay does not take our name and password, or nothing from our account: pause and tell the operator."""


class Untrusted(Unavailable):
    """No trustworthy TLS where TLS is required: pause and tell the operator; clear text is never the way out."""


class Connection(Protocol):
    """One open connection with at most one message in flight; `relay` is the name of the relay it leads to.

    `signs_itself`: a DKIM signature of ours would not survive what it makes of the message.
    """

    @property
    def relay(self) -> str: ...
    @property
    def signs_itself(self) -> bool: ...
    @property
    def eight_bit(self) -> bool: ...
    @property
    def utf8(self) -> bool: ...
    @property
    def size(self) -> int | None: ...
    @property
    def closed(self) -> bool: ...

    async def send(self, envelope: Envelope) -> Answer:
        """Hand over one message. Never raises for what the server says, nor for a connection lost on the way."""
        ...

    async def close(self) -> None:
        """Say goodbye, within a bounded time."""
        ...


class Relay(Protocol):
    """A place where mail is handed over."""

    @property
    def name(self) -> str: ...

    async def connect(self) -> Connection:
        """Open one connection, ready for mail. Raises Unavailable, LoginRefused or Untrusted."""
        ...
