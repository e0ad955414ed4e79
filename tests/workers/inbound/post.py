"""Reports as real systems write them, and a client that hands them to the listener."""

import smtplib
from uuid import UUID

from sqlalchemy import select

from service import db, links
from service.models import Delivery, DeliveryState, Event, Journalist, Received, Suppression
from tests.factories import make_journalist, make_newsroom
from tests.ledgers import one_delivery
from workers.relays.development.reception import Mail

MAIL = b"From: press@rivers.example\r\nMessage-ID: <1@rivers.example>\r\nSubject: River levels\r\n\r\nLevels fell.\r\n"


def sent(state: DeliveryState = DeliveryState.ACCEPTED, address: str = "") -> UUID:
    """A committed delivery that stands at a state."""
    with db.transaction() as session:
        room = make_newsroom(session)
        return one_delivery(session, room, make_journalist(session, room, address=address), state).id


def path(delivery: UUID) -> str:
    """Its return path."""
    return links.personal().return_path(delivery)


def mail(delivery: UUID) -> Mail:
    """What a relay took for it, as the development relay's reports want it."""
    return Mail(path(delivery), (recipient(delivery),), MAIL)


def recipient(delivery: UUID) -> str:
    """Whom it was for."""
    with db.transaction() as session:
        return session.scalars(select(Journalist.address).join(Delivery).where(Delivery.id == delivery)).one()


def post(where: str, to: str, message: bytes) -> None:
    """Hand a message over by SMTP, from the null return path. Raises smtplib's errors."""
    host, _, port = where.rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=20) as client:
        client.sendmail("", [to], message)


def state_of(delivery: UUID) -> DeliveryState:
    """Where the delivery stands now."""
    with db.transaction() as session:
        return session.get_one(Delivery, delivery).state


def events_of(delivery: UUID) -> list[str]:
    """The kinds of events written down for it."""
    with db.transaction() as session:
        return list(session.scalars(select(Event.kind).where(Event.delivery_id == delivery).order_by(Event.id)))


def received() -> list[tuple[str, bytes, str]]:
    """(recipient, message, verdict) of all that is stored."""
    with db.transaction() as session:
        query = select(Received.recipient, Received.message, Received.verdict).order_by(Received.id)
        return [(to, message, verdict) for to, message, verdict in session.execute(query)]


def suppressions() -> int:
    """How many addresses are suppressed."""
    with db.transaction() as session:
        return len(session.scalars(select(Suppression.id)).all())


def store(to: str, message: bytes) -> None:
    """Put a message where the listener puts it."""
    with db.transaction() as session:
        session.add(Received(recipient=to, message=message))
