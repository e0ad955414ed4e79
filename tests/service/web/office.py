"""Releases on their way, with people in every state, for the pages to show."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from service import approvals, releases
from service.models import (
    Attempt,
    AttemptOutcome,
    Delivery,
    DeliveryState,
    Exclusion,
    Release,
    Wave,
)
from tests.factories import Newsroom, make_journalist, make_release, now

REPLY = "550 5.1.1 <nobody@daily.example> no such user"
BECAME = (
    DeliveryState.ACCEPTED,
    DeliveryState.ACCEPTED,
    DeliveryState.ACCEPTED,
    DeliveryState.QUEUED,
    DeliveryState.FAILED,
    DeliveryState.EXCLUDED,
)


def send_a_release(session: Session, newsroom: Newsroom, headline: str = "River levels fall") -> Release:
    """A release being sent: three of five have it, one waits, one failed, one more is left out."""
    release = make_release(session, newsroom, headline=headline)
    approvals.approve(session, release, by=newsroom.ben)
    releases.schedule(session, release, now(), by=newsroom.ada)
    session.flush()
    releases.start_due(session)
    session.refresh(release)
    wave = session.query(Wave).filter_by(release_id=release.id).one()
    wave.planned_at, wave.candidates = now(), len(BECAME)
    for state in BECAME:
        _deliver(session, newsroom, release, wave, state)
    session.flush()
    return release


def _deliver(session: Session, newsroom: Newsroom, release: Release, wave: Wave, state: DeliveryState) -> UUID:
    excluded, tried = state is DeliveryState.EXCLUDED, state in (DeliveryState.ACCEPTED, DeliveryState.FAILED)
    delivery = Delivery(
        release_id=release.id,
        wave_id=wave.id,
        journalist_id=make_journalist(session, newsroom).id,
        topic_id=newsroom.topic.id,
        language="en",
        state=state,
        exclusion=Exclusion.UNSUBSCRIBED if excluded else None,
        reason="the address does not exist" if state is DeliveryState.FAILED else None,
        attempts=int(tried),
        attempted_at=now() if tried else None,
    )
    session.add(delivery)
    session.flush()
    if tried:
        session.add(_attempt(delivery.id, accepted=state is DeliveryState.ACCEPTED))
    return delivery.id


def _attempt(delivery: UUID, *, accepted: bool) -> Attempt:
    return Attempt(
        delivery_id=delivery,
        number=1,
        began_at=now() - timedelta(seconds=1),
        ended_at=now(),
        relay="memory",
        outcome=AttemptOutcome.ACCEPTED if accepted else AttemptOutcome.REJECTED,
        stage="dot" if accepted else "rcpt",
        code=250 if accepted else 550,
        enhanced="" if accepted else "5.1.1",
        reply="250 ok" if accepted else REPLY,
    )
