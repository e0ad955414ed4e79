"""All that is kept about one person at one newsroom, as plain JSON (GDPR, articles 15 and 20)."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service import consents, outlets
from service.journalists import notes
from service.models import (
    AccountMail,
    AddressChange,
    Attempt,
    AuditEntry,
    Delivery,
    DigestEntry,
    Edition,
    Event,
    Journalist,
    Received,
    Sender,
    Signup,
    Subscription,
    Suppression,
    Topic,
)

FORMAT = "dateline-person-1"
PERSON = ("address", "name", "beat", "country", "language", "also_reads", "frequency", "zone", "tier", "do_not_contact")


def export(session: Session, journalist: Journalist) -> dict[str, Any]:
    """Everything, in words a program can read: the person's own, and nobody else's."""
    sender = session.get_one(Sender, journalist.sender_id)
    return {
        "format": FORMAT,
        "newsroom": {"name": sender.name, "address": sender.reply_to, "postal_address": sender.postal_address},
        "person": _person(session, journalist),
        "subscriptions": [_subscription(row) for row in _subscriptions(session, journalist)],
        "mails": _mails(session, journalist),
        "digests": [
            {"digest": str(entry.digest_id), "release": str(entry.release_id)}
            for entry in session.scalars(select(DigestEntry).filter_by(journalist_id=journalist.id))
        ],
        "single_mails": _single_mails(session, journalist),
        "asked_and_not_confirmed": _asked(session, journalist),
        "tracking": _tracking(session, journalist),
        "suppressions": _suppressions(session, journalist),
        "acts": _acts(session, journalist),
        "notes": [
            {"at": _moment(said.note.created_at), "kind": said.note.kind, "words": said.note.words}
            for said in notes.of(session, journalist)
        ],
        "merged": [
            {"address": gone.address, "name": gone.name, "mails": _mails(session, gone)}
            for gone in session.scalars(select(Journalist).filter_by(merged_into=journalist.id))
        ],
    }


def _person(session: Session, journalist: Journalist) -> dict[str, Any]:
    places = outlets.names(session, session.get_one(Sender, journalist.sender_id))
    return {
        **{name: getattr(journalist, name) for name in PERSON},
        "outlet": places[journalist.outlet_id] if journalist.outlet_id else "",
        "paused_until": _moment(journalist.paused_until),
        "next_digest": _moment(journalist.digest_due_at),
        "known_since": _moment(journalist.created_at),
    }


def _subscriptions(session: Session, journalist: Journalist) -> list[Any]:
    query = select(Subscription, Topic).join(Topic, Topic.id == Subscription.topic_id)
    return list(session.execute(query.where(Subscription.journalist_id == journalist.id).order_by(Topic.name)))


def _subscription(row: Any) -> dict[str, Any]:
    found, topic = row
    return {
        "topic": topic.name,
        "state": found.state,
        "since": _moment(found.since),
        "ended": _moment(found.ended_at),
        "consent": found.proof,
    }


def _mails(session: Session, journalist: Journalist) -> list[dict[str, Any]]:
    headline = select(Edition.headline).where(Edition.release_id == Delivery.release_id).order_by(Edition.position)
    query = select(Delivery, headline.limit(1).scalar_subquery()).where(Delivery.journalist_id == journalist.id)
    mails = {}
    for delivery, words in session.execute(query.order_by(Delivery.id)):
        told = {"id": str(delivery.id), "release": str(delivery.release_id), "state": delivery.state}
        # What an embargo still covers is nobody's to read: who was written to has its headline in the mail.
        told |= {"headline": words} if delivery.attempts else {}
        told |= {"left_out": delivery.exclusion, "reason": delivery.reason, "attempts": [], "came_back": []}
        mails[delivery.id] = told
    for each in session.scalars(select(Attempt).where(Attempt.delivery_id.in_(mails)).order_by(Attempt.number)):
        what = {"at": _moment(each.began_at), "outcome": each.outcome, "reply": each.reply}
        mails[each.delivery_id]["attempts"].append(what)
    back = select(Event, Received.message).outerjoin(Received, Received.id == Event.received_id)
    for event, message in session.execute(back.where(Event.delivery_id.in_(mails)).order_by(Event.id)):
        what = {"at": _moment(event.at), "kind": event.kind, "reason": event.reason, "reply": event.reply}
        what["message"] = message.decode("utf-8", "replace") if message else ""
        mails[event.delivery_id]["came_back"].append(what)
    return list(mails.values())


def _single_mails(session: Session, journalist: Journalist) -> list[dict[str, Any]]:
    from_here = or_(AccountMail.sender_id == journalist.sender_id, AccountMail.sender_id.is_(None))
    query = select(AccountMail).where(AccountMail.fingerprint == journalist.fingerprint, from_here)
    return [
        {"at": _moment(mail.created_at), "kind": mail.kind, "state": mail.state, "reply": mail.reply}
        for mail in session.scalars(query.order_by(AccountMail.id))
    ]


def _asked(session: Session, journalist: Journalist) -> list[dict[str, Any]]:
    theirs = (Signup.fingerprint == journalist.fingerprint, Signup.sender_id == journalist.sender_id)
    signups = session.scalars(select(Signup).where(*theirs))
    changes = session.scalars(select(AddressChange).where(AddressChange.journalist_id == journalist.id))
    return [
        *({"at": _moment(each.created_at), "subscribe_to": each.topics, "name": each.name} for each in signups),
        *({"at": _moment(each.created_at), "new_address": each.address} for each in changes),
    ]


def _tracking(session: Session, journalist: Journalist) -> dict[str, Any]:
    return {
        "agreed": journalist.tracking_agreed,
        "consents": [
            {"since": _moment(each.given_at), "ended": _moment(each.withdrawn_at), "consent": each.proof}
            for each in consents.of(session, journalist)
        ],
        "noted": [
            {"mail": str(each.delivery_id), "what": "link" if each.link else "opened", "by": each.visitor}
            | {"times": each.times, "first": _moment(each.first_at), "last": _moment(each.last_at)}
            for each in consents.visits(session, journalist)
        ],
    }


def _suppressions(session: Session, journalist: Journalist) -> list[dict[str, Any]]:
    here = or_(Suppression.sender_id == journalist.sender_id, Suppression.sender_id.is_(None))
    query = select(Suppression).where(Suppression.fingerprint == journalist.fingerprint, here)
    return [
        {"since": _moment(each.created_at), "reason": each.reason, "evidence": each.evidence}
        for each in session.scalars(query)
    ]


def _acts(session: Session, journalist: Journalist) -> list[dict[str, Any]]:
    about = AuditEntry.detail["journalist"].astext == str(journalist.id)
    entries = session.scalars(select(AuditEntry).where(about).order_by(AuditEntry.id))
    return [{"at": _moment(entry.at), "act": entry.act} for entry in entries]


def _moment(at: Any) -> str | None:
    return at.isoformat() if at else None
