"""Where a relay is, read from a URL."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qsl, unquote, urlsplit


class Security(StrEnum):
    """How the talk is protected; the value is the URL's scheme."""

    CLEAR = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


# RFC 8314: submission is 587 with STARTTLS or 465 with TLS from the first byte.
PORTS = {Security.CLEAR: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True, slots=True)
class Server:
    """One server. `ca`: a file of certificates to trust instead of the system's.

    Raises ValueError for a name and password that would travel in the clear beyond this machine.
    """

    host: str
    port: int
    security: Security = Security.CLEAR
    user: str | None = None
    password: str = field(default="", repr=False)
    ca: str | None = None

    def __post_init__(self) -> None:
        if self.user is not None and self.security is Security.CLEAR and not _is_loopback(self.host):
            raise ValueError("a relay with a password needs TLS: write smtp+starttls:// or smtps://")


def parse(url: str) -> Server:
    """Read smtp://host:port, smtp+starttls://user:password@host:587 or smtps://…, each with ?ca=FILE if need be.

    User and password are percent-encoded. Raises ValueError, never quoting the URL, as it holds the password.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    known = parts.scheme in set(Security) and not options.keys() - {"ca"}
    if not known or not parts.hostname or parts.path not in {"", "/"}:
        raise ValueError("a relay is smtp://host:port, smtp+starttls://user:password@host or smtps://…, with ?ca=FILE")
    security = Security(parts.scheme)
    return Server(
        host=parts.hostname,
        port=parts.port or PORTS[security],
        security=security,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password or ""),
        ca=options.get("ca"),
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
