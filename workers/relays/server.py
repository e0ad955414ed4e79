"""SMTP and LMTP servers by URL: smtp://, smtp+starttls://, smtps://, lmtp://."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from workers.relays.url import Place, is_loopback


class Security(StrEnum):
    """How the talk is protected."""

    CLEAR = "clear"
    STARTTLS = "starttls"
    TLS = "tls"


# RFC 8314: submission is 587 with STARTTLS or 465 with TLS from the first byte. LMTP has no port of its own; it never
# is 25 (RFC 2033 5), and 24 is what IANA calls "any private mail system".
SECURITY = {
    "smtp": Security.CLEAR,
    "smtp+starttls": Security.STARTTLS,
    "smtps": Security.TLS,
    "lmtp": Security.CLEAR,
    "lmtp+starttls": Security.STARTTLS,
}
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465, "lmtp": 24, "lmtp+starttls": 24}


@dataclass(frozen=True, slots=True)
class Server:
    """One server: on `host` and `port`, or on the Unix `socket`. `hello` is the name we give there.

    `ca`: a file of certificates to trust instead of the system's.
    Raises ValueError for a name and password that would travel in the clear beyond this machine.
    """

    host: str
    port: int
    security: Security = Security.CLEAR
    user: str | None = None
    password: str = field(default="", repr=False)
    ca: str | None = None
    lmtp: bool = False
    socket: str | None = None
    hello: str = "localhost"

    def __post_init__(self) -> None:
        if self.user is None or self.security is not Security.CLEAR or self.socket or is_loopback(self.host):
            return
        raise ValueError("a relay with a password needs TLS: write smtp+starttls:// or smtps://")


def server(place: Place) -> Server:
    """The server at this place. Raises ValueError."""
    place.only("ca", "hello")
    if place.scheme not in SECURITY:
        raise ValueError("a server is smtp://host, smtp+starttls://user:password@host, smtps://… or lmtp://…")
    lmtp = place.scheme.startswith("lmtp")
    socket = place.path if lmtp and not place.host else None
    if place.path and not socket:
        raise ValueError(f"{place.scheme}:// has no path after its host")
    hello = place.options.get("hello", "localhost")
    if not hello.isascii() or not hello.isprintable() or " " in hello:
        raise ValueError("hello= is not a host name")
    return Server(
        host=place.host or "localhost",
        port=place.port or PORTS[place.scheme],
        security=SECURITY[place.scheme],
        user=place.user,
        password=place.password,
        ca=place.options.get("ca"),
        lmtp=lmtp,
        socket=socket,
        hello=hello,
    )
