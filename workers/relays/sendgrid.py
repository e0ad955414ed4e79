"""SendGrid's v3 mail API: sendgrid://KEY@api.sendgrid.com (or api.eu.sendgrid.com)

It takes fields, not a message, so what arrives is SendGrid's own MIME of them: our return path, Date and DKIM signature
stay behind (SendGrid signs, and its bounces come by webhook only). Message-ID and the List- and Feedback-ID headers
travel. A recipient's name with ; or , in it is left out: the API refuses it.
"""

from __future__ import annotations

import json

from workers.relays import fields
from workers.relays.account import base, credential, tag
from workers.relays.api import ApiRelay, Reply, Request
from workers.relays.fields import Fields
from workers.relays.relay import Answer, Envelope
from workers.relays.url import Place
from workers.relays.verdicts import accepted, recipient_refused, sender_refused, throttled
from workers.relays.wire import Timeouts

LARGEST = 20_000_000
"""30 MB are allowed to the whole request, in which attachments are a third longer."""
OFF = {"enable": False}


class SendGrid:
    """One account or subuser."""

    size = LARGEST
    signs_itself = True

    def __init__(self, place: Place) -> None:
        place.only("ca", "scheme")
        self.base = base(place)
        key = credential(place, place.user)
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def knock(self) -> Request:
        return Request("/v3/mail/send", b"{}", self._headers)

    def request(self, envelope: Envelope) -> Request:
        content = json.dumps(_mail(envelope, fields.read(envelope.message)))
        return Request("/v3/mail/send", content.encode(), self._headers)

    def understand(self, reply: Reply) -> Answer | None:
        """By status, and the field named in `errors`: SendGrid has no codes for what is wrong."""
        status, errors = reply.status, reply.json.get("errors")
        first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
        field, words = str(first.get("field") or ""), str(first.get("message") or "")
        if status == 202 and reply.headers.get("x-message-id"):
            return accepted(status, reply.headers["x-message-id"])
        if status == 400 and field.startswith("personalizations") and ".to" in field:
            return recipient_refused(status, words)
        if status == 401 and "credits exceeded" in words:
            return throttled(status, words, reply.headers)
        if status == 403 and (field == "from" or "Sender Identity" in words):
            return sender_refused(status, words)
        return None


def _mail(envelope: Envelope, mail: Fields) -> dict[str, object]:
    name = mail.recipient.display_name
    to = {"email": envelope.recipient, **({"name": name} if name and not set(name) & set(";,") else {})}
    content = (("text/plain", mail.text), ("text/html", mail.html))
    found: dict[str, object] = {
        "personalizations": [{"to": [to], "custom_args": {"delivery": tag(envelope)}}],
        "from": {"email": mail.sender.addr_spec, "name": mail.sender.display_name},
        "subject": mail.subject,
        "content": [{"type": kind, "value": value} for kind, value in content if value],
        "headers": dict(mail.headers),
        "tracking_settings": {"click_tracking": OFF, "open_tracking": OFF, "subscription_tracking": OFF},
    }
    if mail.reply_to is not None:
        found["reply_to"] = {"email": mail.reply_to.addr_spec}
    if mail.attached:
        found["attachments"] = [
            {
                "filename": part.name,
                "type": part.type,
                "content": part.content,
                **({"content_id": part.id, "disposition": "inline"} if part.id else {}),
            }
            for part in mail.attached
        ]
    return found


def relay(place: Place, timeouts: Timeouts | None = None) -> ApiRelay:
    """The relay at this place. Raises ValueError, OSError or ssl.SSLError for what the URL says wrongly."""
    return ApiRelay(SendGrid(place), place, timeouts=timeouts)
