"""Ledgers for tests of what reads them: a release that was sent, with the rows the sending way would have left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from service import approvals
from service.models import (
    Attempt,
    AttemptOutcome,
    Chunk,
    Delivery,
    DeliveryState,
    Exclusion,
    Journalist,
    Release,
    ReleaseState,
    Wave,
)
from tests.factories import Newsroom, make_release, now

S, Tried = DeliveryState, AttemptOutcome
TRIES: dict[DeliveryState, tuple[AttemptOutcome, ...]] = {
    S.EXCLUDED: (),
    S.QUEUED: (),
    S.CANCELLED: (),
    S.ATTEMPTING: (Tried.DEFERRED,),
    S.ACCEPTED: (Tried.ACCEPTED,),
    S.DEFERRED: (Tried.DEFERRED,),
    S.FAILED: (Tried.DEFERRED, Tried.REJECTED),
    S.UNCERTAIN: (Tried.UNCERTAIN,),
    S.BOUNCED: (Tried.DEFERRED, Tried.ACCEPTED),
    S.COMPLAINED: (Tried.ACCEPTED,),
}
"""The tries that have ended when a delivery stands at a state."""
REPLIES = {
    Tried.ACCEPTED: (250, "2.0.0", "Ok: queued as 17"),
    Tried.DEFERRED: (450, "4.7.1", "Greylisted, try again"),
    Tried.REJECTED: (550, "5.1.1", "User unknown"),
    Tried.UNCERTAIN: (None, "", ""),
}


@dataclass
class Ledger:
    """A release and its rows, in the order of the journalists."""

    release: Release
    wave: Wave
    chunk: Chunk
    deliveries: list[Delivery]


def make_ledger(session: Session, newsroom: Newsroom, people: Sequence[tuple[Journalist, DeliveryState]]) -> Ledger:
    """A release that is being sent, each of its people at a state and with the attempts that lead there."""
    release = make_release(session, newsroom)
    approvals.approve(session, release, by=newsroom.ben)
    release.state, release.send_at = ReleaseState.SCHEDULED, now()
    session.flush()
    release.state = ReleaseState.SENDING
    wave = Wave(
        release_id=release.id,
        revision_id=release.revision_id,
        not_before=now(),
        planned_at=now(),
        candidates=len(people),
    )
    session.add(wave)
    session.flush()
    deliveries = [_delivery(wave, newsroom, journalist, state) for journalist, state in people]
    session.add_all(deliveries)
    session.flush()
    session.add_all(attempt for delivery in deliveries for attempt in _attempts(delivery))
    ids = sorted(delivery.id for delivery in deliveries)
    chunk = Chunk(wave_id=wave.id, first_id=ids[0], last_id=ids[-1])
    session.add(chunk)
    session.flush()
    return Ledger(release, wave, chunk, deliveries)


def one_delivery(session: Session, newsroom: Newsroom, journalist: Journalist, state: DeliveryState) -> Delivery:
    """The only delivery of a release of its own."""
    return make_ledger(session, newsroom, [(journalist, state)]).deliveries[0]


def _delivery(wave: Wave, newsroom: Newsroom, journalist: Journalist, state: DeliveryState) -> Delivery:
    tries = len(TRIES[state]) + (state is S.ATTEMPTING)
    return Delivery(
        release_id=wave.release_id,
        wave_id=wave.id,
        journalist_id=journalist.id,
        topic_id=newsroom.topic.id,
        language="en",
        state=state,
        exclusion=Exclusion.SUPPRESSED if state is S.EXCLUDED else None,
        attempts=tries,
        attempted_at=now() if tries else None,
        due_at=now() + timedelta(minutes=5) if state is S.DEFERRED else None,
        reason="There is no such mailbox" if state in (S.FAILED, S.BOUNCED) else None,
    )


def _attempts(delivery: Delivery) -> list[Attempt]:
    return [attempt(delivery, number, outcome) for number, outcome in enumerate(TRIES[delivery.state], 1)]


def attempt(delivery: Delivery, number: int, outcome: AttemptOutcome) -> Attempt:
    """One try that has ended."""
    code, enhanced, reply = REPLIES[outcome]
    began = now() - timedelta(seconds=10 - number)
    return Attempt(
        delivery_id=delivery.id,
        number=number,
        began_at=began,
        ended_at=began + timedelta(milliseconds=50),
        relay="relay.example",
        outcome=outcome,
        stage="dot",
        code=code,
        enhanced=enhanced,
        reply=reply,
    )


def ungoverned(session: Session, *statements: str) -> None:
    """Break the books as nobody may: without the triggers."""
    session.flush()
    session.execute(text("SET LOCAL session_replication_role = replica"))
    for statement in statements:
        session.execute(text(statement))
    session.execute(text("SET LOCAL session_replication_role = origin"))
    session.expire_all()
