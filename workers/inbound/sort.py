"""Sorting: what was stored is read and applied to the delivery whose signed return path it came to, and to no other.

One message is one transaction: a fault undoes and marks that message alone, and any number of sorters may run.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import structlog
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from service import bounces, db, feedback, links
from service.bounces import Applied, Effect
from service.errors import NotFound
from service.feedback import Event
from service.models import Received
from service.signing import Forged

log = structlog.get_logger(__name__)

FIRST = UUID(int=0)
SOURCE = "smtp"
NOT_OURS = "about no delivery of ours"


TAKE = (
    select(Received.id, Received.recipient, Received.message, Received.received_at)
    .where(Received.sorted_at.is_(None), Received.id > bindparam("after"))
    .order_by(Received.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A stored message as the sorter needs it."""

    id: UUID
    recipient: str
    message: bytes
    received_at: datetime


def waiting(session: Session) -> bool:
    """Whether anything is unsorted: what the tick asks, for the case that a bell was not heard."""
    return session.scalar(select(Received.id).where(Received.sorted_at.is_(None)).limit(1)) is not None


def sort_new(limit: int = 500) -> int:
    """Sort up to `limit` stored messages, oldest first; how many were looked at. Less than `limit`: there are no more.

    A message about a mail whose attempt is not written down yet stays for the next time.
    """
    last = FIRST
    number = 0
    bounced: set[UUID] = set()
    while number < limit and (found := _sort_next(last, bounced)):
        last = found
        number += 1
    for release_id in bounced:
        with db.transaction() as session:
            bounces.pause_if_many(session, release_id)
    return number


def _sort_next(after: UUID, bounced: set[UUID]) -> UUID | None:
    """Sort the first unsorted message after this one that nobody else has in hand; its id, None if there is none.

    `bounced` gathers the releases of which something bounced.
    """
    incoming = None
    try:
        with db.transaction() as session:
            incoming = _take(session, after)
            if incoming is not None:
                _mark(session, incoming, _apply(session, incoming, bounced))
    except bounces.TooEarly as early:
        log.info("feedback before its attempt's end", delivery=str(early.delivery_id))
    except OperationalError as fault:
        # A lock not got or a deadlock: it stays for the next time. Without a database there is no next message.
        if incoming is None or fault.connection_invalidated:
            raise
        log.warning("message not sorted yet", received=str(incoming.id))
    except Exception as fault:
        # The outermost loop over messages: what cannot be sorted waits for a person and stands in nobody's way.
        if incoming is None:
            raise
        _set_aside(incoming, fault)
    return incoming.id if incoming else None


def _set_aside(incoming: Incoming, fault: Exception) -> None:
    # The fault's own words may quote the message, and with it an address.
    log.error("message not sorted", received=str(incoming.id), fault=type(fault).__name__)
    with db.transaction() as session:
        _mark(session, incoming, f"fault: {type(fault).__name__}")


def _take(session: Session, after: UUID) -> Incoming | None:
    row = session.execute(TAKE, {"after": after}).one_or_none()
    return Incoming(*row) if row else None


def _mark(session: Session, incoming: Incoming, verdict: str) -> None:
    session.execute(update(Received).where(Received.id == incoming.id).values(sorted_at=func.now(), verdict=verdict))


def _apply(session: Session, incoming: Incoming, bounced: set[UUID]) -> str:
    """Apply what the message says; what became of it, for people."""
    events = feedback.read(incoming.message)
    delivery_id = _delivery(incoming, events[0])
    if delivery_id is None:
        return "; ".join(dict.fromkeys(f"{event.kind.value}: {NOT_OURS}" for event in events))
    digest = sha256(incoming.message).hexdigest()
    told = []
    for number, event in enumerate(events):
        applied = _apply_one(session, delivery_id, incoming, event, f"{digest}.{number}")
        told.append(f"{event.kind.value}: {applied.effect.value if applied else NOT_OURS}")
        if applied and applied.effect is Effect.BOUNCED:
            bounced.add(applied.release_id)
    return "; ".join(dict.fromkeys(told))


def _apply_one(session: Session, delivery_id: UUID, incoming: Incoming, event: Event, report: str) -> Applied | None:
    """What this event did; None when there is no such delivery."""
    source_id = f"{delivery_id.hex}.{report}"
    try:
        return bounces.apply(
            session, delivery_id, event, SOURCE, source_id, received_id=incoming.id, at=incoming.received_at
        )
    except NotFound:
        return None


def _delivery(incoming: Incoming, event: Event) -> UUID | None:
    """By the tag it was sent to, else by one in what it says of its way or returns of our mail (R5, R6).

    One mail of ours went to one person, so one report is about one delivery, however many people it names.
    """
    with suppress(Forged):
        return links.bounced_delivery(incoming.recipient)
    for text in (event.return_path, *feedback.traces(incoming.message, event.kind)):
        with suppress(Forged):
            return links.quoted_delivery(text)
    return None
