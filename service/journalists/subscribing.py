"""Journalists taken in or subscribed by an officer's word: never without legal grounds, never against theirs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from service import audit, subscriptions
from service.errors import NotFound
from service.journalists.adding import add
from service.journalists.editing import Particulars, checked
from service.journalists.grounds import grounds
from service.models import Account, Journalist, Sender, Subscription, SubscriptionState, Suppression, Topic
from service.suppressions import THEIR_WORD


@dataclass(frozen=True, slots=True)
class Subscribed:
    """How many subscriptions began, and how many of the people asked for have none new: known, or they said no."""

    begun: int
    left_out: int


def take_in(
    session: Session,
    sender: Sender,
    address: str,
    given: Particulars,
    topics: Sequence[Topic],
    *,
    legal_basis: str,
    by: Account | None,
) -> Journalist:
    """Somebody new, with the grounds on which they are written to.

    Raises NoLegalBasis, addresses.BadAddress, AlreadyKnown, Erased, subscriptions.Left for an address that said no, and
    what editing.checked raises.
    """
    proof = _proof(legal_basis, by)
    new = checked(given)
    journalist = add(
        session,
        sender,
        address,
        new.name,
        outlet=new.outlet,
        beat=new.beat,
        country=new.country,
        language=new.language,
        zone=new.zone,
        tier=new.tier,
        by=by,
    )
    for topic in topics:
        subscriptions.confirm(session, journalist, topic, proof)
    return journalist


def subscribe(
    session: Session, sender: Sender, ids: Collection[UUID], topic: Topic, *, legal_basis: str, by: Account | None
) -> Subscribed:
    """Subscribe these people of the sender to its topic, but nobody who ever said no to it or to us.

    Raises NoLegalBasis, NotFound for a topic of another sender.
    """
    if topic.sender_id != sender.id:
        raise NotFound("There is no such topic.")
    proof = literal(_proof(legal_basis, by), JSONB)
    state = literal(SubscriptionState.CONFIRMED, Subscription.state.type)
    said_no = select(Suppression.id).where(
        Suppression.fingerprint == Journalist.fingerprint, Suppression.reason.in_(THEIR_WORD)
    )
    people = select(Journalist.id, literal(topic.id), state, proof).where(
        Journalist.sender_id == sender.id,
        Journalist.id.in_(ids),
        ~Journalist.do_not_contact,
        Journalist.erased_at.is_(None),
        Journalist.merged_into.is_(None),
        ~said_no.exists(),
    )
    columns = [Subscription.journalist_id, Subscription.topic_id, Subscription.state, Subscription.proof]
    fresh = insert(Subscription).from_select(columns, people).on_conflict_do_nothing()
    begun = len(session.scalars(fresh.returning(Subscription.journalist_id)).all())
    audit.write(session, "journalists subscribed", account=by, sender=sender.slug, topic=topic.slug, number=begun)
    return Subscribed(begun, len(set(ids)) - begun)


def _proof(legal_basis: str, by: Account | None) -> dict[str, Any]:
    return {"how": "by-hand", "legal_basis": grounds(legal_basis)} | ({"account": str(by.id)} if by else {})
