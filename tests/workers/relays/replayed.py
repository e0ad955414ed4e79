"""A provider's API that answers what was recorded, over real sockets, and remembers what it was asked."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).parents[2] / "recorded" / "relays"
PROVIDERS = ("ses", "postmark", "mailgun", "sendgrid")


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, bytes]:
        """A multipart form, read by the standard library and not by what wrote it."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        parts = message_from_bytes(head + self.body, policy=policy.HTTP).iter_parts()
        return {str(part.get_param("name", header="content-disposition")): _bytes(part) for part in parts}


def _bytes(part: Any) -> bytes:
    if part.get_content_type() == "message/rfc822":
        return bytes(part.get_payload(0).as_bytes(policy=policy.SMTP))
    return bytes(part.get_payload(decode=True))


@dataclass(frozen=True)
class Recorded:
    """One recorded answer."""

    status: int
    headers: dict[str, str]
    body: Any

    @classmethod
    def of(cls, provider: str, name: str) -> "Recorded":
        return cls(**document(provider, name)["response"])

    def raw(self) -> bytes:
        body = (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()
        lines = [f"HTTP/1.1 {self.status} Recorded", *(f"{name}: {value}" for name, value in self.headers.items())]
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def document(provider: str, name: str) -> Any:
    return json.loads((RECORDED / provider / f"{name}.json").read_text(encoding="utf-8"))


def names(provider: str) -> list[str]:
    return sorted(path.stem for path in (RECORDED / provider).glob("*.json") if path.stem != "empty")


Turn = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Replayed:
    """Where it listens; what it was asked, in order over all connections."""

    port: int
    asked: list[Asked] = field(default_factory=list)

    def url(self, provider: str, *, scheme: str = "http", host: str = "127.0.0.1", options: str = "") -> str:
        user, rest = {
            "ses": ("AKIDEXAMPLE:secret%2Fkey@", "&region=eu-central-1"),
            "postmark": ("secret-key@", "&stream=press"),
            "mailgun": ("secret-key@", ""),
            "sendgrid": ("secret-key@", ""),
        }[provider]
        path = "/mg.rivers.example" if provider == "mailgun" else ""
        return f"{provider}://{user}{host}:{self.port}{path}?scheme={scheme}{rest}{options}"


@asynccontextmanager
async def replaying(*turns: Recorded | Turn, tls: ssl.SSLContext | None = None) -> AsyncIterator[Replayed]:
    """Answers the n-th request with the n-th turn: what was recorded, or what a function does with the socket."""
    left = list(turns)
    found = Replayed(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, EOFError, ssl.SSLError, asyncio.CancelledError):
            while True:
                if left and not isinstance(left[0], Recorded):
                    await left.pop(0)(reader, writer)  # type: ignore[operator]
                    break
                found.asked.append(await read(reader))
                writer.write(left.pop(0).raw())  # type: ignore[union-attr]
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()


async def read(reader: asyncio.StreamReader) -> Asked:
    """One whole request."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    return Asked(method, path, headers, await reader.readexactly(int(headers.get("content-length", "0"))))
