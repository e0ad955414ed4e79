"""What journalists asked for, and the ways in which they take it back. An ended one is revived by their word alone."""

from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from service import suppressions
from service.errors import NotFound, Refused
from service.models import (
    Delivery,
    Journalist,
    Kind,
    Release,
    ReleaseTopic,
    Subscription,
    SubscriptionState,
    SuppressionReason,
    Topic,
)

LEFT_ALL = "left all topics"
LEFT = "left"
"""In the proof of an ended subscription: the delivery whose link ended it, so that the same link can undo it."""


class Left(Refused):
    """The person said no; ask them to subscribe themselves."""

    def __init__(self) -> None:
        super().__init__("This person has unsubscribed; only they can subscribe again, by their own confirmation.")


def confirm(
    session: Session, journalist: Journalist, topic: Topic, proof: dict[str, Any], *, on_their_word: bool = False
) -> None:
    """Subscribe with this proof of consent (how, when, the words shown). Confirming again keeps the first proof.

    `on_their_word` (they confirmed it themselves) revives an ended subscription and lifts what their no had suppressed
    for this sender. Without it, Left is raised for a person who unsubscribed, complained or must not be contacted; for
    an erased one always. NotFound for a topic of another sender.
    """
    if topic.sender_id != journalist.sender_id:
        raise NotFound("There is no such topic.")
    if journalist.erased_at:
        raise Left
    if on_their_word:
        journalist.do_not_contact = False
        journalist.merged_into = None  # who subscribes at an address wants to be written to there
        suppressions.take_back(session, journalist.fingerprint, sender=journalist.sender_id)
    elif _said_no(session, journalist, topic):
        raise Left
    values = {"journalist_id": journalist.id, "topic_id": topic.id, "state": SubscriptionState.CONFIRMED}
    fresh = insert(Subscription).values(proof=proof, **values)
    session.execute(
        fresh.on_conflict_do_update(
            index_elements=[Subscription.journalist_id, Subscription.topic_id],
            set_={"state": fresh.excluded.state, "proof": fresh.excluded.proof, "since": func.now(), "ended_at": None},
            where=Subscription.state != SubscriptionState.CONFIRMED,
        )
    )


def _said_no(session: Session, journalist: Journalist, topic: Topic) -> bool:
    if journalist.do_not_contact:
        return True
    query = select(Subscription.state).filter_by(journalist_id=journalist.id, topic_id=topic.id).with_for_update()
    if session.scalar(query) is SubscriptionState.ENDED:
        return True
    return suppressions.reason(session, journalist.fingerprint, journalist.sender_id) in suppressions.THEIR_WORD


def of(session: Session, journalist: Journalist) -> list[Subscription]:
    """Every subscription of the person, in any state, as the database has it now."""
    query = select(Subscription).where(Subscription.journalist_id == journalist.id).order_by(Subscription.topic_id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def end(session: Session, journalist: Journalist, topic: Topic) -> None:
    """No more mail about this topic; ending what never began keeps a later import from beginning it."""
    _end(session, select(literal(journalist.id), literal(topic.id)), {})


def end_all(session: Session, journalist: Journalist) -> None:
    """No more mail from this sender at all: remembered by the address, so it outlives erasure and import."""
    theirs = select(Subscription.journalist_id, Subscription.topic_id)
    _end(session, theirs.where(Subscription.journalist_id == journalist.id), {})
    if not journalist.erased_at:
        _suppress(session, journalist, LEFT_ALL)


def leave(session: Session, delivery_id: UUID) -> list[Topic]:
    """The one-click act of RFC 8058: end what this delivery came by, and say which topics that was.

    Doing it again changes nothing and says the same. Raises NotFound.
    """
    pairs = _came_by(session, delivery_id)
    _end(session, pairs, {LEFT: str(delivery_id)})
    topic_ids = pairs.with_only_columns(Topic.id)
    return list(session.scalars(select(Topic).where(Topic.id.in_(topic_ids)).order_by(Topic.slug)))


def leave_all(session: Session, delivery_id: UUID) -> Journalist:
    """End all of the newsroom for whom this delivery went to, and for their address; whose it was. Raises NotFound."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        raise NotFound("There is no such delivery.")
    theirs = select(Subscription.journalist_id, Subscription.topic_id)
    for journalist in _entries(session, delivery):
        _end(session, theirs.where(Subscription.journalist_id == journalist.id), {LEFT: str(delivery_id)})
        if not journalist.erased_at:
            _suppress(session, journalist, _evidence(delivery_id))
    return session.get_one(Journalist, delivery.journalist_id)


def _entries(session: Session, delivery: Delivery) -> list[Journalist]:
    """The entry a delivery went to, and the one it was merged into: their no holds for both."""
    journalist = session.get_one(Journalist, delivery.journalist_id)
    return [journalist, *([session.get_one(Journalist, journalist.merged_into)] if journalist.merged_into else [])]


def _evidence(delivery_id: UUID) -> str:
    return f"{LEFT_ALL} by {delivery_id}"


def _suppress(session: Session, journalist: Journalist, evidence: str) -> None:
    reason, sender = SuppressionReason.UNSUBSCRIBED, journalist.sender_id
    suppressions.add(session, journalist.fingerprint, reason, sender=sender, evidence=evidence)


def rejoin(session: Session, delivery_id: UUID) -> None:
    """Undo `leave` and `leave_all` by the same delivery, and only that: what ended otherwise stays ended.

    Raises NotFound.
    """
    _came_by(session, delivery_id)
    people = _entries(session, session.get_one(Delivery, delivery_id))
    for journalist in people:
        suppressions.undo(session, journalist.fingerprint, journalist.sender_id, _evidence(delivery_id))
    session.execute(
        update(Subscription)
        .where(
            Subscription.state == SubscriptionState.ENDED,
            Subscription.proof[LEFT].astext == str(delivery_id),
            Subscription.journalist_id.in_([journalist.id for journalist in people]),
        )
        .values(state=SubscriptionState.CONFIRMED, ended_at=None, proof=Subscription.proof.op("-")(LEFT))
        .execution_options(synchronize_session=False)
    )


def _came_by(session: Session, delivery_id: UUID) -> Select[UUID, UUID]:
    """Person and topics of a delivery: its own topic, or all of its release's when it came by no single one.

    A digest comes by all that its reader is subscribed to.
    """
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        raise NotFound("There is no such delivery.")
    if session.get_one(Release, delivery.release_id).kind is Kind.DIGEST:
        return select(_reader(delivery), Topic.id).where(Topic.id.in_(_read_by(delivery)))
    of_release = select(ReleaseTopic.topic_id).where(ReleaseTopic.release_id == delivery.release_id)
    theirs = Topic.id == delivery.topic_id if delivery.topic_id else Topic.id.in_(of_release)
    return select(_reader(delivery), Topic.id).where(theirs)


def _reader(delivery: Delivery) -> ScalarSelect[UUID]:
    """Who is written to now: the entry the delivery went to, or the one it was merged into since."""
    entry = func.coalesce(Journalist.merged_into, Journalist.id)
    return select(entry).where(Journalist.id == delivery.journalist_id).scalar_subquery()


def _read_by(delivery: Delivery) -> Select[UUID]:
    """The topics of the delivery's reader, with those its link has ended before."""
    by_it = Subscription.proof[LEFT].astext == str(delivery.id)
    return select(Subscription.topic_id).where(
        Subscription.journalist_id == _reader(delivery),
        or_(Subscription.state != SubscriptionState.ENDED, by_it),
    )


def _end(session: Session, pairs: Select[UUID, UUID], mark: dict[str, str]) -> None:
    ended = literal(SubscriptionState.ENDED, Subscription.state.type)
    proof = literal(mark, JSONB)
    rows = pairs.add_columns(ended, proof, func.now())
    columns = (Subscription.journalist_id, Subscription.topic_id, Subscription.state)
    fresh = insert(Subscription).from_select([*columns, Subscription.proof, Subscription.ended_at], rows)
    session.execute(
        fresh.on_conflict_do_update(
            index_elements=[Subscription.journalist_id, Subscription.topic_id],
            set_={
                "state": fresh.excluded.state,
                "ended_at": fresh.excluded.ended_at,
                "proof": Subscription.proof.op("||")(fresh.excluded.proof),
            },
            where=Subscription.state != SubscriptionState.ENDED,
        )
    )
