"""A server that says what the test wants, over real sockets."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from workers.relays.relay import Envelope

T = TypeVar("T")

MESSAGE = b"From: Ada <ada@newsroom.example>\r\nSubject: Saltmarsh\r\n\r\nThe tide returns.\r\n"


class Run(Protocol):
    """asyncio.run or uvloop.run."""

    def __call__(self, main: Coroutine[Any, Any, T], /) -> T: ...


def to_ben(message: bytes = MESSAGE, *, recipient: str = "ben@science.example") -> Envelope:
    return Envelope(return_path="b-1@newsroom.example", recipient=recipient, message=message)


@dataclass
class Peer:
    """The server's end of one connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    heard: list[bytes] = field(default_factory=list)

    async def say(self, *lines: str | bytes) -> None:
        raw = [line.encode() if isinstance(line, str) else line for line in lines]
        self.writer.write(b"".join(line + b"\r\n" for line in raw))
        await self.writer.drain()

    async def hear(self) -> bytes:
        line = await self.reader.readuntil(b"\r\n")
        self.heard.append(line[:-2])
        return line[:-2]

    async def hear_message(self) -> bytes:
        return await self.reader.readuntil(b"\r\n.\r\n")

    async def welcome(self, *offers: str) -> None:
        await self.say("220 here")
        await self.be_greeted(*offers)

    async def be_greeted(self, *offers: str) -> None:
        await self.hear()
        lines = ("scripted", *offers)
        await self.say(*(f"250-{line}" for line in lines[:-1]), f"250 {lines[-1]}")

    async def take(self, *, answer: str = "250 2.0.0 Ok") -> bytes:
        """One whole pipelined transaction."""
        for _ in range(3):
            await self.hear()
        await self.say("250 Ok", "250 Ok", "354 Go ahead")
        message = await self.hear_message()
        await self.say(answer)
        return message


Script = Callable[[Peer], Awaitable[None]]


@dataclass
class Scripted:
    """Where it listens, and what was said to it on all connections."""

    port: int
    heard: list[bytes]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@asynccontextmanager
async def serving(script: Script, tls: ssl.SSLContext | None = None) -> AsyncIterator[Scripted]:
    heard: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, EOFError, ssl.SSLError, asyncio.CancelledError):
            await script(Peer(reader, writer, heard))
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls)
    try:
        yield Scripted(server.sockets[0].getsockname()[1], heard)
    finally:
        server.close()
