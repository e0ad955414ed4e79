"""Forgetting a person: GDPR, article 17, keeping what article 21 needs so that they are not mailed again."""

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from service import account_mails, audit, standings, suppressions
from service.models import (
    Account,
    AddressChange,
    Delivery,
    Event,
    Frequency,
    Journalist,
    Pitch,
    Received,
    Signup,
    Subscription,
    SubscriptionState,
    SuppressionReason,
)


def erase(session: Session, journalist: Journalist, *, by: Account | None = None) -> None:
    """Replace all that tells who this was; the suppression's fingerprint alone stays. Deliveries still count.

    Stored bounces and replies are deleted with it, as they quote the address. Erasing again changes nothing.
    """
    session.refresh(journalist, with_for_update=True)
    if journalist.erased_at:
        return
    standings.forget(session, journalist.fingerprint, journalist.sender_id)
    suppressions.add(
        session, journalist.fingerprint, SuppressionReason.ERASED, sender=journalist.sender_id, evidence="erased"
    )
    _forget_words(session, journalist)
    account_mails.erase(session, journalist.fingerprint, journalist.sender_id)
    _forget_asked(session, journalist)
    session.execute(
        update(Subscription)
        .where(Subscription.journalist_id == journalist.id)
        .values(state=SubscriptionState.ENDED, proof={}, ended_at=func.coalesce(Subscription.ended_at, func.now()))
        .execution_options(synchronize_session=False)
    )
    _blank(journalist)
    session.flush()
    audit.write(session, "journalist erased", account=by, journalist=str(journalist.id))
    session.refresh(journalist)


def _blank(journalist: Journalist) -> None:
    # A reserved domain (RFC 6761, 6.4) no server can have, one for each, as canonical addresses are unique.
    journalist.address = journalist.address_canonical = f"erased-{journalist.id}@erased.invalid"
    journalist.fingerprint = b""
    journalist.name = journalist.beat = ""
    journalist.outlet_id = None
    journalist.zone = "UTC"
    journalist.also_reads = []
    journalist.frequency = Frequency.AT_ONCE
    journalist.paused_until = journalist.digest_due_at = None
    journalist.do_not_contact = True
    journalist.erased_at = func.now()


def _forget_asked(session: Session, journalist: Journalist) -> None:
    print_ = journalist.fingerprint
    signups = delete(Signup).where(Signup.fingerprint == print_, Signup.sender_id == journalist.sender_id)
    changes = delete(AddressChange).where(
        or_(AddressChange.journalist_id == journalist.id, AddressChange.fingerprint == print_)
    )
    for forget in (signups, changes):
        session.execute(forget.execution_options(synchronize_session=False))


def _forget_words(session: Session, journalist: Journalist) -> None:
    theirs = select(Delivery.id).where(Delivery.journalist_id == journalist.id)
    stored = select(Event.received_id).where(Event.delivery_id.in_(theirs))
    session.execute(delete(Received).where(Received.id.in_(stored)).execution_options(synchronize_session=False))
    pitches = delete(Pitch).where(Pitch.journalist_id == journalist.id)
    session.execute(pitches.execution_options(synchronize_session=False))
    session.execute(
        update(Event).where(Event.delivery_id.in_(theirs)).values(reply="").execution_options(synchronize_session=False)
    )
