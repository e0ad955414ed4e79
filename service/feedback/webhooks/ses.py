"""Amazon SES by SNS: its identity notifications and its event publishing, which differ in the name of one field.

Whoever can make SNS post to us has an account there: so a topic must be one of ours, and the certificate comes from the
one host of its region (https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html).
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.x509 import load_pem_x509_certificate

from service.feedback.event import Event
from service.feedback.webhooks import document, saying
from service.feedback.webhooks.contract import Forged, Post, Told, Unreadable
from service.settings import Settings

LASTS = timedelta(minutes=65)
"""SNS tries again for an hour at most."""
AHEAD = timedelta(minutes=5)
HASHES: Mapping[str, HashAlgorithm] = {"1": SHA1(), "2": SHA256()}  # noqa: S303 - version 1 is SNS's default
SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
CONFIRMS = "SubscriptionConfirmation"
_CERTIFICATE = re.compile(r"/SimpleNotificationService-[0-9a-zA-Z]{16,64}\.pem")
_MESSAGE_ID = re.compile(r"[0-9A-Za-z-]{10,100}")
# What SES says where the server's words are missing, by type and subtype of the bounce.
STATUSES = {
    ("Permanent", "General"): "5.1.1",
    ("Permanent", "NoEmail"): "5.1.1",
    ("Permanent", "Suppressed"): "5.2.1",
    ("Permanent", "OnAccountSuppressionList"): "5.2.1",
    ("Transient", "MailboxFull"): "5.2.2",
    ("Transient", "MessageTooLarge"): "5.3.4",
    ("Transient", "ContentRejected"): "5.6.0",
    ("Transient", "AttachmentRejected"): "5.6.0",
}


def is_open(settings: Settings) -> bool:
    """The operator named topics."""
    return bool(_topics(settings))


def check(post: Post, settings: Settings) -> str:
    """SNS's own id is the key. Raises Forged, Unreadable, and what `fetch` raises.

    The topic first, then the address of the certificate, before anything is fetched.
    """
    found = document.mapping(post.body)
    topic, kind = document.text(found, "TopicArn"), document.text(found, "Type")
    if topic not in _topics(settings) or kind not in SIGNED:
        raise Forged("topic")
    where = document.text(found, "SigningCertURL")
    if not _is_at(where, topic) or not _CERTIFICATE.fullmatch(urlsplit(where).path) or urlsplit(where).query:
        raise Forged("certificate")
    if kind != "Notification" and not _confirms(document.text(found, "SubscribeURL"), topic):
        raise Forged("subscription")
    if not -AHEAD <= post.at - _moment(document.text(found, "Timestamp")) <= LASTS:
        raise Forged("time")
    _verify(found, kind, post.fetch(where), post.at)
    id_ = document.text(found, "MessageId")
    if not _MESSAGE_ID.fullmatch(id_):
        raise Unreadable
    return id_


def _topics(settings: Settings) -> frozenset[str]:
    return frozenset(part.strip() for part in settings.ses_topics.split(",") if part.strip())


def _is_at(url: str, topic: str) -> bool:
    """Whether this is https at the SNS host of the topic's region, and at no port, user or look-alike of it."""
    _, partition, _, region, *_ = topic.split(":")
    ending = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
    return url.startswith(f"https://sns.{region}.{ending}/")


def _confirms(url: str, topic: str) -> bool:
    return _is_at(url, topic) and urlsplit(url).path == "/" and "Action=ConfirmSubscription" in urlsplit(url).query


def _moment(written: str) -> datetime:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise Forged("time") from None
    if found.tzinfo is None:
        raise Forged("time")
    return found


def _verify(found: Mapping[str, Any], kind: str, pem: bytes, at: datetime) -> None:
    algorithm = HASHES.get(document.text(found, "SignatureVersion"))
    if algorithm is None:
        raise Forged("version")
    # SNS names no Subject where there is none, and signs none then.
    fields = ((name, found[name]) for name in SIGNED[kind] if found.get(name) is not None)
    signed = "".join(f"{name}\n{value}\n" for name, value in fields)
    try:
        certificate = load_pem_x509_certificate(pem)
        key = certificate.public_key()
        signature = b64decode(document.text(found, "Signature"), validate=True)
        if not isinstance(key, RSAPublicKey) or not (
            certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
        ):
            raise Forged("certificate")
        key.verify(signature, signed.encode(), PKCS1v15(), algorithm)
    except (binascii.Error, ValueError, InvalidSignature):
        raise Forged("signature") from None


def confirmation(body: bytes) -> str:
    """The address that subscribes us to a topic of ours; `check` has held it against the topic's host."""
    found = document.mapping(body)
    return document.text(found, "SubscribeURL") if document.text(found, "Type") == CONFIRMS else ""


def read(body: bytes) -> tuple[Told, ...]:
    """One event for each recipient. Raises Unreadable."""
    envelope = document.mapping(body)
    if document.text(envelope, "Type") != "Notification":
        return ()
    try:
        found = document.mapping(str(envelope.get("Message")))
    except Unreadable:
        return ()  # SNS is also written to by hand, and by others than SES
    kind = document.text(found, "notificationType") or document.text(found, "eventType")
    reader = READERS.get(kind)
    return tuple(_told(found, kind, reader(found))) if reader else ()


def _told(found: Mapping[str, Any], kind: str, events: Iterable[Event]) -> Iterable[Told]:
    mail, about = document.within(found, "mail"), document.within(found, _field(kind))
    tags = document.within(mail, "tags").get("delivery")
    tag = str(tags[0]) if isinstance(tags, list) and tags else document.text(mail, "source").partition("@")[0]
    headers = {
        document.text(one, "name").lower(): document.text(one, "value") for one in document.rows(mail, "headers")
    }
    provider_id = document.text(mail, "messageId")
    id_ = document.text(about, "feedbackId") or f"{kind}.{provider_id}.{document.text(about, 'timestamp')}"
    for number, event in enumerate(events):
        yield Told(event, f"{id_}.{number}"[:200], tag, headers.get("message-id", "").strip("<>"), provider_id)


def _field(kind: str) -> str:
    return kind[:1].lower() + kind[1:]


def _bounce(found: Mapping[str, Any]) -> list[Event]:
    said = document.within(found, "bounce")
    of = (document.text(said, "bounceType"), document.text(said, "bounceSubType"))
    return [_bounced(one, *of) for one in document.rows(said, "bouncedRecipients")]


def _bounced(one: Mapping[str, Any], kind: str, subtype: str) -> Event:
    address, words = document.text(one, "emailAddress"), document.text(one, "diagnosticCode")
    status = document.text(one, "status") or STATUSES.get((kind, subtype), "")
    if not status and not words:
        # Transient and General, mostly: absence notices are among them, so it moves nothing.
        return saying.unclear(address, f"{kind} {subtype}")
    return saying.delivery_status("failed", address, status=status, words=words or f"{kind} {subtype}")


def _complaint(found: Mapping[str, Any]) -> list[Event]:
    said = document.within(found, "complaint")
    kind = document.text(said, "complaintFeedbackType")
    return [
        saying.complaint(kind, document.text(one, "emailAddress"))
        for one in document.rows(said, "complainedRecipients")
    ]


def _delivery(found: Mapping[str, Any]) -> list[Event]:
    said = document.within(found, "delivery")
    words, recipients = document.text(said, "smtpResponse"), said.get("recipients")
    named = [one for one in recipients if isinstance(one, str)] if isinstance(recipients, list) else []
    return [saying.delivery_status("delivered", address, words=words) for address in named]


def _delay(found: Mapping[str, Any]) -> list[Event]:
    said = document.within(found, "deliveryDelay")
    return [
        saying.delivery_status(
            "delayed",
            document.text(one, "emailAddress"),
            status=document.text(one, "status"),
            words=document.text(one, "diagnosticCode") or document.text(said, "delayType"),
        )
        for one in document.rows(said, "delayedRecipients")
    ]


def _reject(found: Mapping[str, Any]) -> list[Event]:
    """SES took it and then found a virus in it."""
    words = document.text(found, "reject", "reason")
    addresses = document.within(found, "mail").get("destination")
    named = [one for one in addresses if isinstance(one, str)] if isinstance(addresses, list) else []
    return [saying.delivery_status("failed", one, status="5.6.0", words=f"554 5.6.0 {words}") for one in named]


READERS: Mapping[str, Callable[[Mapping[str, Any]], list[Event]]] = {
    "Bounce": _bounce,
    "Complaint": _complaint,
    "Delivery": _delivery,
    "DeliveryDelay": _delay,
    "Reject": _reject,
}
