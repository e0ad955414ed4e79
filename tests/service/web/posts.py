"""Posts as the providers make them: the recorded documents, filled in and signed with keys of our own."""

import hmac
import json
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from service.feedback.webhooks import ses
from service.settings import Settings, read

RECORDED = Path(__file__).parents[2] / "recorded" / "webhooks"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:ses-events"
CERTIFICATE = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-60eadc530605d63b8e62a523676ef735.pem"
CONFIRM = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=x&Token=2336412f37"
LOGIN = "postmark:a-password-of-some-length"
MAILGUN_KEY = "key-of-mailgun-for-tests"


@dataclass(frozen=True)
class Post:
    """A request to our door."""

    path: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def settings() -> Settings:
    """All four providers are known to us."""
    return read(
        base_url="http://press.dateline.example",
        ses_topics=TOPIC,
        postmark_webhook=LOGIN,
        mailgun_webhook_key=MAILGUN_KEY,
        sendgrid_webhook_key=b64encode(
            _elliptic().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        ).decode(),
    )


def recorded(provider: str, name: str, **values: str) -> str:
    """A document with its places filled in."""
    text = (RECORDED / provider / f"{name}.json").read_text(encoding="utf-8")
    values = {"tag": "b.none", "provider_id": f"unknown-{uuid4()}", "message_id": "x@y.example"} | values
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return text


def post(provider: str, name: str, **values: str) -> Post:
    """A post of a provider with what it tells in this file."""
    return SIGNED[provider](recorded(provider, name, **values))


def sendgrid(text: str, *, at: float | None = None) -> Post:
    moment, body = str(int(at or time.time())), text.encode()
    signature = _elliptic().sign(moment.encode() + body, ec.ECDSA(SHA256()))
    headers = {
        "X-Twilio-Email-Event-Webhook-Signature": b64encode(signature).decode(),
        "X-Twilio-Email-Event-Webhook-Timestamp": moment,
    }
    return Post("/webhooks/sendgrid", body, headers)


def postmark(text: str, login: str = LOGIN) -> Post:
    headers = {"Authorization": f"Basic {b64encode(login.encode()).decode()}"}
    return Post("/webhooks/postmark", text.encode(), headers)


def mailgun(text: str, *, at: float | None = None, token: str = "", key: str = MAILGUN_KEY) -> Post:
    moment, token = str(int(at or time.time())), token or uuid4().hex + "x" * 18
    made = hmac.new(key.encode(), f"{moment}{token}".encode(), sha256).hexdigest()
    for name, value in (("timestamp", moment), ("token", token), ("signature", made)):
        text = text.replace(f"{{{name}}}", value)
    return Post("/webhooks/mailgun", text.encode())


def sns(text: str, *, version: str = "2", **changed: str) -> Post:
    """A notification; `changed` fields are signed as they are then."""
    found = {
        "Type": "Notification",
        "MessageId": str(uuid4()),
        "TopicArn": TOPIC,
        "Message": text,
        "Timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE,
    } | changed
    return Post("/webhooks/ses", json.dumps(found | {"Signature": signature(found)}).encode())


def signature(found: Mapping[str, str]) -> str:
    """SNS's signature of these fields, by the key of our certificate."""
    names = [name for name in ses.SIGNED.get(found["Type"], ()) if name in found]
    signed = "".join(f"{name}\n{found[name]}\n" for name in names)
    algorithm = SHA1() if found["SignatureVersion"] == "1" else SHA256()
    return b64encode(_rsa().sign(signed.encode(), PKCS1v15(), algorithm)).decode()


def confirmation(**changed: str) -> Post:
    """SNS asks whether we want a topic's messages."""
    found = {"Type": "SubscriptionConfirmation", "Token": "2336412f37", "SubscribeURL": CONFIRM} | changed
    return sns("You have chosen to subscribe to the topic", **found)


@cache
def certificate() -> bytes:
    """What stands at CERTIFICATE."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = x509.CertificateBuilder(name, name, _rsa().public_key(), 1).not_valid_before(
        datetime.now(UTC) - timedelta(days=1)
    )
    return made.not_valid_after(datetime.now(UTC) + timedelta(days=1)).sign(_rsa(), SHA256()).public_bytes(Encoding.PEM)


@cache
def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def _elliptic() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


SIGNED: Mapping[str, Callable[[str], Post]] = {
    "ses": sns,
    "postmark": postmark,
    "mailgun": mailgun,
    "sendgrid": sendgrid,
}
