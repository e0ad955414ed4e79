"""The parts of an SMTP session that are asked and answered one by one: greeting, EHLO, STARTTLS, AUTH, QUIT."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque

from workers.relays import trust
from workers.relays.relay import Unavailable, Untrusted
from workers.relays.replies import Reply
from workers.relays.wire import Timeouts, Wire


class Dialogue:
    """Commands and replies in turn over one wire. Everything raises Unavailable when the wire is lost or too slow."""

    def __init__(self, loop: asyncio.AbstractEventLoop, timeouts: Timeouts) -> None:
        self._loop = loop
        self._timeouts = timeouts
        self._heard: deque[Reply] = deque()
        self._awaited: asyncio.Future[Reply] | None = None
        self.wire = Wire(loop, self)

    def replied(self, reply: Reply) -> None:
        if self._awaited is None or self._awaited.done():
            self._heard.append(reply)
        else:
            self._awaited.set_result(reply)

    def lost(self, why: str) -> None:
        if self._awaited is not None and not self._awaited.done():
            self._awaited.set_exception(Unavailable(why))

    async def greeting(self) -> Reply:
        """What the server says before it is asked."""
        self.wire.allow(self._timeouts.reply)
        return await self._next()

    async def ask(self, command: str, seconds: float | None = None) -> Reply:
        """One command, its reply."""
        if self._heard:
            self.wire.drop("out of step")
        self.wire.listener = self
        self.wire.write(f"{command}\r\n".encode(), self._timeouts.reply if seconds is None else seconds)
        return await self._next()

    async def secure(self, context: ssl.SSLContext, host: str) -> None:
        """TLS from here on. Raises Untrusted.

        Everything that came in the clear after the "220 ready" is discarded (RFC 3207 4.2): it may be an attacker's.
        """
        self._heard.clear()
        self.wire.forget()
        try:
            transport = await self._loop.start_tls(
                self.wire.transport,
                self.wire,
                context,
                server_hostname=host,
                ssl_handshake_timeout=self._timeouts.connect,
            )
        except ssl.SSLError as error:
            raise Untrusted(trust.told(error)) from error
        except OSError as error:
            raise Unavailable(f"TLS failed: {type(error).__name__}") from error
        if transport is None:
            raise Unavailable("connection lost")
        self.wire.connection_made(transport)

    async def _next(self) -> Reply:
        if self._heard:
            return self._heard.popleft()
        if self.wire.closed:
            raise Unavailable(self.wire.why)
        self._awaited = self._loop.create_future()
        return await self._awaited
