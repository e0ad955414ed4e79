"""Forgetting a person: GDPR, article 17, keeping what article 21 needs so that they are not mailed again."""

from sqlalchemy import Text, cast, delete, func, or_, select, update
from sqlalchemy.orm import Session

from service import account_mails, audit, consents, standings, suppressions
from service.journalists import unmatched
from service.models import (
    Account,
    AddressChange,
    Delivery,
    Event,
    Frequency,
    ImportFile,
    ImportRow,
    ImportState,
    Journalist,
    JournalistMerge,
    JournalistNote,
    ListMember,
    Pitch,
    Received,
    Signup,
    Subscription,
    SubscriptionState,
    SuppressionReason,
)

FORGOTTEN = "Somebody asked to be erased meanwhile, so files that might name them were forgotten. Give the file again."


def erase(session: Session, journalist: Journalist, *, by: Account | None = None) -> None:
    """Replace all that tells who this was; the suppression's fingerprint alone stays. Deliveries still count.

    Stored bounces and replies are deleted with it, as they quote the address. Entries merged into this one are the same
    person, and are erased too. Erasing again changes nothing.
    """
    session.refresh(journalist, with_for_update=True)
    if journalist.erased_at:
        return
    for other in session.scalars(select(Journalist).where(Journalist.merged_into == journalist.id)).all():
        erase(session, other, by=by)
    standings.forget(session, journalist.fingerprint, journalist.sender_id)
    suppressions.add(
        session, journalist.fingerprint, SuppressionReason.ERASED, sender=journalist.sender_id, evidence="erased"
    )
    _forget_words(session, journalist)
    unmatched.forget(session, (journalist.address, journalist.address_canonical))
    account_mails.erase(session, journalist.fingerprint, journalist.sender_id)
    _forget_asked(session, journalist)
    consents.forget(session, journalist)
    _forget_notes(session, journalist)
    _forget_files(session, journalist)
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
    lists = delete(ListMember).where(ListMember.journalist_id == journalist.id)
    for forget in (signups, changes, lists):
        session.execute(forget.execution_options(synchronize_session=False))


def _forget_notes(session: Session, journalist: Journalist) -> None:
    mine = journalist.id
    merges = delete(JournalistMerge).where(or_(JournalistMerge.kept_id == mine, JournalistMerge.gone_id == mine))
    for forget in (merges, delete(JournalistNote).where(JournalistNote.journalist_id == mine)):
        session.execute(forget.execution_options(synchronize_session=False))


def _forget_files(session: Session, journalist: Journalist) -> None:
    """Files on their way in: the rows that name the address, and what was not read into rows yet, whole."""
    files = select(ImportFile.id).where(ImportFile.sender_id == journalist.sender_id)
    named = func.lower(cast(ImportRow.cells, Text)).contains(journalist.address_canonical, autoescape=True)
    rows = update(ImportRow).where(
        ImportRow.import_id.in_(files), or_(named, ImportRow.canonical == journalist.address_canonical)
    )
    session.execute(rows.values(cells=[], canonical=None, remark="").execution_options(synchronize_session=False))
    unread = update(ImportFile).where(ImportFile.sender_id == journalist.sender_id, ImportFile.data.is_not(None))
    gone = unread.values(data=None, preview={}, state=ImportState.FAILED, fault=FORGOTTEN)
    session.execute(gone.execution_options(synchronize_session=False))


def _forget_words(session: Session, journalist: Journalist) -> None:
    theirs = select(Delivery.id).where(Delivery.journalist_id == journalist.id)
    stored = select(Event.received_id).where(Event.delivery_id.in_(theirs))
    session.execute(delete(Received).where(Received.id.in_(stored)).execution_options(synchronize_session=False))
    pitches = delete(Pitch).where(Pitch.journalist_id == journalist.id)
    session.execute(pitches.execution_options(synchronize_session=False))
    session.execute(
        update(Event).where(Event.delivery_id.in_(theirs)).values(reply="").execution_options(synchronize_session=False)
    )
