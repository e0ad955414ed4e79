"""A new address: it holds once both mailboxes have said so, the one that is left and the one that is new."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from service import account_mails, audit, floods, journalists, providers, suppressions
from service.models import AccountMail, AccountMailKind, AddressChange, Journalist, Sender
from service.signing import Expired, Purpose, verify

GOOD_FOR = timedelta(hours=72)
OLD, NEW = "old", "new"


@dataclass(frozen=True, slots=True)
class Agreed:
    """One mailbox has agreed; `is_done` when both have. `is_taken`: somebody has the new address here already."""

    sender: Sender
    is_done: bool
    is_taken: bool = False


def change_address(session: Session, journalist: Journalist, address: str, *, language: str) -> None:
    """Mail both addresses a link to agree by; a change asked for before is void. Raises addresses.BadAddress.

    Whether the new one is known is not said before its owner has agreed.
    """
    box = journalists.mailbox(address)
    may = [floods.may_write(floods.Ask.ADDRESS, each) for each in (journalist.address, box.address)]
    if not all(may) or box.fingerprint == journalist.fingerprint:
        return
    _forget(session, journalist)
    change = AddressChange(
        journalist_id=journalist.id,
        address=box.address,
        fingerprint=box.fingerprint,
        old_fingerprint=journalist.fingerprint,
    )
    session.add(change)
    session.flush()
    for which, to in ((OLD, journalist.address), (NEW, box.address)):
        values = {"change": str(change.id), "which": which}
        account_mails.write(
            session, AccountMailKind.NEW_ADDRESS, to, values=values, language=language, sender_id=journalist.sender_id
        )


def agreement(session: Session, token: str) -> tuple[AddressChange, AccountMail, Journalist]:
    """What this link agrees to; whose it is is locked. Raises signing.Forged, signing.Expired."""
    mail = account_mails.get(session, verify(Purpose.ADDRESS, token), AccountMailKind.NEW_ADDRESS)
    if mail is None:
        raise Expired
    query = select(AddressChange, Journalist).join(Journalist, Journalist.id == AddressChange.journalist_id)
    query = query.where(
        AddressChange.id == UUID(mail.values["change"]),
        AddressChange.created_at > func.clock_timestamp() - GOOD_FOR,
        AddressChange.old_fingerprint == Journalist.fingerprint,
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise Expired
    return found[0], mail, found[1]


def agree(session: Session, token: str) -> Agreed:
    """Say yes for the mailbox this link was mailed to; the second yes changes the address.

    Raises signing.Forged, signing.Expired.
    """
    change, mail, journalist = agreement(session, token)
    session.refresh(journalist, with_for_update=True)
    session.refresh(change)
    sender = session.get_one(Sender, journalist.sender_id)
    if mail.values["which"] == OLD:
        change.old_said_at = func.clock_timestamp()
    else:
        change.new_said_at = func.clock_timestamp()
    session.flush()
    session.refresh(change)
    if change.old_said_at is None or change.new_said_at is None:
        return Agreed(sender, is_done=False)
    return _change(session, sender, journalist, change)


def _change(session: Session, sender: Sender, journalist: Journalist, change: AddressChange) -> Agreed:
    known = select(Journalist.id).filter_by(sender_id=sender.id, fingerprint=change.fingerprint)
    if session.scalar(known) is not None:
        _forget(session, journalist)
        return Agreed(sender, is_done=False, is_taken=True)
    said = suppressions.reason(session, journalist.fingerprint, sender)
    box = journalists.mailbox(change.address)
    journalist.address, journalist.address_canonical = box.address, box.canonical
    journalist.fingerprint = box.fingerprint
    if said in suppressions.THEIR_WORD:
        # Their no goes where they go.
        suppressions.add(session, box.fingerprint, said, sender=sender, evidence="said by the address before")
    providers.note(session, [box.canonical])
    _forget(session, journalist)
    audit.write(session, "address changed", journalist=str(journalist.id))
    return Agreed(sender, is_done=True)


def _forget(session: Session, journalist: Journalist) -> None:
    theirs = delete(AddressChange).where(AddressChange.journalist_id == journalist.id)
    session.execute(theirs.execution_options(synchronize_session=False))


def tidy(session: Session) -> None:
    """Forget what was not agreed to in time."""
    old = delete(AddressChange).where(AddressChange.created_at < func.now() - GOOD_FOR)
    session.execute(old.execution_options(synchronize_session=False))
