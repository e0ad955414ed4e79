"""Amazon SES by way of SNS: a JSON document in a mail. Complaints are read by complaint_forms."""

import json
import re
from collections.abc import Iterator

from service.feedback.event import Event, Kind
from service.feedback.failing import failing
from service.feedback.letter import Letter
from service.feedback.notices.dialect import MOST_RECIPIENTS

# Sendmail breaks lines longer than 990 with "!" and a blank.
_BROKEN = re.compile(r"!\n ?")


def read(letter: Letter) -> tuple[Event, ...]:
    """One event for each recipient; none when the letter does not begin with such a document."""
    text = letter.whole.lstrip()
    if not text.startswith("{"):
        return ()
    told = _document(text)
    wrapped = told.get("Message")
    if isinstance(wrapped, str):
        told = _document(wrapped)
    return tuple(_events(told))[:MOST_RECIPIENTS]


def _document(text: str) -> dict[str, object]:
    try:
        found, _ = json.JSONDecoder().raw_decode(_BROKEN.sub("", text))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _events(told: dict[str, object]) -> Iterator[Event]:
    kind = told.get("notificationType") or told.get("eventType")
    if kind == "Bounce":
        bounce = _part(told, "bounce")
        for one in _list(bounce.get("bouncedRecipients")):
            said = str(one.get("diagnosticCode") or "").partition(";")
            yield failing(
                Kind.DELAY if one.get("action") == "delayed" else Kind.BOUNCE,
                str(one.get("emailAddress") or ""),
                (said[2] or said[0]).strip(),
                status=str(one.get("status") or ""),
            )
    elif kind == "Delivery":
        delivery = _part(told, "delivery")
        reply = str(delivery.get("smtpResponse") or "")
        recipients = delivery.get("recipients")
        for address in recipients if isinstance(recipients, list) else []:
            yield Event(Kind.DELIVERED, recipient=str(address), reply=reply)


def _part(told: dict[str, object], name: str) -> dict[str, object]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _list(found: object) -> list[dict[str, object]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
