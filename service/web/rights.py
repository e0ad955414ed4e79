"""What the person who is signed in may see and do."""

from uuid import UUID

from flask_security import current_user
from sqlalchemy.orm import Session

from service import accounts, releases
from service.models import Account, Release, Role


def account(session: Session) -> Account:
    """The account that is signed in, with its rights as they are now."""
    return accounts.get(session, current_user.account_id)


def senders(session: Session) -> frozenset[UUID]:
    """The senders whose work she may see."""
    return frozenset(sender.id for sender in accounts.senders_of(session, account(session)))


def release(session: Session, id_: UUID) -> Release:
    """A release she may see. Raises NotFound for any other."""
    return releases.get(session, id_, senders=senders(session))


def release_to_send(session: Session, id_: UUID) -> Release:
    """A release she may steer. Raises NotFound when she may not even see it, accounts.NotAllowed otherwise."""
    found = release(session, id_)
    accounts.require(account(session), found.sender_id, Role.SEND)
    return found
