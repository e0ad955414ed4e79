"""Where relays are, read from URLs: what they have in common. What a path or an option means is known by its kind."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

COMMON = frozenset({"name", "weight"})
HEAVIEST = 1000
_NAME = re.compile(r"[A-Za-z0-9._:\[\]-]{1,63}")


@dataclass(frozen=True, slots=True)
class Place:
    """One URL, read. User and password are kept out of every repr; `weight` 0 is a relay for when no other answers."""

    scheme: str
    host: str
    port: int | None = None
    user: str | None = field(default=None, repr=False)
    password: str = field(default="", repr=False)
    path: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    weight: int = 1

    def only(self, *known: str) -> None:
        """Raises ValueError for an option that is not known."""
        unknown = self.options.keys() - set(known)
        if unknown:
            raise ValueError(f"{self.scheme}:// has no option {', '.join(sorted(unknown))}")


def parse(url: str) -> Place:
    """Read one URL; user, password and path are percent-encoded.

    Raises ValueError, never quoting the URL: it holds secrets.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    except ValueError:
        raise ValueError("is not a URL: scheme://user:password@host:port?option=value, percent-encoded") from None
    host, path = parts.hostname or "", unquote(parts.path).rstrip("/")
    if not parts.scheme or not (host or path):
        raise ValueError("is not a URL: scheme://user:password@host:port?option=value, percent-encoded")
    return Place(
        scheme=parts.scheme,
        host=host,
        port=port,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password or ""),
        path=path,
        options={key: value for key, value in options.items() if key not in COMMON},
        name=_name(options.get("name") or _usual_name(host or path.rpartition("/")[2], port)),
        weight=_weight(options.get("weight", "1")),
    )


def parse_all(text: str) -> tuple[Place, ...]:
    """Read one or several URLs separated by white space. Raises ValueError, saying which of them by its number."""
    places: list[Place] = []
    for number, url in enumerate(text.split(), start=1):
        try:
            place = parse(url)
        except ValueError as fault:
            raise ValueError(f"relay {number} {fault}") from None
        if place.name in {other.name for other in places}:
            raise ValueError(f"relay {number} has the name of another; give it one of its own: ?name=second")
        places.append(place)
    if not places:
        raise ValueError("no relay is named")
    return tuple(places)


def is_loopback(host: str) -> bool:
    """Nothing that is said to this host leaves the machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _usual_name(host: str, port: int | None) -> str:
    bare = f"[{host}]" if ":" in host else host
    return f"{bare}:{port}" if port else bare


def _name(name: str) -> str:
    if _NAME.fullmatch(name) is None:
        raise ValueError("has a name that is not 1 to 63 letters, digits, dots, hyphens and underscores")
    return name


def _weight(weight: str) -> int:
    if not weight.isdecimal() or int(weight[:9]) > HEAVIEST:
        raise ValueError(f"has a weight that is not a whole number from 0 to {HEAVIEST}")
    return int(weight)
