"""Telling hubs and webhooks of a release. No transaction is open while they are talked to; no redirect is followed."""

import base64
import hmac
import time
from hashlib import sha256

import httpx2
import structlog

from service import db, installation
from service.newsroom import announcing
from service.newsroom.announcing import Message
from service.settings import Settings, webhook_key
from service.settings import settings as this_process

log = structlog.get_logger(__name__)

PATIENCE = 5.0
"""Seconds for one of them to answer."""


def announce(settings: Settings | None = None) -> bool:
    """Tell what is due; whether there may be more. Twice is the same as once, but what broke off may be told again."""
    settings = settings or this_process()
    with db.transaction() as session:
        if installation.hold_of(session):
            return False
        announcing.find(session, settings)
        claimed = announcing.claim(session, settings)
    with httpx2.Client(timeout=PATIENCE, follow_redirects=False, trust_env=False) as client:
        for message in claimed:
            answer = _tell(client, message, settings)
            with db.transaction() as session:
                announcing.settle(session, message.id, told=answer.startswith("2"), answer=answer)
            log.info("announced", announcement=str(message.id), target=message.target, answer=answer)
    return len(claimed) == announcing.IN_ONE_GO


def _tell(client: httpx2.Client, message: Message, settings: Settings) -> str:
    """The status that came back, or the name of what went wrong."""
    headers = {"Content-Type": message.content_type, "User-Agent": "Dateline"}
    if message.is_signed:
        headers |= signature(message, settings, int(time.time()))
    try:
        return str(client.post(message.url, content=message.body, headers=headers).status_code)
    except httpx2.HTTPError as fault:
        return type(fault).__name__


def signature(message: Message, settings: Settings, at: int) -> dict[str, str]:
    """The headers of Standard Webhooks 1.0: whoever has the secret can tell that it is us, and when it was."""
    key = webhook_key(settings.newsroom_webhook_secret.get_secret_value())
    signed = f"msg_{message.id.hex}.{at}.".encode() + message.body
    seal = base64.b64encode(hmac.digest(key, signed, sha256)).decode()
    return {"webhook-id": f"msg_{message.id.hex}", "webhook-timestamp": str(at), "webhook-signature": f"v1,{seal}"}
