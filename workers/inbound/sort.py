"""Sorting: what was stored is read and applied to the delivery whose signed return path it came to, and to no other.

Some messages are one transaction, for speed; where one of them is at fault each is its own, so that a fault undoes and
marks that message alone. Any number of sorters may run. What is about no delivery is kept for a person
(service/received).
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from time import monotonic
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from service import bounces, db, feedback, links, received, replies
from service.bounces import Applied, Effect
from service.errors import NotFound
from service.feedback import Event, Kind, addressed, webhooks
from service.feedback.event import plain
from service.models import AccountMail, Received, Way
from service.received import finding
from service.signing import Forged
from service.standings import Heard
from workers.inbound import answering, leaving

log = structlog.get_logger(__name__)

FIRST = UUID(int=0)
TOGETHER = 25
SECONDS_TOGETHER = 1.0
"""Others wait for the deliveries of a transaction: it is ended then, whatever it holds."""
SOURCE = "smtp"
"""Of all ways in by which mail comes: the same report by two of them is one event."""
NOT_OURS = "about no delivery of ours"
ACCOUNT_MAIL = "about account mail"
NOTHING = "nothing that concerns us"
QUIET = frozenset({Kind.DELIVERED, Kind.DELAY})
"""What a provider tells of other mail of the account is nothing to look at."""
NEWS = frozenset({Effect.NOTED, Effect.SETTLED})


TAKE = (
    select(
        Received.id,
        Received.way,
        Received.recipient,
        Received.envelope_from,
        Received.message,
        Received.received_at,
        Received.assigned_id,
    )
    .where(Received.sorted_at.is_(None), Received.id > bindparam("after"))
    .order_by(Received.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A stored message as the sorter needs it."""

    id: UUID
    way: Way
    recipient: str
    envelope_from: str | None
    message: bytes
    received_at: datetime
    assigned_id: UUID | None


class Telling(NamedTuple):
    """One event as it was told: which report of which source it is, and the delivery it is proven to be about."""

    event: Event
    source: str
    report: str
    delivery_id: UUID | None


class Outcome(NamedTuple):
    """What became of a message, for people; `unmatched` when it is for one of them to look at."""

    verdict: str
    unmatched: bool = False


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
    while number < limit and (found := _sort_some(last, min(TOGETHER, limit - number), bounced)):
        last = found[-1]
        number += len(found)
    for release_id in bounced:
        with db.transaction() as session:
            bounces.pause_if_many(session, release_id)
    return number


def _sort_some(after: UUID, most: int, bounced: set[UUID]) -> list[UUID]:
    """Sort the next messages, together if that goes well and else one by one; their ids."""
    try:
        return _sort_together(after, most, bounced)
    except Exception as fault:
        # One of them cannot be sorted, now or ever: it must not hold up the others.
        log.info("messages sorted one by one", fault=type(fault).__name__)
    found: list[UUID] = []
    while len(found) < most and (one := _sort_next(found[-1] if found else after, bounced)):
        found.append(one)
    return found


def _sort_together(after: UUID, most: int, bounced: set[UUID]) -> list[UUID]:
    found: list[UUID] = []
    gathered: list[Heard] = []
    until = monotonic() + SECONDS_TOGETHER
    with db.transaction() as session:
        # One after another: a message may have ten megabytes.
        while len(found) < most and monotonic() < until:
            incoming = _take(session, found[-1] if found else after)
            if incoming is None:
                break
            _mark(session, incoming, _apply(session, incoming, bounced, gathered))
            found.append(incoming.id)
        bounces.count(session, gathered)
    return found


def _sort_next(after: UUID, bounced: set[UUID]) -> UUID | None:
    """Sort the first unsorted message after this one that nobody else has in hand; its id, None if there is none.

    `bounced` gathers the releases of which something bounced.
    """
    incoming = None
    try:
        with db.transaction() as session:
            incoming = _take(session, after)
            if incoming is not None:
                gathered: list[Heard] = []
                _mark(session, incoming, _apply(session, incoming, bounced, gathered))
                bounces.count(session, gathered)
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
        _mark(session, incoming, Outcome(f"fault: {type(fault).__name__}", unmatched=True))


def _take(session: Session, after: UUID) -> Incoming | None:
    row = session.execute(TAKE, {"after": after}).one_or_none()
    return Incoming(*row) if row else None


def _mark(session: Session, incoming: Incoming, outcome: Outcome) -> None:
    values = {"sorted_at": func.now(), "verdict": outcome.verdict, "unmatched": outcome.unmatched}
    session.execute(update(Received).where(Received.id == incoming.id).values(values))


def _apply(session: Session, incoming: Incoming, bounced: set[UUID], gathered: list[Heard]) -> Outcome:
    """Apply all that the message says."""
    if leaving.asked(incoming.recipient) and leaving.by_a_robot(incoming.message, incoming.envelope_from):
        return Outcome(leaving.IGNORED)
    if links.looks_signed(incoming.recipient) and not addressed.signed(incoming.recipient):
        # The listener takes none of these; a mailbox and a pipe bring what others took.
        received.count_forged(session, 1)
    outcomes = [_apply_one(session, incoming, telling, bounced, gathered) for telling in _tellings(session, incoming)]
    words = "; ".join(dict.fromkeys(outcome.verdict for outcome in outcomes))
    return Outcome(words or NOTHING, any(outcome.unmatched for outcome in outcomes))


def _tellings(session: Session, incoming: Incoming) -> Iterator[Telling]:
    source = webhooks.SOURCES.get(incoming.way)
    if source is not None:
        for told in source.read(incoming.message):
            found = incoming.assigned_id or finding.delivery(session, told)
            yield Telling(told.event, incoming.way.value, plain(told.id, 200), found)
        return
    digest = sha256(incoming.message).hexdigest()
    left = leaving.asked(incoming.recipient)
    events = (leaving.event(),) if left else feedback.read(incoming.message)
    if answered := answering.asked(incoming.recipient):
        events = answering.heard(events, incoming.message, incoming.envelope_from)
    for number, event in enumerate(events):
        found = left or answered or incoming.assigned_id or _delivery(incoming, event)
        yield Telling(event, SOURCE, f"{digest}.{number}", found)


def _apply_one(
    session: Session, incoming: Incoming, telling: Telling, bounced: set[UUID], gathered: list[Heard]
) -> Outcome:
    """What this event did; for a person when it is about no delivery there is."""
    event, kind = telling.event, telling.event.kind.value
    if event.kind is not Kind.BOUNCE:
        # An answer ends a rest, a complaint outweighs one: what came before them counts before them.
        bounces.count(session, gathered)
        gathered.clear()
    if telling.delivery_id is None:
        bounces.note_untagged(session, event, incoming.received_at)
        return Outcome(f"{kind}: {NOT_OURS}", event.kind not in QUIET)
    source_id = f"{telling.delivery_id.hex}.{telling.report}"
    try:
        applied = bounces.apply(
            session,
            telling.delivery_id,
            event,
            telling.source,
            source_id,
            received_id=incoming.id,
            at=incoming.received_at,
            gathered=gathered,
        )
    except NotFound:
        if session.get(AccountMail, telling.delivery_id):
            return Outcome(f"{kind}: {ACCOUNT_MAIL}")
        return Outcome(f"{kind}: {NOT_OURS}", event.kind not in QUIET)
    if applied.effect is Effect.BOUNCED:
        bounced.add(applied.release_id)
    return _follow(session, incoming, telling, applied)


def _follow(session: Session, incoming: Incoming, telling: Telling, applied: Applied) -> Outcome:
    """What else there is to do about an event that was written down: somebody leaves, or wants an answer."""
    assert telling.delivery_id is not None  # noqa: S101 - it was applied to it
    kind, words = telling.event.kind, applied.effect.value
    if kind is Kind.UNSUBSCRIBED and applied.effect is not Effect.AGAIN:
        # Old tags too: leaving works for ever.
        return Outcome(leaving.leave(session, telling.delivery_id))
    if kind is Kind.REPLY and applied.effect in NEWS:
        words = f"{words}, {replies.forward(session, incoming.id, telling.delivery_id, incoming.message)}"
    # A person who answers after months is not forgotten for it.
    late = kind is Kind.REPLY and applied.effect is Effect.TOO_LATE
    return Outcome(f"{kind.value}: {words}", unmatched=late)


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
