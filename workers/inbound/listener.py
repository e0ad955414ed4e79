"""The listener of inbound mail: one asyncio process, the database behind a few threads, a bell rung after commits."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import cast

import structlog

from service import jobs, networks
from service.jobs import Job
from service.models import Way
from service.networks import Turnstile
from service.settings import Settings, settings
from workers.inbound import certificate
from workers.inbound.certificate import Certificate
from workers.inbound.desk import Desk
from workers.inbound.reception import Lmtp, Reception, peer_of
from workers.inbound.shares import Shares

log = structlog.get_logger(__name__)

MOST_CONNECTIONS = 200
MOST_OF_ONE = 50
"""Connections of one network; trusted ones may have all."""
SECONDS_BETWEEN_BELLS = 0.25
BUSY = b"421 4.3.2 Too many connections, try again later\r\n"
TOO_FAST = b"421 4.7.0 Too much from your network, try again later\r\n"
RECEPTIONS = {Way.SMTP: Reception, Way.LMTP: Lmtp}


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


class Porter(asyncio.Protocol):
    """Meets each connection first: turns away whom there is no room for, and leaves the rest to a reception."""

    def __init__(self, reception: Callable[[], Reception], open_: set[Reception], turnstile: Turnstile) -> None:
        self._reception = reception
        self._open = open_
        self._turnstile = turnstile

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are transports without being derived from asyncio's.
        transport = cast("asyncio.Transport", transport)
        refusal = self._refusal(peer_of(transport))
        if refusal:
            transport.write(refusal)
            transport.close()
            return
        reception = self._reception()
        transport.set_protocol(reception)
        reception.connection_made(transport)

    def _refusal(self, peer: str) -> bytes:
        network = networks.of(peer)
        if len(self._open) >= MOST_CONNECTIONS:
            return BUSY
        if network is None or self._turnstile.trusts(peer):
            return b""
        if sum(networks.of(other.peer) == network for other in self._open) >= MOST_OF_ONE:
            return BUSY
        return b"" if self._turnstile.admit(peer) else TOO_FAST


@asynccontextmanager
async def listening(
    address: str,
    *,
    way: Way = Way.SMTP,
    ring: Callable[[], None] | None = None,
    turnstile: Turnstile | None = None,
    tls: Certificate | None = None,
) -> AsyncIterator[str]:
    """Listen on "host:port" (port 0: any free one) or a socket's path, and give the address listened on.

    What is being stored is finished. `ring` tells the sorter that there is something; by default the broker's bell for
    Job.SORT.
    """
    domain = settings().return_path_domain
    bell = Bell(ring or (lambda: jobs.ring(Job.SORT)))
    turnstile = turnstile or _turnstile(settings())
    desk = Desk(domain, way=way, stored=bell, shares=Shares(turnstile))
    open_: set[Reception] = set()

    def reception() -> Reception:
        context = tls.context() if tls else None
        return RECEPTIONS[way](desk, open_, hostname=domain, tls_context=context, loop=asyncio.get_running_loop())

    server = await _server(address, lambda: Porter(reception, open_, turnstile))
    try:
        yield _where(server)
    finally:
        server.close()
        await desk.close()
        bell.close()
        for connection in tuple(open_):
            if connection.transport is not None:
                connection.transport.close()


def _turnstile(found: Settings) -> Turnstile:
    return Turnstile(found.inbound_per_minute, networks.listed(found.inbound_trusted))


async def _server(address: str, protocol: Callable[[], asyncio.BaseProtocol]) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    if address.startswith("/"):
        Path(address).unlink(missing_ok=True)
        server = await loop.create_unix_server(protocol, address, backlog=1024)
        # Who may connect is said by the folder it lies in: the mail server is another account.
        Path(address).chmod(0o666)
        return server
    host, _, port = address.rpartition(":")
    return await loop.create_server(protocol, host.strip("[]"), int(port), backlog=1024)


def _where(server: asyncio.Server) -> str:
    name = server.sockets[0].getsockname()
    return name if isinstance(name, str) else "{}:{}".format(*name[:2])


async def serve(found: Settings, *, say: Callable[[str], None]) -> None:
    """Listen until SIGTERM or SIGINT, by SMTP and, where it is asked for, LMTP; `say` is told where."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        tls = certificate.given(found)
        where = await stack.enter_async_context(listening(found.inbound_listen, tls=tls))
        if found.inbound_lmtp:
            lmtp = await stack.enter_async_context(listening(found.inbound_lmtp, way=Way.LMTP))
            log.info("inbound listening", address=lmtp, by="lmtp")
        say(f"listening on {where}")
        log.info("inbound listening", address=where, by="smtp", tls=tls is not None)
        await stop.wait()
    log.info("inbound stopped")
