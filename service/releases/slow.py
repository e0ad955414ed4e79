"""Which mail domains let people of a release wait, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from service.models import Attempt, Delivery, DeliveryState, Journalist

MOST = 5


@dataclass(frozen=True, slots=True)
class SlowDomain:
    """A domain whose server put people off: why, in our words and its own, and when it is tried again first."""

    domain: str
    people: int
    reason: str
    reply: str
    again_at: datetime | None


def slow_domains(session: Session, release_id: UUID, *, most: int = MOST) -> Sequence[SlowDomain]:
    """The domains with the most people put off. It looks at the deferred alone: few, on any day."""
    domain = func.split_part(Journalist.address_canonical, "@", 2).label("domain")
    put_off = (
        select(
            domain,
            func.count().label("people"),
            func.mode().within_group(Delivery.reason).label("reason"),
            func.max(cast(Delivery.id, Text)).label("example"),
            func.min(Delivery.due_at).label("again_at"),
        )
        .join(Journalist, Journalist.id == Delivery.journalist_id)
        .where(Delivery.release_id == release_id, Delivery.state == DeliveryState.DEFERRED)
        .group_by(domain)
        .order_by(func.count().desc(), domain)
        .limit(most)
    )
    rows = session.execute(put_off).all()
    replies = _last_words(session, [UUID(row.example) for row in rows])
    return [
        SlowDomain(row.domain, row.people, row.reason or "", replies.get(UUID(row.example), ""), row.again_at)
        for row in rows
    ]


def _last_words(session: Session, deliveries: Sequence[UUID]) -> dict[UUID, str]:
    query = select(Attempt.delivery_id, Attempt.reply).where(Attempt.delivery_id.in_(deliveries))
    return {row.delivery_id: row.reply for row in session.execute(query.order_by(Attempt.delivery_id, Attempt.number))}
