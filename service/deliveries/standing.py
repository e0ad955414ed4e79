"""The people whose mail a person may have to decide about: whom, when, by which relay, and what is known."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.models import Attempt, Delivery, DeliveryState, Journalist, Outlet


@dataclass(frozen=True, slots=True)
class Standing:
    """One person's mail: `at` is when it was last tried, `due_at` when it is again, `reply` the relay's words."""

    id: UUID
    address: str
    name: str
    outlet: str
    state: DeliveryState
    at: datetime | None
    due_at: datetime | None
    relay: str
    reason: str
    reply: str
    attempts: int
    maybe_twice: bool


def uncertain(session: Session, release_id: UUID, *, limit: int | None = None) -> list[Standing]:
    """The uncertain mails of a release, those tried first standing first."""
    return _standing(session, release_id, {DeliveryState.UNCERTAIN}, limit)


def retryable(session: Session, release_id: UUID, *, limit: int | None = None) -> list[Standing]:
    """The failed mails of a release and those that wait for their next try."""
    return _standing(session, release_id, {DeliveryState.FAILED, DeliveryState.DEFERRED}, limit)


def _standing(
    session: Session, release_id: UUID, states: Collection[DeliveryState], limit: int | None
) -> list[Standing]:
    query = (
        select(
            Delivery.id,
            Journalist.address,
            Journalist.name,
            func.coalesce(Outlet.name, "").label("outlet"),
            Delivery.state,
            Delivery.attempted_at.label("at"),
            Delivery.due_at,
            func.coalesce(Attempt.relay, "").label("relay"),
            func.coalesce(Delivery.reason, "").label("reason"),
            func.coalesce(Attempt.reply, "").label("reply"),
            Delivery.attempts,
            Delivery.maybe_twice,
        )
        .join(Journalist, Journalist.id == Delivery.journalist_id)
        .outerjoin(Outlet, Outlet.id == Journalist.outlet_id)
        .outerjoin(Attempt, (Attempt.delivery_id == Delivery.id) & (Attempt.number == Delivery.attempts))
        .where(Delivery.release_id == release_id, Delivery.state.in_(states))
        .order_by(Delivery.attempted_at, Delivery.id)
        .limit(limit)
    )
    return [Standing(**row) for row in session.execute(query).mappings()]
