"""A TCP proxy for one link of the service: it delays, goes silent, cuts, and shows a test every piece of bytes."""

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar, cast

T = TypeVar("T")
Upstream = Path | tuple[str, int]
# SO_LINGER of zero seconds: close() answers with RST instead of FIN.
RESET = struct.pack("ii", 1, 0)


class Toward(StrEnum):
    """Which way a piece of bytes travels."""

    SERVER = "server"
    CLIENT = "client"


class Pair:
    """One connection through the proxy: its two ends."""

    def __init__(self, proxy: "Proxy") -> None:
        self.proxy = proxy
        self.client: asyncio.Transport | None = None
        self.server: asyncio.Transport | None = None
        self.stranded = False
        self._late: dict[Toward, deque[bytes]] = {toward: deque() for toward in Toward}

    def reset(self) -> None:
        """Cut it with RST on both sides, whatever is under way."""
        for end in (self.client, self.server):
            if end is None or end.is_closing():
                continue
            found: socket.socket = end.get_extra_info("socket")
            if found.family != socket.AF_UNIX:
                found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            end.abort()
        self.proxy.pairs.discard(self)

    def close(self) -> None:
        """Say goodbye to both sides once what was written has left."""
        for end in (self.client, self.server):
            if end is not None:
                end.close()
        self.proxy.pairs.discard(self)

    def hush(self) -> None:
        """Forward nothing any more, and close nothing."""
        self.stranded = True
        for end in (self.client, self.server):
            if end is not None and not end.is_closing():
                end.pause_reading()

    def speak(self) -> None:
        """Go on where it went silent."""
        self.stranded = False
        for end in (self.client, self.server):
            if end is not None and not end.is_closing():
                end.resume_reading()

    def passes(self, toward: Toward, data: bytes) -> None:
        """A piece has come; what the test's tamper makes of it goes on, after the proxy's delay."""
        tamper = self.proxy.tamper
        left = data if tamper is None else tamper(self, toward, data)
        if not left:
            return
        late = self._late[toward]
        if not (self.proxy.delay or late):
            self.write(toward, left)
            return
        # In one queue, so that nothing overtakes what came before it when the delay becomes shorter.
        late.append(left)
        asyncio.get_running_loop().call_later(self.proxy.delay, self._write_next, toward)

    def _write_next(self, toward: Toward) -> None:
        self.write(toward, self._late[toward].popleft())

    def write(self, toward: Toward, data: bytes) -> None:
        """Send these bytes to one side."""
        end = self.server if toward is Toward.SERVER else self.client
        if end is not None and not end.is_closing():
            end.write(data)


Tamper = Callable[[Pair, Toward, bytes], bytes | None]
"""Sees each piece before it goes on, and says what does: the same, something else, or nothing."""


class _End(asyncio.Protocol):
    def __init__(self, pair: Pair, toward: Toward) -> None:
        self.pair, self.toward = pair, toward

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        found = cast("asyncio.Transport", transport)
        if self.toward is Toward.CLIENT:
            self.pair.server = found
            return
        self.pair.client = found
        found.pause_reading()
        self.pair.proxy.admit(self.pair)

    def data_received(self, data: bytes) -> None:
        self.pair.passes(self.toward, data)

    def connection_lost(self, _exc: Exception | None) -> None:
        # Over a dead wire the other side hears nothing of it.
        if not self.pair.stranded:
            self.pair.close()


class Proxy:
    """Listens on a port of this machine and forwards to a server; commands may come from any thread."""

    def __init__(self, upstream: Upstream, variable: str = "", url: str = "") -> None:
        self._upstream = upstream
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server: asyncio.Server | None = None
        self._silent = False
        self._tasks: set[asyncio.Task[None]] = set()
        self.pairs: set[Pair] = set()
        self.delay = 0.0
        self.tamper: Tamper | None = None
        self.port = 0
        self.open()
        self.env = {variable: url.format(port=self.port)} if variable else {}

    def open(self) -> None:
        """Listen, on the same port as before."""
        self._do(self._listen)

    def shut(self) -> None:
        """Refuse new connections, as a closed port does, and cut those there are."""
        self._do(self._unlisten)
        self.cut()

    def cut(self) -> None:
        """RST on every connection; new ones are welcome."""
        self._do(self._each(Pair.reset))

    def silence(self) -> None:
        """A black hole: connections stay, new ones are accepted, nothing passes."""
        self._silent = True
        self._do(self._each(Pair.hush))

    def strand(self) -> None:
        """The connections there are lead nowhere any more (half-open); new ones work."""
        self._do(self._each(Pair.hush))

    def release(self) -> None:
        """End the silence: what waited goes on."""
        self._silent = False
        self._do(self._each(Pair.speak))

    def close(self) -> None:
        """End everything."""
        self.shut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def admit(self, pair: Pair) -> None:
        """A client has come: connect it with the server."""
        self.pairs.add(pair)
        task = self._loop.create_task(self._connect(pair))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, pair: Pair) -> None:
        try:
            if isinstance(self._upstream, Path):
                await self._loop.create_unix_connection(lambda: _End(pair, Toward.CLIENT), str(self._upstream))
            else:
                await self._loop.create_connection(lambda: _End(pair, Toward.CLIENT), *self._upstream)
        except OSError:
            pair.reset()
            return
        if self._silent:
            pair.hush()
        elif pair.client is not None:
            pair.client.resume_reading()

    async def _listen(self) -> None:
        self._server = await self._loop.create_server(lambda: _End(Pair(self), Toward.SERVER), "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _unlisten(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None

    def _each(self, act: Callable[[Pair], None]) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            for pair in tuple(self.pairs):
                act(pair)

        return run

    def _do(self, act: Callable[[], Awaitable[T]]) -> T:
        async def run() -> T:
            return await act()

        return cast("T", asyncio.run_coroutine_threadsafe(cast("Any", run()), self._loop).result(10))
