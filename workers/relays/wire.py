"""The stream to a relay: bytes out, whole replies in, one deadline. Knows nothing of what is being said."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol, cast

from workers.relays.replies import Garbage, Reply, ReplyReader


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait (RFC 5321 4.5.3.2): for TCP and for TLS, for a reply, for the final dot's, for QUIT's."""

    connect: float = 30
    reply: float = 300
    # A shorter one manufactures duplicates (RFC 1047): the relay may still be busy accepting.
    dot: float = 600
    quit: float = 5


class Listener(Protocol):
    """Whoever is talking at the moment."""

    def replied(self, reply: Reply) -> None: ...
    def lost(self, why: str) -> None: ...


class Wire(asyncio.Protocol):
    """One TCP or TLS stream. An asyncio.Protocol and not streams: a third of the CPU per message."""

    def __init__(self, loop: asyncio.AbstractEventLoop, listener: Listener) -> None:
        self._loop = loop
        self._reader = ReplyReader()
        self._transport: asyncio.Transport | None = None
        self._patience = 0.0
        self._deadline: float | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self.listener: Listener | None = listener
        self.unread = 0
        self.blocked = False
        self.farewell: Reply | None = None
        self.closed = False
        self.why = ""

    @property
    def transport(self) -> asyncio.Transport:
        """The transport underneath. Raises RuntimeError before the connection is made."""
        if self._transport is None:
            raise RuntimeError("not connected yet")
        return self._transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        # So `blocked` says whether all that was written has left for the kernel. Not 0: asyncio's TLS compares with >=.
        self._transport.set_write_buffer_limits(high=1)

    def write(self, data: bytes, seconds: float) -> None:
        """Send, and allow this long for what is awaited then."""
        transport = self._transport
        if self.closed or transport is None:
            return
        transport.write(data)
        if transport.is_closing():
            self.blocked = True
        self.allow(seconds)

    def allow(self, seconds: float) -> None:
        """Set the deadline. Only an earlier one arms the alarm anew: about once per connection, not per message."""
        self._patience = seconds
        self._deadline = deadline = self._loop.time() + seconds
        if self._alarm is not None:
            if self._alarm.when() <= deadline:
                return
            self._alarm.cancel()
        self._alarm = self._loop.call_at(deadline, self._ring)

    def rest(self) -> None:
        """Nothing is awaited any more: no listener, no deadline."""
        self.listener = None
        self._deadline = None
        if self.blocked:
            self.drop("out of step")  # answered before it had read to the end

    def forget(self) -> None:
        """Discard what is half read."""
        self._reader.clear()

    def data_received(self, data: bytes) -> None:
        try:
            self._deliver(self._reader.feed(data))
        except Garbage as garbage:
            # What came whole before it is an answer all the same: a 250 thrown away would be a duplicate.
            self._deliver(garbage.before, unread=1)
            self.drop(f"not SMTP: {garbage}")

    def _deliver(self, replies: list[Reply], unread: int = 0) -> None:
        self.unread = len(replies) + unread
        for reply in replies:
            self.unread -= 1
            if self.listener is not None:
                self.listener.replied(reply)
            else:
                self._overhear(reply)

    def _overhear(self, reply: Reply) -> None:
        if self.closed:
            return
        # Nobody asked: 421 announces the end (RFC 5321 3.8), anything else means that we are out of step.
        self.farewell = reply if reply.code == 421 else None
        self.drop("closed by the relay" if self.farewell else "out of step")

    def pause_writing(self) -> None:
        self.blocked = True

    def resume_writing(self) -> None:
        self.blocked = False
        if self._deadline is not None:
            self.allow(self._patience)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(f"connection lost: {type(exc).__name__}" if exc else "connection closed by the relay")

    def drop(self, why: str) -> None:
        """End it at once, without a word."""
        if self._transport is not None:
            self._transport.abort()
        self._end(why)

    def _ring(self) -> None:
        self._alarm = None
        if self._deadline is None:
            return
        if self._loop.time() >= self._deadline:
            self.drop("timed out")
            return
        self._alarm = self._loop.call_at(self._deadline, self._ring)

    def _end(self, why: str) -> None:
        if self.closed:
            return
        self.closed, self.why = True, why
        if self._alarm is not None:
            self._alarm.cancel()
        listener, self.listener = self.listener, None
        if listener is not None:
            listener.lost(why)
