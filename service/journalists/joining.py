"""The subscriptions and particulars of two entries that become one person, and how they part again."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import suppressions
from service.models import Journalist, JournalistMerge, ListMember, PressList, Subscription, SubscriptionState
from service.suppressions import THEIR_WORD

MARK = "merged"
"""In the proof of a subscription that merging began, confirmed or ended: the merge, so that it can be undone."""
FILLED = ("name", "outlet_id", "beat", "country")
ENDED, CONFIRMED = SubscriptionState.ENDED, SubscriptionState.CONFIRMED


def snapshot(session: Session, journalist: Journalist) -> list[dict[str, Any]]:
    """The subscriptions as they are, as plain JSON."""
    return [
        {
            "topic_id": str(each.topic_id),
            "state": each.state.value,
            "proof": each.proof,
            "since": each.since.isoformat(),
            "ended_at": each.ended_at.isoformat() if each.ended_at else None,
        }
        for each in _of(session, journalist.id).values()
    ]


def join(session: Session, merge: JournalistMerge) -> None:
    """Give the kept entry what the other had: what it has not, a yes where it waits for one, and every no."""
    mine, theirs = _of(session, merge.kept_id), _of(session, merge.gone_id)
    for topic_id, other in theirs.items():
        own = mine.get(topic_id)
        if own is None:
            values = {"state": other.state, "since": other.since, "ended_at": other.ended_at}
            session.add(
                Subscription(
                    journalist_id=merge.kept_id, topic_id=topic_id, proof=_marked(other.proof, merge), **values
                )
            )
        elif own.state is not ENDED and (other.state is ENDED or own.state is not CONFIRMED):
            own.state, own.ended_at, own.proof = other.state, other.ended_at, _marked(own.proof | other.proof, merge)
    session.execute(delete(Subscription).where(Subscription.journalist_id == merge.gone_id))
    session.flush()


def lists(session: Session, journalist: Journalist) -> list[str]:
    """The lists that an entry is on, as plain JSON."""
    return [str(id_) for id_ in session.scalars(select(ListMember.list_id).filter_by(journalist_id=journalist.id))]


def move(session: Session, list_ids: Collection[str], *, off: UUID, onto: UUID) -> None:
    """Take an entry off these lists and put another on them."""
    if not list_ids:
        return
    theirs = delete(ListMember).where(ListMember.journalist_id == off, ListMember.list_id.in_(map(UUID, list_ids)))
    session.execute(theirs.execution_options(synchronize_session=False))
    rows = select(PressList.id, literal(onto)).where(PressList.id.in_(map(UUID, list_ids)))
    fresh = insert(ListMember).from_select(["list_id", "journalist_id"], rows)
    session.execute(fresh.on_conflict_do_nothing())


def part(session: Session, merge: JournalistMerge) -> None:
    """Give each what it had; what the person ended since is ended for both."""
    before = {UUID(row["topic_id"]): row for row in merge.before["kept"]}
    gone = {UUID(row["topic_id"]): row for row in merge.before["gone"]}
    for topic_id, own in _of(session, merge.kept_id).items():
        is_ours = own.proof.get(MARK) == str(merge.id)
        was = gone.get(topic_id)
        was_ended = topic_id in before and before[topic_id]["state"] == ENDED
        if was and own.state is ENDED and was["state"] != ENDED and not was_ended:
            was |= {"state": ENDED.value, "ended_at": own.ended_at.isoformat() if own.ended_at else None}
        elif is_ours and topic_id not in before:
            session.delete(own)
        elif is_ours:
            _put_back(own, before[topic_id])
    for row in gone.values():
        session.execute(insert(Subscription).values(_values(merge.gone_id, row)).on_conflict_do_nothing())
    both = set(merge.before["kept_lists"]) & set(merge.before["gone_lists"])
    move(session, [one for one in merge.before["gone_lists"] if one not in both], off=merge.kept_id, onto=merge.gone_id)
    move(session, sorted(both), off=merge.gone_id, onto=merge.gone_id)
    session.flush()


def fill(kept: Journalist, gone: Journalist) -> None:
    """What is not known of the one is taken from the other."""
    for name in FILLED:
        setattr(kept, name, getattr(kept, name) or getattr(gone, name))


def said_no(session: Session, journalist: Journalist) -> bool:
    """Whether this person does not want to hear from us at all."""
    reason = suppressions.reason(session, journalist.fingerprint, journalist.sender_id)
    return journalist.do_not_contact or reason in THEIR_WORD


def lock(session: Session, *people: Journalist) -> None:
    """Let nobody else change these meanwhile; in one order, so that two at once wait for each other."""
    for each in sorted(people, key=lambda one: one.id):
        session.refresh(each, with_for_update=True)


def now(session: Session) -> datetime:
    """The time of the database."""
    at: datetime = session.scalars(select(func.clock_timestamp())).one()
    return at


def _of(session: Session, journalist_id: UUID) -> dict[UUID, Subscription]:
    query = select(Subscription).where(Subscription.journalist_id == journalist_id).with_for_update()
    return {each.topic_id: each for each in session.scalars(query.execution_options(populate_existing=True))}


def _marked(proof: dict[str, Any], merge: JournalistMerge) -> dict[str, Any]:
    return proof | {MARK: str(merge.id)}


def _put_back(own: Subscription, row: dict[str, Any]) -> None:
    values = _values(own.journalist_id, row)
    own.state, own.proof, own.since, own.ended_at = (values[name] for name in ("state", "proof", "since", "ended_at"))


def _values(journalist_id: UUID, row: dict[str, Any]) -> dict[str, Any]:
    ended = row["ended_at"]
    return {
        "journalist_id": journalist_id,
        "topic_id": UUID(row["topic_id"]),
        "state": SubscriptionState(row["state"]),
        "proof": row["proof"],
        "since": datetime.fromisoformat(row["since"]),
        "ended_at": datetime.fromisoformat(ended) if ended else None,
    }
