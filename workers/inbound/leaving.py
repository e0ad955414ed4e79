"""Mail to the mailto of List-Unsubscribe: it ends what its tag's delivery came by, at once, and is never answered."""

from uuid import UUID

from sqlalchemy.orm import Session

from service import deliveries, feedback, links, subscriptions
from service.errors import NotFound
from service.feedback import Event, Kind, people
from service.feedback.mime import parts
from service.signing import Forged

ROBOTS = frozenset({Kind.BOUNCE, Kind.DELAY, Kind.DELIVERED, Kind.COMPLAINT, Kind.AUTO_REPLY})
"""What nobody writes who wants to leave (RFC 3834, 2; standards.md B4)."""
BY_MAIL = "Left by a mail to the address in its header"
IGNORED = "a robot wrote to the address for leaving: ignored"
LEFT = "unsubscribed"


def asked(recipient: str) -> UUID | None:
    """The delivery by whose mailto this address is; None for any other address."""
    try:
        return links.leaving_delivery(recipient)
    except Forged:
        return None


def by_a_robot(message: bytes, envelope_from: str | None) -> bool:
    """Whether this is automatic mail: a report, an absence, a list's, or of the null return path."""
    headers = parts(message)[0].headers
    if envelope_from == "" or people.from_nobody(headers) or people.by_mail_system(headers) or "list-id" in headers:
        return True
    return any(event.kind in ROBOTS for event in feedback.read(message))


def event() -> Event:
    """What is written down at the delivery, which makes a mail that comes twice act once."""
    return Event(Kind.UNSUBSCRIBED, reason=BY_MAIL)


def leave(session: Session, delivery_id: UUID) -> str:
    """End it; the verdict. Again changes nothing."""
    try:
        subscriptions.leave(session, delivery_id)
    except NotFound:
        return f"{LEFT}: about no delivery of ours"
    deliveries.prove(session, delivery_id, deliveries.LINK_USED)
    return LEFT
