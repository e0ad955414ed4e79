"""Mail to the address that a mail of ours names in its Reply-To: what a person writes there is an answer."""

from contextlib import suppress
from uuid import UUID

from service import links
from service.feedback import Event, Kind, people
from service.feedback.mime import parts, words
from service.signing import Forged
from workers.inbound import leaving


def asked(recipient: str) -> UUID | None:
    """The delivery whose address for answers this is; None for any other address."""
    with suppress(Forged):
        return links.answered_delivery(recipient)
    return None


def heard(events: tuple[Event, ...], message: bytes, envelope_from: str | None) -> tuple[Event, ...]:
    """What came there: nobody but a person who read the mail writes to it, whichever mail her program says she answers.

    What robots write stays what it is, so that no two of them answer each other (RFC 3834, 2).
    """
    headers = parts(message)[0].headers
    if any(event.kind is not Kind.UNKNOWN for event in events) or people.by_machine(headers):
        return events
    if leaving.by_a_robot(message, envelope_from):
        return events
    subject = words(headers.first("subject"))
    return (Event(Kind.REPLY, recipient=people.author(headers), reply=subject, reason="A person answered"),)
