"""Finding journalists; what is not there and what is not yours answer alike."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from service.errors import NotFound
from service.journalists.mailboxes import mailbox
from service.models import Journalist, Outlet, Sender, Subscription, SubscriptionState, Topic


def get(session: Session, id_: UUID, *, senders: Collection[UUID] | None = None, erased: bool = True) -> Journalist:
    """The journalist. Raises NotFound, also when it belongs to none of `senders`, or is not there any more."""
    journalist = session.get(Journalist, id_)
    if journalist is None or (senders is not None and journalist.sender_id not in senders):
        raise NotFound("There is no such journalist.")
    if journalist.erased_at and not erased:
        raise NotFound("There is no such journalist.")
    return journalist


def by_address(session: Session, sender: Sender, address: str) -> Journalist:
    """Whoever has this address, however it is spelt. Raises NotFound, addresses.BadAddress."""
    query = select(Journalist).filter_by(sender_id=sender.id, address_canonical=mailbox(address).canonical)
    journalist = session.scalar(query)
    if journalist is None:
        raise NotFound("There is no such journalist.")
    return journalist


def all(  # noqa: A001 - journalists.all(session, sender) is what it is
    session: Session,
    sender: Sender,
    *,
    search: str = "",
    topic: Topic | None = None,
    country: str = "",
    after: UUID | None = None,
    limit: int = 50,
) -> list[Journalist]:
    """One page by name, beginning after the journalist `after`; `search` is looked for in name, address and outlet.

    With `topic`, its confirmed subscribers. Erased people are not listed.
    """
    query = select(Journalist).where(*_wanted(sender, search, topic, country))
    if after is not None:
        last = select(Journalist.name, Journalist.id).where(Journalist.id == after).subquery()
        query = query.join(last, tuple_(Journalist.name, Journalist.id) > tuple_(last.c.name, last.c.id))
    return list(session.scalars(query.order_by(Journalist.name, Journalist.id).limit(limit)))


def count(session: Session, sender: Sender, *, search: str = "", topic: Topic | None = None, country: str = "") -> int:
    """How many `all` lists on all its pages."""
    query = select(func.count(Journalist.id)).where(*_wanted(sender, search, topic, country))
    return session.scalar(query) or 0


def _wanted(sender: Sender, search: str, topic: Topic | None, country: str) -> list[ColumnElement[bool]]:
    wanted = [Journalist.sender_id == sender.id, Journalist.erased_at.is_(None)]
    if country:
        wanted.append(Journalist.country == country)
    if topic is not None:
        of_topic = exists().where(Subscription.journalist_id == Journalist.id, Subscription.topic_id == topic.id)
        wanted.append(of_topic.where(Subscription.state == SubscriptionState.CONFIRMED))
    if search:
        there = select(Outlet.id).where(Outlet.sender_id == sender.id, Outlet.name.icontains(search, autoescape=True))
        columns = (Journalist.name, Journalist.address)
        in_person = [column.icontains(search, autoescape=True) for column in columns]
        wanted.append(or_(*in_person, Journalist.outlet_id.in_(there)))
    return wanted
