"""Why somebody got the mail whose link they came by: the release, the topic, and when they consented to it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.models import Edition, Kind, Release, Subscription, SubscriptionState, Topic
from service.preferences.opening import Opened


@dataclass(frozen=True, slots=True)
class Reason:
    """A release came by a topic, consented to at a time in some way (`how`, of the proof); a digest by none."""

    headline: str
    language: str
    topic: Topic | None
    how: str
    since: datetime | None
    has_ended: bool


def reason(session: Session, opened: Opened) -> Reason | None:
    """Why this release came; None when the link was in none, or the release has not come to them."""
    delivery = opened.delivery
    if delivery is None or not delivery.attempts:
        return None
    editions = select(Edition).where(Edition.release_id == delivery.release_id)
    edition = session.scalars(editions.order_by(Edition.language != delivery.language, Edition.position)).first()
    if edition is None:
        return None
    is_digest = session.get_one(Release, delivery.release_id).kind is Kind.DIGEST
    topic = session.get(Topic, delivery.topic_id) if delivery.topic_id else None
    consent = session.get(Subscription, (delivery.journalist_id, delivery.topic_id)) if topic else None
    if consent is None and not is_digest:
        return None
    return Reason(
        headline=edition.headline,
        language=edition.language,
        topic=topic,
        how=str(consent.proof.get("how", "")) if consent else "",
        since=consent.since if consent else None,
        has_ended=consent is not None and consent.state is SubscriptionState.ENDED,
    )
