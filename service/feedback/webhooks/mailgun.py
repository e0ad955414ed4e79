"""Mailgun's webhooks (https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-payloads).

Its signature covers a time and a token, not what is told: a token is good for one body, once and for some hours.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from service.feedback.event import Event
from service.feedback.webhooks import document, saying
from service.feedback.webhooks.contract import Forged, Post, Told
from service.settings import Settings

LASTS = timedelta(hours=9)
"""Mailgun tries again for eight hours."""
AHEAD = timedelta(minutes=5)
_TOKEN = re.compile(r"[A-Za-z0-9]{20,100}")
_TIME = re.compile(r"[0-9]{9,11}")
# What it means that Mailgun did not even try: its own lists.
SUPPRESSED = {"suppress-bounce": "5.2.1", "suppress-complaint": "5.7.1", "suppress-unsubscribe": "5.7.1"}


def is_open(settings: Settings) -> bool:
    """The operator gave the signing key."""
    return bool(settings.mailgun_webhook_key.get_secret_value())


def check(post: Post, settings: Settings) -> str:
    """The token is the key. Raises Forged, Unreadable."""
    found = document.within(document.mapping(post.body), "signature")
    at, token, given = (document.text(found, name) for name in ("timestamp", "token", "signature"))
    if not _TOKEN.fullmatch(token) or not _TIME.fullmatch(at):
        raise Forged("form")
    key = settings.mailgun_webhook_key.get_secret_value().encode()
    made = hmac.new(key, f"{at}{token}".encode(), sha256).hexdigest()
    if not hmac.compare_digest(made.encode(), given.encode(errors="replace")):
        raise Forged("signature")
    age = post.at - datetime.fromtimestamp(int(at), UTC)
    if not -AHEAD <= age <= LASTS:
        raise Forged("time")
    return token


def confirmation(body: bytes) -> str:  # noqa: ARG001 - the contract
    """Mailgun asks for none."""
    return ""


def read(body: bytes) -> tuple[Told, ...]:
    """One event at most. Raises Unreadable."""
    found = document.within(document.mapping(body), "event-data")
    event = _event(found)
    if event is None:
        return ()
    return (
        Told(
            event,
            document.text(found, "id")[:200],
            tag=document.text(found, "user-variables", "delivery"),
            message_id=document.text(found, "message", "headers", "message-id"),
        ),
    )


def _event(found: Mapping[str, Any]) -> Event | None:
    recipient = document.text(found, "recipient")
    match document.text(found, "event"):
        case "failed":
            return _failed(found, recipient)
        case "rejected":
            return saying.delivery_status(
                "failed", recipient, status="5.7.1", words=document.text(found, "reject", "reason")
            )
        case "complained":
            return saying.complaint("abuse", recipient)
        case "delivered":
            return saying.delivery_status(
                "delivered", recipient, words=document.text(found, "delivery-status", "message")
            )
        case "unsubscribed":
            return saying.left(recipient, "unsubscribed")
    return None


def _failed(found: Mapping[str, Any], recipient: str) -> Event:
    """Temporary ones are tried on; what Mailgun refuses by its own lists has a status of no server."""
    answer = document.within(found, "delivery-status")
    reason, code = document.text(found, "reason"), document.text(answer, "code")
    status = SUPPRESSED.get(reason, document.text(answer, "enhanced-code"))
    said = document.text(answer, "message") or document.text(answer, "description") or reason
    # Codes of 600 and more are Mailgun's own.
    words = f"{code} {said}" if len(code) == 3 and code[0] in "45" and not said.startswith(code) else said
    action = "delayed" if document.text(found, "severity") == "temporary" else "failed"
    return saying.delivery_status(action, recipient, status=status, words=words)
