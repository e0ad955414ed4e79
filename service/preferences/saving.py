"""Choosing: which topics, how often, in which languages, from when on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from service import audit, consents, journalists, subscriptions
from service.journalists import Choice
from service.models import Subscription, SubscriptionState, Topic
from service.preferences.opening import Opened


@dataclass(frozen=True, slots=True)
class Line:
    """A topic on the page: whether it is read, since when, and how they said so."""

    topic: Topic
    is_read: bool
    since: datetime | None
    how: str


def lines(session: Session, opened: Opened) -> list[Line]:
    """Every topic anybody may read, and those this person reads or read beside them, by name."""
    theirs = {each.topic_id: each for each in subscriptions.of(session, opened.journalist)}
    mine = Topic.id.in_(theirs)
    query = select(Topic).where(
        Topic.sender_id == opened.sender.id, or_(and_(Topic.public, Topic.closed_at.is_(None)), mine)
    )
    return [_line(topic, theirs.get(topic.id)) for topic in session.scalars(query.order_by(Topic.name, Topic.id))]


def _line(topic: Topic, found: Subscription | None) -> Line:
    is_read = found is not None and found.state is SubscriptionState.CONFIRMED
    if found is None or not is_read:
        return Line(topic, is_read=False, since=None, how="")
    return Line(topic, is_read=True, since=found.since, how=str(found.proof.get("how", "")))


def save(
    session: Session,
    opened: Opened,
    choice: Choice,
    topics: Collection[str],
    *,
    consent: dict[str, Any],
    tracking: dict[str, Any] | None = None,
) -> None:
    """Keep the choice: topics (slugs) are switched on and off by the person's own word. Raises journalists.UnknownZone.

    One that only officers can give is switched off here, and on only by who reads it. `tracking`: the proof that they
    agree to be counted, None if they do not.
    """
    journalist = opened.journalist
    session.refresh(journalist, with_for_update=True)
    before, proof = lines(session, opened), {**consent, "how": "preferences"}
    for line in before:
        wanted = line.topic.slug in topics
        if wanted and not line.is_read and line.topic.public:
            subscriptions.confirm(session, journalist, line.topic, proof, on_their_word=True)
        elif line.is_read and not wanted:
            subscriptions.end(session, journalist, line.topic)
    journalists.choose(session, journalist, choice)
    consents.choose(session, journalist, agrees=tracking is not None, proof=tracking or {})
    audit.write(session, "preferences saved", journalist=str(journalist.id))
