"""AUTH PLAIN and AUTH LOGIN (RFC 4954, RFC 4616): only ever called where the wire is TLS or the host this machine."""

from __future__ import annotations

from base64 import b64encode

from workers.relays.dialogue import Dialogue
from workers.relays.relay import LoginRefused, Unavailable
from workers.relays.replies import Reply


async def log_in(dialogue: Dialogue, user: str, password: str, mechanisms: frozenset[str]) -> None:
    """Log in by the first way the server offers. Raises LoginRefused for 5xx, Unavailable for what may pass."""
    if "PLAIN" in mechanisms:
        secret = _base64(f"\0{user}\0{password}")
        reply = await dialogue.ask(f"AUTH PLAIN {secret}")
    elif "LOGIN" in mechanisms:
        reply = await _in_turn(dialogue, user, password)
    else:
        raise LoginRefused("offers neither AUTH PLAIN nor AUTH LOGIN")
    if 400 <= reply.code < 500:
        raise Unavailable(reply.text, reply.code)
    if reply.code != 235:
        raise LoginRefused(reply.text, reply.code)


async def _in_turn(dialogue: Dialogue, user: str, password: str) -> Reply:
    reply = await dialogue.ask("AUTH LOGIN")
    for secret in (user, password):
        if reply.code != 334:
            break
        reply = await dialogue.ask(_base64(secret))
    return reply


def _base64(secret: str) -> str:
    return b64encode(secret.encode()).decode()
