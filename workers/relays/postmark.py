"""Postmark's email API: postmark://TOKEN@api.postmarkapp.com?stream=broadcast

It takes fields, not a message, so what arrives is Postmark's own MIME of them: our return path, Date and DKIM signature
stay behind (Postmark signs, and its bounces come by webhook only). Message-ID and the List- and Feedback-ID headers
travel. On a broadcast stream Postmark adds its own unsubscribe link unless its support has switched that off.
"""

from __future__ import annotations

import json

from workers.relays import fields
from workers.relays.account import base, credential, tag
from workers.relays.api import ApiRelay, Reply, Request
from workers.relays.fields import Fields
from workers.relays.relay import Answer, Envelope
from workers.relays.url import Place
from workers.relays.verdicts import accepted, content_refused, deferred, recipient_refused, refused, throttled, too_big
from workers.relays.wire import Timeouts

LARGEST = 10_000_000
INACTIVE = "the provider holds this address for inactive"


class Postmark:
    """One message stream of one server."""

    size = LARGEST
    signs_itself = True

    def __init__(self, place: Place) -> None:
        place.only("stream", "ca", "scheme")
        self.base = base(place)
        self._stream = place.options.get("stream", "outbound")
        token = credential(place, place.user)
        self._headers = {"X-Postmark-Server-Token": token, "Content-Type": "application/json"}

    def knock(self) -> Request:
        return Request("/email", b"{}", self._headers)

    def request(self, envelope: Envelope) -> Request:
        content = json.dumps(self._mail(envelope, fields.read(envelope.message)))
        return Request("/email", content.encode(), self._headers)

    def _mail(self, envelope: Envelope, mail: Fields) -> dict[str, object]:
        # X-PM-KeepID keeps our Message-ID; without it, it is replaced.
        headers = {**mail.headers, "X-PM-KeepID": "true"}
        found: dict[str, object] = {
            "From": str(mail.sender),
            "To": _to(envelope, mail),
            "Subject": mail.subject,
            "TextBody": mail.text,
            "HtmlBody": mail.html,
            "Headers": [{"Name": name, "Value": value} for name, value in headers.items()],
            "MessageStream": self._stream,
            "Metadata": {"delivery": tag(envelope)},
            "TrackOpens": False,
            "TrackLinks": "None",
        }
        if mail.reply_to is not None:
            found["ReplyTo"] = str(mail.reply_to)
        if mail.attached:
            found["Attachments"] = [
                {
                    "Name": part.name,
                    "ContentType": part.type,
                    "Content": part.content,
                    **({"ContentID": f"cid:{part.id}"} if part.id else {}),
                }
                for part in mail.attached
            ]
        return found

    def understand(self, reply: Reply) -> Answer | None:
        """By the error code in the body: https://postmarkapp.com/developer/api/overview#error-codes."""
        found, status = reply.json, reply.status
        code, words = found.get("ErrorCode"), f"error {found.get('ErrorCode')}, {found.get('Message')}"
        if status == 200 and code == 0 and found.get("MessageID"):
            return accepted(status, str(found["MessageID"]))
        if code == 300:
            # "Invalid email request" is said of any field; of the address it is said by name.
            return recipient_refused(status, words) if "'To'" in words else None
        if code == 406:
            return recipient_refused(status, f"error 406, {INACTIVE}", enhanced="5.2.1")
        if code == 100:
            return deferred(status, words)  # planned maintenance: announced, nothing was taken
        if code in {10, 405, 412, 413}:
            return too_big(status, words) if status == 413 else refused(status, words)
        if code == 429:
            return throttled(status, words, reply.headers)
        return content_refused(status, words) if code == 411 else None


def _to(envelope: Envelope, mail: Fields) -> str:
    return str(mail.recipient) if mail.recipient.addr_spec == envelope.recipient else envelope.recipient


def relay(place: Place, timeouts: Timeouts | None = None) -> ApiRelay:
    """The relay at this place. Raises ValueError, OSError or ssl.SSLError for what the URL says wrongly."""
    return ApiRelay(Postmark(place), place, timeouts=timeouts)
