"""The fast sink: counts messages and keeps none, so that a benchmark measures the sender and not the sink."""

from __future__ import annotations

import asyncio
from collections import Counter as Multiset
from dataclasses import dataclass, field
from typing import cast

from workers.relays.development.reception import EHLO, END, GREETING

OK = b"250 2.0.0 Ok\r\n"
GO_AHEAD = b"354 Go ahead\r\n"
BYE = b"221 2.0.0 Bye\r\n"
GREYLISTED = b"450 4.7.1 Greylisted, try again in 2 seconds\r\n"
NOBODY = b"554 5.5.1 No valid recipients\r\n"
_REPLIES = {b"EHLO": EHLO, b"DATA": GO_AHEAD, b"QUIT": BYE}


@dataclass(slots=True)
class Tally:
    """What came, over all connections, and how it is taken; `clients` is messages by the address of who brought them.

    Each message is answered after `latency` seconds; one in `greylists` recipients is told to come back, 0 means none.
    """

    latency: float = 0
    greylists: int = 0
    messages: int = 0
    octets: int = 0
    clients: Multiset[str] = field(default_factory=Multiset)
    recipients: int = 0

    def greylist(self) -> bool:
        """Whether this recipient, the next that is named, is told to come back."""
        self.recipients += 1
        return self.greylists > 0 and self.recipients % self.greylists == 0


class Counter(asyncio.Protocol):
    """One client's connection; every command is in order, every message that comes as far as its text is welcome."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._client = ""
        self._early: bytes | None = None
        self._transport: asyncio.Transport | None = None
        self._rest = b""
        self._in_text = False
        self._refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._client = str(transport.get_extra_info("peername", ("",))[0])
        self._transport.write(GREETING)

    def data_received(self, data: bytes) -> None:
        if self._early is not None:
            self._early += data
            return
        if self._in_text:
            data = self._count(data)
        if data:
            self._answer(data)

    def _count(self, data: bytes) -> bytes:
        """Look for the end of the message; returns what came after it."""
        self._tally.octets += len(data)
        seam = self._rest + data
        # A client may send only commands behind the end, so what ends with the end holds no other: no search needed.
        end = len(seam) - len(END) if seam.endswith(END) else seam.find(END)
        if end < 0:
            self._rest = seam[-4:]
            return b""
        self._tally.messages += 1
        self._tally.clients[self._client] += 1
        self._rest, self._in_text = b"", False
        if not self._tally.latency:
            self._write(OK)
            return seam[end + len(END) :]
        # What comes before the answer has to wait for it: replies keep the order of their commands.
        self._early = seam[end + len(END) :]
        asyncio.get_running_loop().call_later(self._tally.latency, self._answer_late)
        return b""

    def _answer_late(self) -> None:
        early, self._early = self._early, None
        self._write(OK)
        if early:
            self._answer(early)

    def _answer(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\r\n")
        if self._tally.greylists:
            self._write(b"".join([self._reply(line[:4]) for line in lines]))
        else:
            self._write(b"".join([_REPLIES.get(line[:4], OK) for line in lines]))
        if b"DATA" in lines and not self._refused:
            self._in_text, self._rest = True, b"\r\n"
        elif b"QUIT" in lines and self._transport is not None:
            self._transport.close()

    def _reply(self, verb: bytes) -> bytes:
        """One reply where some recipients are greylisted, each a mail's only one."""
        if verb == b"MAIL":
            self._refused = False
        elif verb == b"RCPT":
            self._refused = self._tally.greylist()
            return GREYLISTED if self._refused else OK
        elif verb == b"DATA" and self._refused:
            return NOBODY
        return _REPLIES.get(verb, OK)

    def _write(self, reply: bytes) -> None:
        if self._transport is not None and reply:
            self._transport.write(reply)
