"""Closing an account and opening it again, by whoever administers all that it may do something for."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import audit
from service.accounts import places
from service.accounts.rights import LastAdministrator, begin_change, require_another
from service.errors import Refused
from service.models import Account, Role, Sender

__all__ = ["LastAdministrator", "LooksAfterOthers", "close", "looks_after", "reopen", "require_looks_after"]


class LooksAfterOthers(Refused):
    """Take her rights for your newsroom, or ask an administrator of the others."""

    def __init__(self) -> None:
        super().__init__(
            "This person works for newsrooms too that you do not administer. You can take her rights for yours."
        )


def looks_after(by: Account, account: Account) -> bool:
    """Whether `by` administers every sender for which the account has any right, and there is one."""
    theirs = {right.sender_id for right in account.rights}
    mine = {right.sender_id for right in by.rights if right.role is Role.ADMINISTER and right.topic_id is None}
    return by.active and bool(theirs) and theirs <= mine


def require_looks_after(by: Account, account: Account) -> None:
    """Raises LooksAfterOthers."""
    if not looks_after(by, account):
        raise LooksAfterOthers


def close(session: Session, account: Account, *, by: Account) -> None:
    """Let this person in no more, and end all her sessions; her name stays on what she did. Closing twice is once.

    Raises LooksAfterOthers, LastAdministrator.
    """
    _begin(session, account, by)
    if not account.active:
        return
    for sender in _administered(session, account):
        require_another(session, account, sender)
    account.active = False
    account.sign_in_seal = account.sign_in_until = None
    places.end_everywhere(session, account)
    audit.write(session, "account closed", account=by, to=str(account.id), senders=_slugs(session, account))
    session.flush()


def reopen(session: Session, account: Account, *, by: Account) -> None:
    """Let her in again, with the rights she had. Raises LooksAfterOthers."""
    _begin(session, account, by)
    if account.active:
        return
    account.active = True
    audit.write(session, "account opened again", account=by, to=str(account.id), senders=_slugs(session, account))
    session.flush()


def _begin(session: Session, account: Account, by: Account) -> None:
    require_looks_after(by, account)
    # Always in the same order, so that two who change rights at once do not wait for each other.
    for sender_id in sorted({right.sender_id for right in account.rights}):
        begin_change(session, sender_id, by)
    session.refresh(account)


def _administered(session: Session, account: Account) -> list[Sender]:
    ids = {right.sender_id for right in account.rights if right.role is Role.ADMINISTER and right.topic_id is None}
    return list(session.scalars(select(Sender).where(Sender.id.in_(ids)).order_by(Sender.id)))


def _slugs(session: Session, account: Account) -> list[str]:
    ids: set[UUID] = {right.sender_id for right in account.rights}
    return list(session.scalars(select(Sender.slug).where(Sender.id.in_(ids)).order_by(Sender.slug)))
