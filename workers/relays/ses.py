"""Amazon SES, API v2: ses://KEY:SECRET@eu-central-1?configuration=SET

The message travels as it was written but for its Message-ID, which SES replaces, and for its signature, which is SES's
own. Bounces are asked for at our own return path, whose domain, or one above it, must be verified at SES; they reach a
configuration set's events too, where the tag `delivery` names the delivery.
"""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime
from urllib.parse import urlsplit

from workers.relays import aws_signature
from workers.relays.account import base, credential, tag
from workers.relays.api import ApiRelay, Reply, Request
from workers.relays.aws_signature import Key
from workers.relays.relay import Answer, Envelope
from workers.relays.url import Place
from workers.relays.verdicts import (
    accepted,
    content_refused,
    recipient_refused,
    refused,
    sender_refused,
    throttled,
    too_big,
)
from workers.relays.wire import Timeouts

LARGEST = 29_000_000
"""40 MB after base64."""
PATH = "/v2/email/outbound-emails"
THROTTLES = {"TooManyRequestsException", "ThrottlingException", "Throttling", "LimitExceededException"}
ADDRESS_SIGNS = ("illegal address", "local address", "missing final '@domain'", "domain contains", "domain starts")
OF_THE_ACCOUNT = {"AccountSuspendedException", "SendingPausedException"}


class Ses:
    """One account in one region; a host with a dot or a colon in it is an endpoint of one's own, with ?region=."""

    size = LARGEST
    signs_itself = True

    def __init__(self, place: Place) -> None:
        place.only("configuration", "region", "ca", "scheme")
        is_region = "." not in place.host and ":" not in place.host and place.host != "localhost"
        region = place.host if is_region else place.options.get("region", "")
        if not region:
            raise ValueError("ses:// names its region: ses://KEY:SECRET@eu-central-1")
        self.base = base(place, f"email.{region}.amazonaws.com" if is_region else "")
        self._key = Key(credential(place, place.user), credential(place, place.password), region, "ses")
        self._configuration = place.options.get("configuration")

    def knock(self) -> Request:
        return self._post({})

    def request(self, envelope: Envelope) -> Request:
        asked: dict[str, object] = {
            "Content": {"Raw": {"Data": b64encode(envelope.message).decode()}},
            "Destination": {"ToAddresses": [envelope.recipient]},
            "EmailTags": [{"Name": "delivery", "Value": tag(envelope)}],
        }
        if envelope.return_path:
            asked["FeedbackForwardingEmailAddress"] = envelope.return_path
        if self._configuration:
            asked["ConfigurationSetName"] = self._configuration
        return self._post(asked)

    def _post(self, asked: dict[str, object]) -> Request:
        content = json.dumps(asked).encode()
        headers = {"Content-Type": "application/json", "Host": urlsplit(self.base).netloc}
        signed = aws_signature.sign(self._key, "POST", PATH, headers, content, at=datetime.now(UTC))
        return Request(PATH, content, signed)

    def understand(self, reply: Reply) -> Answer | None:
        """By the exception's name: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html."""
        status, found = reply.status, reply.json
        words = str(found.get("message") or found.get("Message") or "")
        if status == 200 and found.get("MessageId"):
            return accepted(status, str(found["MessageId"]))
        fault = _fault(reply)
        told = f"{fault}: {words}"
        if fault in THROTTLES:
            return throttled(status, told, reply.headers)
        if fault == "AccessDeniedException":
            # A key may be for some senders only: it is not wrong for the others, nor for an empty request.
            return sender_refused(status, told)
        if fault in OF_THE_ACCOUNT:
            return refused(status, told)
        if fault == "MessageRejected":
            return sender_refused(status, told) if "not verified" in words else content_refused(status, told)
        if fault == "BadRequestException":
            return _bad_request(status, told)
        return sender_refused(status, told) if 400 <= status < 500 and status not in {401, 403, 413, 429} else None


def _fault(reply: Reply) -> str:
    # "TooManyRequestsException:http://internal.amazon.com/…" in the header, "com.amazonaws…#Name" in the body.
    named = reply.headers.get("x-amzn-errortype") or str(reply.json.get("__type") or "")
    return named.partition(":")[0].rpartition("#")[2]


def _bad_request(status: int, told: str) -> Answer:
    words = told.lower()
    if "message length" in words or "message too long" in words:
        return too_big(status, told)
    if any(sign in words for sign in ADDRESS_SIGNS):
        return recipient_refused(status, told)
    return sender_refused(status, told)


def relay(place: Place, timeouts: Timeouts | None = None) -> ApiRelay:
    """The relay at this place. Raises ValueError, OSError or ssl.SSLError for what the URL says wrongly."""
    return ApiRelay(Ses(place), place, timeouts=timeouts)
