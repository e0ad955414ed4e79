"""Postmark's webhooks (https://postmarkapp.com/developer/webhooks/webhooks-overview), all kinds by one address.

They are not signed: Postmark sends the name and password that its webhook's URL was given, by HTTP Basic.
"""

import binascii
import hmac
from base64 import b64decode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from service.feedback.event import Event
from service.feedback.webhooks import document, saying
from service.feedback.webhooks.contract import Forged, Post, Told
from service.settings import Settings

# Types of bounce that are none: https://postmarkapp.com/developer/api/bounce-api#bounce-types
ROBOTS = frozenset({"AutoResponder", "ChallengeVerification"})
NOBODYS = frozenset({"AddressChange", "OpenRelayTest", "Subscribe", "InboundError", "TemplateRenderingFailed"})
# Postmark goes on trying.
DELAYED = frozenset({"Transient"})
# What a type says by itself, where the server's own words are missing.
STATUSES = {
    "HardBounce": "5.1.1",
    "BadEmailAddress": "5.1.3",
    "ManuallyDeactivated": "5.2.1",
    "Blocked": "5.7.1",
    "SpamNotification": "5.7.1",
    "DMARCPolicy": "5.7.1",
    "VirusNotification": "5.6.0",
    "DnsError": "5.4.4",
    "SoftBounce": "5.0.0",
}


def is_open(settings: Settings) -> bool:
    """The operator chose a login."""
    return bool(settings.postmark_webhook.get_secret_value())


def check(post: Post, settings: Settings) -> str:
    """The body is the key: what Postmark sends again is the same. Raises Forged."""
    scheme, _, given = post.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic" or not _is_login(given.strip(), settings.postmark_webhook.get_secret_value()):
        raise Forged("login")
    document.mapping(post.body)
    return sha256(post.body).hexdigest()


def _is_login(given: str, login: str) -> bool:
    try:
        found = b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(found, login.encode())


def confirmation(body: bytes) -> str:  # noqa: ARG001 - the contract
    """Postmark asks for none."""
    return ""


def read(body: bytes) -> tuple[Told, ...]:
    """One event at most. Raises Unreadable."""
    found = document.mapping(body)
    reader = READERS.get(document.text(found, "RecordType"))
    told = reader(found) if reader else None
    if told is None:
        return ()
    event, id_ = told
    tag, mail = document.text(found, "Metadata", "delivery"), document.text(found, "MessageID")
    return (Told(event, f"{document.text(found, 'RecordType')}.{id_}"[:200], tag=tag, provider_id=mail),)


def _bounce(found: Mapping[str, Any]) -> tuple[Event, str]:
    kind, recipient = document.text(found, "Type"), document.text(found, "Email")
    words = document.text(found, "Details") or document.text(found, "Description")
    return _bounced(kind, recipient, words), document.text(found, "ID")


def _bounced(kind: str, recipient: str, words: str) -> Event:
    if kind == "SpamComplaint":
        return saying.complaint("abuse", recipient)
    if kind == "Unsubscribe":
        return saying.left(recipient, words)
    if kind in ROBOTS:
        return saying.absent(recipient, words)
    if kind in NOBODYS:
        return saying.unclear(recipient, words)
    action = "delayed" if kind in DELAYED else "failed"
    return saying.delivery_status(action, recipient, status=STATUSES.get(kind, ""), words=words)


def _complaint(found: Mapping[str, Any]) -> tuple[Event, str]:
    return saying.complaint("abuse", document.text(found, "Email")), document.text(found, "ID")


def _delivery(found: Mapping[str, Any]) -> tuple[Event, str]:
    words, recipient = document.text(found, "Details"), document.text(found, "Recipient")
    return saying.delivery_status("delivered", recipient, words=words), document.text(found, "MessageID")


def _subscription(found: Mapping[str, Any]) -> tuple[Event, str] | None:
    """Only what the person did: what Postmark suppresses for a bounce or a complaint it tells of by itself."""
    by_hand = document.text(found, "SuppressionReason") == "ManualSuppression"
    if found.get("SuppressSending") is not True or not by_hand or document.text(found, "Origin") != "Recipient":
        return None
    id_ = f"{document.text(found, 'MessageID')}.{document.text(found, 'ChangedAt')}"
    return saying.left(document.text(found, "Recipient"), "SubscriptionChange"), id_


READERS = {
    "Bounce": _bounce,
    "SpamComplaint": _complaint,
    "Delivery": _delivery,
    "SubscriptionChange": _subscription,
}
