"""Mailgun's messages API: mailgun://KEY@api.eu.mailgun.net/DOMAIN (api.mailgun.net outside the EU)

The message travels as it was written. The envelope is Mailgun's: its return path stands in place of ours, so bounces
come by webhook, where `delivery` among the user variables names the delivery.
"""

from __future__ import annotations

import httpx2

from workers.relays.account import base, credential, segment, tag
from workers.relays.api import ApiRelay, Reply, Request
from workers.relays.relay import Answer, Envelope
from workers.relays.url import Place
from workers.relays.verdicts import accepted, recipient_refused, refused
from workers.relays.wire import Timeouts

LARGEST = 25_000_000


class Mailgun:
    """One sending domain."""

    size = LARGEST
    signs_itself = False

    def __init__(self, place: Place) -> None:
        place.only("ca", "scheme")
        domain = place.path.strip("/")
        if not domain:
            raise ValueError(
                "mailgun:// names the sending domain after its host: mailgun://KEY@api.eu.mailgun.net/DOMAIN"
            )
        self.base = base(place)
        self._path = f"/v3/{segment(domain)}/messages.mime"
        self._login = httpx2.BasicAuth("api", credential(place, place.user))

    def knock(self) -> Request:
        return self._post({"o:tracking": "no"}, b"")

    def request(self, envelope: Envelope) -> Request:
        form = {"to": envelope.recipient, "v:delivery": tag(envelope), "o:tracking": "no"}
        return self._post(form, envelope.message)

    def _post(self, form: dict[str, str], message: bytes) -> Request:
        files = {"message": ("message.mime", message, "message/rfc822")} if message else None
        made = httpx2.Request("POST", self.base, data=form, files=files)
        made = next(self._login.auth_flow(made))
        headers = {name: made.headers[name] for name in ("Authorization", "Content-Type")}
        return Request(self._path, made.read(), headers)

    def understand(self, reply: Reply) -> Answer | None:
        """By status and words: Mailgun has no codes for what is wrong."""
        status, found = reply.status, reply.json
        words = str(found.get("message") or "")
        if status == 200 and found.get("id"):
            return accepted(status, str(found["id"]))
        if status == 400 and words.startswith("to parameter is not a valid address"):
            return recipient_refused(status, words)
        if status in {400, 402} and ("disabled" in words or "not allowed to send" in words):
            return refused(status, words)
        return None


def relay(place: Place, timeouts: Timeouts | None = None) -> ApiRelay:
    """The relay at this place. Raises ValueError, OSError or ssl.SSLError for what the URL says wrongly."""
    return ApiRelay(Mailgun(place), place, timeouts=timeouts)
