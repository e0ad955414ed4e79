"""One event applied to one delivery: written down once, and the delivery moved by a legal step if there is one.

Whoever calls has proof that the event is about this delivery: its signed tag (standards.md R7). What the event says of
recipients is believed only where it could not be anybody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import addresses, audit, standings, suppressions
from service.bounces.complaints import watch_complaints
from service.errors import NotFound
from service.feedback import Event, Kind
from service.models import Delivery, DeliveryState, Journalist, SuppressionReason
from service.models import Event as EventRow
from service.settings import settings
from service.standings import Heard

TAG_LIVES = timedelta(days=45)
"""Queues live 5 days and their bounces 5 more, R8 asks for 30 and attack B3 is 60 days late."""
SETTLED = "Something came back from it, so a server had accepted it"


class Effect(StrEnum):
    """What an event did."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    SETTLED = "settled as accepted"
    NOTED = "noted"
    AGAIN = "known already"
    TOO_LATE = "too late"


@dataclass(frozen=True, slots=True)
class Applied:
    """What an event did, and in which release."""

    effect: Effect
    release_id: UUID


class TooEarly(Exception):
    """Apply it again later: how the attempt ended is not written down yet."""

    def __init__(self, delivery_id: UUID) -> None:
        super().__init__(f"delivery {delivery_id} is being attempted")
        self.delivery_id = delivery_id


def apply(
    session: Session,
    delivery_id: UUID,
    event: Event,
    source: str,
    source_id: str,
    *,
    received_id: UUID | None = None,
    at: datetime | None = None,
    gathered: list[Heard] | None = None,
) -> Applied:
    """Write the event down and move the delivery. `source` and `source_id` name the report: twice is once.

    A bounce moves what was accepted, a complaint what was accepted or bounced, and any event shows that an uncertain
    mail was accepted. Nothing else moves: feedback cannot undo. A complaint suppresses at once, for this sender or by
    the settings for all; what a bounce says of the address counts towards its standing; an answer ends a rest.
    `at` is when it came, now if not given; what is `gathered` waits for `count`. Raises NotFound, TooEarly.
    """
    delivery, journalist = _locked(session, delivery_id)
    if delivery.state is DeliveryState.ATTEMPTING:
        raise TooEarly(delivery_id)
    came = at or session.scalars(select(func.now())).one()
    if event.kind is not Kind.COMPLAINT and _is_old(delivery, came):
        return Applied(Effect.TOO_LATE, delivery.release_id)
    event_id = _write(session, delivery, event, source, source_id, received_id, came)
    if event_id is None:
        return Applied(Effect.AGAIN, delivery.release_id)
    effect = _act(session, delivery, journalist, event)
    if event.kind is Kind.BOUNCE:
        # After the delivery has moved: as accepted, it would be a sign of life against its own bounce.
        heard = _heard(delivery, event, event_id, came)
        count(session, heard) if gathered is None else gathered.extend(heard)
    elif event.kind is Kind.REPLY:
        standings.answered(session, journalist)
    return Applied(effect, delivery.release_id)


def count(session: Session, heard: Sequence[Heard]) -> None:
    """Let what was heard of addresses count towards their standing; of many at once as of each."""
    noted = standings.note(session, heard)
    standings.guard(session, noted.providers)
    standings.judge(session, noted.addresses)


def note_untagged(session: Session, event: Event, at: datetime) -> None:
    """Write down what a bounce without a valid tag says of the address it names: by itself it decides nothing."""
    if event.kind is not Kind.BOUNCE or event.verdict is None or not standings.counts(event.verdict):
        return
    try:
        fingerprint = addresses.fingerprint(event.recipient)
    except addresses.BadAddress:
        return
    standings.note_named(session, fingerprint, event.verdict, event.reason, at)


def _locked(session: Session, delivery_id: UUID) -> tuple[Delivery, Journalist]:
    query = (
        select(Delivery, Journalist)
        .join(Journalist, Journalist.id == Delivery.journalist_id)
        .where(Delivery.id == delivery_id)
        .with_for_update(of=Delivery)
        .execution_options(populate_existing=True)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound("There is no such delivery.")
    return found[0], found[1]


def _is_old(delivery: Delivery, came: datetime) -> bool:
    return delivery.attempted_at is not None and came - delivery.attempted_at > TAG_LIVES


def _write(
    session: Session,
    delivery: Delivery,
    event: Event,
    source: str,
    source_id: str,
    received_id: UUID | None,
    came: datetime,
) -> UUID | None:
    """The new event; None when it is known already."""
    statement = (
        insert(EventRow)
        .values(
            delivery_id=delivery.id,
            received_id=received_id,
            source=source,
            source_id=source_id,
            kind=event.kind.value,
            verdict=event.verdict.value if event.verdict else "",
            status=event.status,
            reply=event.reply,
            reason=event.reason,
            permanent=event.permanent,
            at=came,
            away_until=_back(event.until),
        )
        .on_conflict_do_nothing(index_elements=[EventRow.source, EventRow.source_id])
        .returning(EventRow.id)
    )
    return session.scalar(statement)


def _back(day: date | None) -> datetime | None:
    """The day as a moment: its beginning in UTC, as nobody says where they are."""
    return None if day is None else datetime.combine(day, time(), UTC)


def _heard(delivery: Delivery, event: Event, event_id: UUID, came: datetime) -> list[Heard]:
    # "failed" is final for this mail even with a 4.x.x (R1), whatever it says of the address.
    if event.verdict is None:
        return []
    left = delivery.attempted_at or came
    return [Heard(delivery.id, event.verdict, event.reason, at=left, came_at=came, event_id=event_id)]


def _act(session: Session, delivery: Delivery, journalist: Journalist, event: Event) -> Effect:
    settled = delivery.state is DeliveryState.UNCERTAIN
    if settled:
        _move(session, delivery, DeliveryState.ACCEPTED, SETTLED)
        audit.write(
            session,
            "delivery settled",
            release_id=delivery.release_id,
            delivery=str(delivery.id),
            became=DeliveryState.ACCEPTED.value,
            evidence=event.kind.value,
        )
    if event.kind is Kind.COMPLAINT and not _names_another(event, journalist):
        return _complain(session, delivery, journalist, event)
    if event.kind is Kind.BOUNCE:
        return _bounce(session, delivery, event)
    return Effect.SETTLED if settled else Effect.NOTED


def _complain(session: Session, delivery: Delivery, journalist: Journalist, event: Event) -> Effect:
    if journalist.erased_at is None:
        evidence = f"complaint about delivery {delivery.id}: {event.reason}"
        sender = None if settings().complaint_for_all_senders else journalist.sender_id
        suppressions.add(session, journalist.fingerprint, SuppressionReason.COMPLAINT, sender=sender, evidence=evidence)
    if delivery.state not in (DeliveryState.ACCEPTED, DeliveryState.BOUNCED):
        return Effect.NOTED
    _move(session, delivery, DeliveryState.COMPLAINED, event.reason)
    watch_complaints(session, delivery)
    return Effect.COMPLAINED


def _bounce(session: Session, delivery: Delivery, event: Event) -> Effect:
    if delivery.state is not DeliveryState.ACCEPTED:
        return Effect.NOTED
    _move(session, delivery, DeliveryState.BOUNCED, event.reason)
    return Effect.BOUNCED


def _move(session: Session, delivery: Delivery, state: DeliveryState, reason: str) -> None:
    delivery.state = state
    delivery.reason = reason
    delivery.due_at = None
    session.flush()


def _names_another(event: Event, journalist: Journalist) -> bool:
    """Whether the report is about somebody else (attack B7). A redacted local part keeps its domain (RFC 6590)."""
    domain = event.recipient.rpartition("@")[2].casefold()
    if not domain or journalist.erased_at is not None:
        return False
    return domain != journalist.address_canonical.rpartition("@")[2]
