"""An account at a provider, by its URL: where its API is, with which key, how its webhooks name a delivery."""

from __future__ import annotations

from urllib.parse import quote

from workers.relays.relay import Envelope
from workers.relays.url import Place, is_loopback


def base(place: Place, host: str = "") -> str:
    """Where a provider's API is: https, or with ?scheme=http on this machine. Raises ValueError for http elsewhere."""
    host = host or place.host
    scheme = place.options.get("scheme", "https")
    if scheme not in {"http", "https"} or (scheme == "http" and not is_loopback(host)):
        raise ValueError(f"{place.scheme}:// is spoken over https only")
    bare = f"[{host}]" if ":" in host else host
    return f"{scheme}://{bare}:{place.port}" if place.port else f"{scheme}://{bare}"


def credential(place: Place, secret: str | None) -> str:
    """The key, as a header can carry it. Raises ValueError when there is none."""
    if not secret or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise ValueError(f"{place.scheme}:// needs the account's key before the @, percent-encoded")
    return secret


def segment(text: str) -> str:
    """Text as one segment of a path."""
    return quote(text, safe="")


def tag(envelope: Envelope) -> str:
    """What the provider's webhooks will name this delivery by: the local part of its signed return path."""
    return envelope.return_path.partition("@")[0] or envelope.envid
