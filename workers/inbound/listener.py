"""The listener of inbound SMTP: one asyncio process, the database behind a few threads, a bell rung after commits."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import structlog
from aiosmtpd.smtp import SMTP, Envelope

from service import jobs
from service.jobs import Job
from service.settings import settings
from workers.inbound.desk import Desk

log = structlog.get_logger(__name__)

LARGEST_MESSAGE = 10 * 1024 * 1024
MOST_CONNECTIONS = 200
SECONDS_IDLE = 60.0
SECONDS_BETWEEN_BELLS = 0.25
BUSY = b"421 4.3.2 Too many connections, try again later\r\n"


class Bell:
    """Rings for the sorter soon after a message was stored; once for all that come close together."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._soon: asyncio.TimerHandle | None = None

    def __call__(self) -> None:
        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(SECONDS_BETWEEN_BELLS, self._now)

    def close(self) -> None:
        """Ring now for what was to be rung for soon."""
        if self._soon is not None:
            self._soon.cancel()
            self._now()

    def _now(self) -> None:
        self._soon = None
        self._ring()


class Full(asyncio.Protocol):
    """Answers whom there is no room for."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are transports without being derived from asyncio's.
        transport = cast("asyncio.Transport", transport)
        transport.write(BUSY)
        transport.close()


class Reception(SMTP):
    """aiosmtpd's server, with an end to what one client and all of them together may hold of our memory."""

    def __init__(self, desk: Desk, open_: set["Reception"], **options: Any) -> None:
        super().__init__(desk, **options)
        self._open = open_
        self._octets = 0
        self._counted: Envelope | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._open.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._open.discard(self)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        # aiosmtpd keeps the pieces of a line without an end for as long as they come; each message is a new envelope.
        self._octets = (self._octets if self.envelope is self._counted else 0) + len(data)
        self._counted = self.envelope
        if self._octets > 2 * LARGEST_MESSAGE:
            log.warning("inbound connection cut", octets=self._octets)
            cast("asyncio.Transport", self.transport).abort()
            return
        super().data_received(data)


@asynccontextmanager
async def listening(address: str, *, ring: Callable[[], None] | None = None) -> AsyncIterator[str]:
    """Listen on "host:port" (port 0: any free one) and give the address listened on; what is being stored is finished.

    `ring` tells the sorter that there is something; by default the broker's bell for Job.SORT.
    """
    domain = settings().return_path_domain
    bell = Bell(ring or (lambda: jobs.ring(Job.SORT)))
    desk = Desk(domain, stored=bell)
    open_: set[Reception] = set()
    loop = asyncio.get_running_loop()

    def reception() -> asyncio.BaseProtocol:
        if len(open_) >= MOST_CONNECTIONS:
            return Full()
        return Reception(
            desk,
            open_,
            data_size_limit=LARGEST_MESSAGE,
            enable_SMTPUTF8=True,
            hostname=domain,
            ident="ESMTP",
            timeout=SECONDS_IDLE,
            loop=loop,
        )

    host, _, port = address.rpartition(":")
    server = await loop.create_server(reception, host.strip("[]"), int(port), backlog=1024)
    try:
        yield "{}:{}".format(*server.sockets[0].getsockname()[:2])
    finally:
        server.close()
        await desk.close()
        bell.close()
        for connection in tuple(open_):
            if connection.transport is not None:
                connection.transport.close()


async def serve(address: str, *, say: Callable[[str], None]) -> None:
    """Listen until SIGTERM or SIGINT; `say` is told where."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with listening(address) as where:
        say(f"listening on {where}")
        log.info("inbound listening", address=where)
        await stop.wait()
    log.info("inbound stopped")
