"""A delivery's story: every try, everything that came back, and where its address stands and why."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import standings
from service.deliveries.reading import attempts, events
from service.errors import NotFound
from service.models import Attempt, Delivery, Event, Journalist, Outlet, Release
from service.standings import History


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of one delivery."""

    delivery: Delivery
    release: Release
    journalist: Journalist
    outlet: str
    attempts: tuple[Attempt, ...]
    events: tuple[Event, ...]
    standing: History


def story(session: Session, id_: UUID) -> Story:
    """The story of this delivery. Raises NotFound."""
    delivery = session.get(Delivery, id_)
    if delivery is None:
        raise NotFound("There is no such delivery.")
    journalist = session.get_one(Journalist, delivery.journalist_id)
    outlet = (
        session.scalar(select(Outlet.name).where(Outlet.id == journalist.outlet_id)) if journalist.outlet_id else ""
    )
    return Story(
        delivery,
        session.get_one(Release, delivery.release_id),
        journalist,
        outlet or "",
        tuple(attempts(session, delivery)),
        tuple(events(session, delivery)),
        standings.history(session, journalist.fingerprint, journalist.sender_id),
    )


def event_of(session: Session, id_: UUID) -> tuple[Event, Release]:
    """An event and the release it is about. Raises NotFound."""
    query = select(Event, Release).join(Delivery, Delivery.id == Event.delivery_id)
    found = session.execute(query.join(Release, Release.id == Delivery.release_id).where(Event.id == id_)).one_or_none()
    if found is None:
        raise NotFound("There is no such event.")
    return found[0], found[1]
