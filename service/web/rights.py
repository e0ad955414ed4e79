"""What the person who is signed in may see and do."""

from collections.abc import Collection
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
    accounts.require_on(account(session), found, Role.SEND)
    return found


def release_with(session: Session, id_: UUID, roles: Collection[Role]) -> Release:
    """A release for all of whose topics she has one of these roles. Raises NotFound, accounts.NotAllowed."""
    found, by = release(session, id_), account(session)
    if not any(accounts.may_on(by, found, role) for role in roles):
        raise accounts.NotAllowed(next(iter(roles)))
    return found


def ways(session: Session, release: Release) -> dict[str, bool]:
    """Which pages on the way of a release open for her: writing it, giving it a time."""
    by = account(session)
    return {"may_write": accounts.may_on(by, release, Role.WRITE), "may_send": accounts.may_on(by, release, Role.SEND)}


LOOKS = (Role.REPORTS, Role.JOURNALISTS, Role.ADMINISTER)
"""Who may look at what came back and at the addresses that are not mailed."""


def looked_after(found: Account, roles: Collection[Role] = LOOKS) -> frozenset[UUID]:
    """The senders for which the account has one of these roles, for all of their topics."""
    rights = (right for right in found.rights if right.role in roles and right.topic_id is None)
    return frozenset(right.sender_id for right in rights) if found.active else frozenset()


def senders_to_look_at(session: Session) -> frozenset[UUID]:
    """The senders whose addresses she may look at. Raises accounts.NotAllowed when there are none."""
    found = looked_after(account(session))
    if not found:
        raise accounts.NotAllowed(Role.REPORTS)
    return found
