"""Two entries that are one person: one is written to from now on, the other stays with all that was sent to it.

Delivery rows are not moved: each says to which address a release went, and where both got one, there are two. So the
books of every release stay as they are. The person's page shows the rows of all their entries.
"""

from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from service import audit
from service.errors import NotFound, Refused
from service.journalists import joining, notes
from service.models import (
    Account,
    AddressChange,
    Delivery,
    DeliveryState,
    Journalist,
    JournalistMerge,
    NoteKind,
)
from service.models.deliveries import OPEN


class NotOnePerson(Refused):
    """Choose two entries of one newsroom that are there still."""

    def __init__(self) -> None:
        super().__init__("These two cannot be merged: choose two entries that are in the list still.")


class OnItsWay(Refused):
    """Wait until what is on its way to the address has arrived."""

    def __init__(self) -> None:
        super().__init__("A release is on its way to the address that would be left. Merge them when it has arrived.")


def merge(session: Session, kept: Journalist, gone: Journalist, *, by: Account | None) -> JournalistMerge:
    """Write to this person at `kept` alone; a no said at either address holds. Raises NotOnePerson, OnItsWay."""
    joining.lock(session, kept, gone)
    if (
        kept.id == gone.id
        or kept.sender_id != gone.sender_id
        or any(one.erased_at or one.merged_into for one in (kept, gone))
    ):
        raise NotOnePerson
    waiting = exists().where(Delivery.journalist_id == gone.id, Delivery.state.in_({*OPEN, DeliveryState.UNCERTAIN}))
    if session.scalar(select(waiting)):
        raise OnItsWay
    found = JournalistMerge(kept_id=kept.id, gone_id=gone.id, account_id=by.id if by else None)
    found.before = {
        "kept": joining.snapshot(session, kept),
        "gone": joining.snapshot(session, gone),
        "kept_lists": joining.lists(session, kept),
        "gone_lists": joining.lists(session, gone),
        "do_not_contact": kept.do_not_contact,
    }
    session.add(found)
    session.flush()
    joining.join(session, found)
    joining.move(session, found.before["gone_lists"], off=gone.id, onto=kept.id)
    joining.fill(kept, gone)
    kept.do_not_contact = kept.do_not_contact or joining.said_no(session, gone)
    # Whoever was merged into the one that goes, comes along.
    session.execute(update(Journalist).where(Journalist.merged_into == gone.id).values(merged_into=kept.id))
    session.execute(delete(AddressChange).where(AddressChange.journalist_id == gone.id))
    gone.merged_into = kept.id
    gone.digest_due_at = None
    for one, other in ((kept, gone), (gone, kept)):
        notes.write(session, one, str(other.id), kind=NoteKind.MERGED, by=by)
    audit.write(session, "journalists merged", account=by, journalist=str(kept.id), gone=str(gone.id))
    return found


def tell_apart(session: Session, first: Journalist, second: Journalist, *, by: Account | None) -> None:
    """They are two people: never propose them again. Raises NotOnePerson."""
    if first.id == second.id or first.sender_id != second.sender_id:
        raise NotOnePerson
    now = joining.now(session)
    session.add(
        JournalistMerge(kept_id=first.id, gone_id=second.id, account_id=by.id if by else None, undone_at=now, before={})
    )
    session.flush()
    audit.write(session, "journalists told apart", account=by, journalist=str(first.id), other=str(second.id))


def merges(session: Session, kept: Journalist) -> list[tuple[JournalistMerge, Journalist]]:
    """What was merged into this person and not undone, with the entries that went, the newest first."""
    query = (
        select(JournalistMerge, Journalist)
        .join(Journalist, Journalist.id == JournalistMerge.gone_id)
        .where(Journalist.merged_into == kept.id, JournalistMerge.kept_id == kept.id)
        .where(JournalistMerge.undone_at.is_(None), JournalistMerge.before != {})
        .order_by(JournalistMerge.id.desc())
    )
    return [(found, gone) for found, gone in session.execute(query)]


def entries(session: Session, kept: Journalist) -> list[UUID]:
    """The ids under which this person is or was written to, their own first."""
    return [kept.id, *session.scalars(select(Journalist.id).where(Journalist.merged_into == kept.id))]


def part(session: Session, merge_id: UUID, kept: Journalist, *, by: Account | None) -> Journalist:
    """Undo a merge: the entry that went is back with its subscriptions; what the person said since holds for both.

    Particulars that were filled in stay. Raises NotFound.
    """
    found = session.get(JournalistMerge, merge_id)
    if found is None or found.undone_at is not None or not found.before:
        raise NotFound("There is no such merge.")
    gone = session.get_one(Journalist, found.gone_id)
    joining.lock(session, kept, gone)
    if found.kept_id != kept.id or gone.merged_into != kept.id:
        raise NotFound("There is no such merge.")
    joining.part(session, found)
    gone.merged_into = None
    said_since = [said for said in notes.of(session, kept) if said.note.created_at > found.created_at]
    kept_away = any(said.note.kind is NoteKind.KEPT_AWAY for said in said_since)
    gone.do_not_contact = gone.do_not_contact or (kept.do_not_contact and kept_away)
    kept.do_not_contact = kept.do_not_contact and (kept_away or found.before["do_not_contact"])
    found.undone_at = joining.now(session)
    for one, other in ((kept, gone), (gone, kept)):
        notes.write(session, one, str(other.id), kind=NoteKind.PARTED, by=by)
    audit.write(session, "journalists parted", account=by, journalist=str(kept.id), back=str(gone.id))
    return gone
