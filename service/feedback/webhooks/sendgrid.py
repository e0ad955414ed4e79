"""SendGrid's signed event webhook (https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event).

An ECDSA signature over time and body; a post holds many events, some of them perhaps of other mail of the account.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from service.feedback.event import Event
from service.feedback.webhooks import document, saying
from service.feedback.webhooks.contract import Forged, Post, Told, Unreadable
from service.settings import Settings

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
LASTS = timedelta(hours=25)
"""SendGrid tries again for a day."""
AHEAD = timedelta(minutes=5)
MOST = 5000
_TIME = re.compile(r"[0-9]{9,11}")
# Why it dropped a mail without trying, in its words.
DROPPED = {"invalid": "5.1.3", "bounced address": "5.2.1"}


def is_open(settings: Settings) -> bool:
    """The operator gave the verification key."""
    return bool(settings.sendgrid_webhook_key)


def check(post: Post, settings: Settings) -> str:
    """The body is the key. Raises Forged, Unreadable."""
    at, given = post.headers.get(TIMESTAMP, ""), post.headers.get(SIGNATURE, "")
    try:
        signature = b64decode(given, validate=True)
        _key(settings.sendgrid_webhook_key).verify(signature, at.encode() + post.body, ECDSA(SHA256()))
    except (binascii.Error, ValueError, InvalidSignature):
        raise Forged("signature") from None
    if not _TIME.fullmatch(at):
        raise Forged("time")
    if not -AHEAD <= post.at - datetime.fromtimestamp(int(at), UTC) <= LASTS:
        raise Forged("time")
    _events(post.body)
    return sha256(post.body).hexdigest()


@cache
def _key(text: str) -> EllipticCurvePublicKey:
    """The key as SendGrid shows it: base64 of its DER form. Raises ValueError."""
    try:
        found = load_der_public_key(b64decode(text, validate=True))
    except UnsupportedAlgorithm as fault:
        raise ValueError(str(fault)) from None
    if not isinstance(found, EllipticCurvePublicKey):
        raise ValueError("not an elliptic curve")  # noqa: TRY004 - what is wrong is the text
    return found


def confirmation(body: bytes) -> str:  # noqa: ARG001 - the contract
    """SendGrid asks for none."""
    return ""


def read(body: bytes) -> tuple[Told, ...]:
    """All events of the post that concern us. Raises Unreadable."""
    return tuple(told for found in _events(body) if (told := _told(found)) is not None)


def _events(body: bytes) -> list[Mapping[str, Any]]:
    found = document.load(body)
    if not isinstance(found, list) or len(found) > MOST:
        raise Unreadable
    return [one for one in found if isinstance(one, dict)]


def _told(found: Mapping[str, Any]) -> Told | None:
    event = _event(found)
    if event is None:
        return None
    return Told(
        event,
        document.text(found, "sg_event_id")[:200],
        tag=document.text(found, "delivery"),
        message_id=document.text(found, "smtp-id").strip("<>"),
        # The id it answered with, before what its machines added.
        provider_id=document.text(found, "sg_message_id").partition(".")[0],
    )


def _event(found: Mapping[str, Any]) -> Event | None:
    recipient, reason = document.text(found, "email"), document.text(found, "reason")
    match document.text(found, "event"):
        case "bounce":
            # "blocked" and "bounce" alike: the server's words say which of the two it is.
            return saying.delivery_status("failed", recipient, status=document.text(found, "status"), words=reason)
        case "dropped":
            status = DROPPED.get(reason.lower(), "5.7.1")
            return saying.delivery_status("failed", recipient, status=status, words=reason)
        case "deferred":
            words = document.text(found, "response") or reason
            return saying.delivery_status("delayed", recipient, status=document.text(found, "status"), words=words)
        case "delivered":
            return saying.delivery_status("delivered", recipient, words=document.text(found, "response"))
        case "spamreport":
            return saying.complaint("abuse", recipient)
        case "unsubscribe" | "group_unsubscribe":
            return saying.left(recipient, document.text(found, "event"))
    return None
