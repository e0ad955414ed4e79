"""Accounts: one for each person's address, made by invitation."""

import secrets
from collections.abc import Iterable
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import addresses, audit
from service.accounts import links
from service.accounts.rights import Given, give, grant
from service.errors import NotFound, Refused
from service.manuscripts.characters import clean_line
from service.models import Account, Right, Role, Sender

LONGEST_NAME = 120


class BadName(Refused):
    """Write the name by which colleagues know the person."""

    def __init__(self) -> None:
        super().__init__("Write a name of 1 to %(most)s characters.", most=LONGEST_NAME)


class IsClosed(Refused):
    """Open the account again first."""

    def __init__(self) -> None:
        super().__init__("The account of this address is closed. Open it again first.")


class BadProfile(Refused):
    """Choose a time zone of the list."""

    def __init__(self) -> None:
        super().__init__("There is no such time zone. Choose one of the list, as Asia/Almaty.")


def add(session: Session, email: str, name: str, *, sender: Sender, roles: Iterable[Role]) -> Account:
    """The account of this address, made if there is none, with these roles for the sender. Raises BadAddress."""
    account = made(session, email, clean_line(name))
    grant(session, account, sender, roles)
    return account


def invite_to(
    session: Session, email: str, name: str, sender: Sender, rights: Given, *, by: Account, language: str = "en"
) -> Account:
    """Give this address an account with these rights and mail it the invitation; who is here already keeps her name.

    Raises addresses.BadAddress, BadName, IsClosed, NotAllowed, NotYours.
    """
    account = made(session, email, checked_name(name))
    if not account.active:
        raise IsClosed
    before = frozenset((right.role, right.topic_id) for right in account.rights if right.sender_id == sender.id)
    give(session, account, sender, before | rights, by=by)
    audit.write(session, "invited", account=by, to=str(account.id), sender=sender.slug)
    links.invite(session, account, sender=sender, language=account.language or language)
    return account


def settle(session: Session, account: Account, *, name: str, language: str | None, zone: str | None) -> None:
    """Keep what a person says of herself. Raises BadName, BadProfile."""
    if zone is not None and zone not in available_timezones():
        raise BadProfile
    account.name, account.language, account.zone = checked_name(name), language, zone
    audit.write(session, "account changed", account=account)
    session.flush()


def checked_name(name: str) -> str:
    """The name on one line. Raises BadName."""
    found = clean_line(name)
    if not 0 < len(found) <= LONGEST_NAME:
        raise BadName
    return found


def get(session: Session, id_: UUID) -> Account:
    """The account. Raises NotFound."""
    return _found(session.get(Account, id_))


def by_email(session: Session, email: str) -> Account:
    """The account of this address, however it is spelt. Raises NotFound, addresses.BadAddress."""
    return _found(session.scalar(select(Account).where(Account.email == addresses.canonical(email))))


def senders_of(session: Session, account: Account) -> list[Sender]:
    """The senders for which the account has any role, by name; none when it is closed."""
    if not account.active:
        return []
    theirs = select(Right.sender_id).where(Right.account_id == account.id)
    return list(session.scalars(select(Sender).where(Sender.id.in_(theirs)).order_by(Sender.name, Sender.id)))


def made(session: Session, email: str, name: str) -> Account:
    """The account of this address, made if there is none, with no rights. Raises BadAddress."""
    values = {"email": addresses.canonical(email), "name": name, "fs_uniquifier": secrets.token_hex(16)}
    session.execute(insert(Account).values(values).on_conflict_do_nothing())
    return by_email(session, email)


def _found(account: Account | None) -> Account:
    if account is None:
        raise NotFound("There is no such account.")
    return account
