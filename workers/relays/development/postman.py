"""Carries what comes back to the inbound listener, over our own SMTP client and with the null return path."""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog

from workers.relays.relay import Connection, Envelope, Outcome, Relay, Unavailable

log = structlog.get_logger()

TRIES = 30
PAUSE = 1.0
ROUNDS_AT_ONCE = 4


class Post(Protocol):
    """Who carries returning mail."""

    def post(self, recipient: str, message: bytes, *, after: float) -> None: ...


class NoPostman:
    """Nothing comes back."""

    def post(self, recipient: str, message: bytes, *, after: float) -> None: ...


class Postman:
    """Delivers to one relay, a few at once, trying again each second for half a minute."""

    def __init__(self, relay: Relay, *, pause: float = PAUSE) -> None:
        self._relay = relay
        self._pause = pause
        self._bag: asyncio.Queue[Envelope] = asyncio.Queue()

    def post(self, recipient: str, message: bytes, *, after: float) -> None:
        """Deliver this in `after` seconds."""
        utf8 = not (recipient.isascii() and message.partition(b"\r\n\r\n")[0].isascii())
        envelope = Envelope(return_path="", recipient=recipient, message=message, utf8=utf8)
        asyncio.get_running_loop().call_later(after, self._bag.put_nowait, envelope)

    async def run(self) -> None:
        """Deliver for ever; ends by being cancelled."""
        await asyncio.gather(*(self._round() for _ in range(ROUNDS_AT_ONCE)))

    async def _round(self) -> None:
        connection: Connection | None = None
        while True:
            envelope = await self._bag.get()
            connection = await self._deliver(envelope, connection)

    async def _deliver(self, envelope: Envelope, connection: Connection | None) -> Connection | None:
        for _ in range(TRIES):
            try:
                if connection is None or connection.closed:
                    connection = await self._relay.connect()
                answer = await connection.send(envelope)
            except Unavailable:
                connection = None
            else:
                if answer.outcome in {Outcome.ACCEPTED, Outcome.REJECTED}:
                    return connection
            await asyncio.sleep(self._pause)
        log.warning("returning mail given up", relay=self._relay.name)
        return connection
