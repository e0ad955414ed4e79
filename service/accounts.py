"""People who work here: what they may do, and the link they first sign in with."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import account_mails, addresses, audit
from service.errors import NotFound, Refused
from service.manuscripts.characters import clean_line
from service.models import Account, AccountMailKind, Right, Role, Sender, Topic
from service.settings import settings

SIGN_IN_FOR = timedelta(hours=24)
LINKS_AN_HOUR = 5
"""Sign-in links that one address can ask for by itself."""


class NotAllowed(Refused):
    """Ask an administrator for the right."""

    def __init__(self, role: Role) -> None:
        super().__init__("This needs the right to %(role)s here; an administrator can give it.", role=role)
        self.role = role


class LinkUsed(Refused):
    """Ask for a new sign-in link; used, expired, replaced and invented ones answer alike."""

    def __init__(self) -> None:
        super().__init__("This sign-in link has been used or has expired. Ask for a new one.")


def add(session: Session, email: str, name: str, *, sender: Sender, roles: Iterable[Role]) -> Account:
    """The account of this address, made if there is none, with these roles for the sender. Raises BadAddress."""
    values = {"email": addresses.canonical(email), "name": clean_line(name), "fs_uniquifier": secrets.token_hex(16)}
    session.execute(insert(Account).values(values).on_conflict_do_nothing())
    account = by_email(session, email)
    grant(session, account, sender, roles)
    return account


def grant(
    session: Session,
    account: Account,
    sender: Sender,
    roles: Iterable[Role],
    *,
    topic: Topic | None = None,
    by: Account | None = None,
) -> None:
    """Give roles for a sender, or for one topic of it only; what the account has already it keeps."""
    given = list(dict.fromkeys(roles))
    if not given:
        return
    common = {"account_id": account.id, "sender_id": sender.id, "topic_id": topic.id if topic else None}
    session.execute(insert(Right).values([common | {"role": role} for role in given]).on_conflict_do_nothing())
    session.refresh(account, ["rights"])
    words = [role.value for role in given]
    audit.write(session, "roles given", account=by, to=str(account.id), sender=sender.slug, roles=words)


def get(session: Session, id_: UUID) -> Account:
    """The account. Raises NotFound."""
    return _found(session.get(Account, id_))


def by_email(session: Session, email: str) -> Account:
    """The account of this address, however it is spelt. Raises NotFound, addresses.BadAddress."""
    return _found(session.scalar(select(Account).where(Account.email == addresses.canonical(email))))


def _found(account: Account | None) -> Account:
    if account is None:
        raise NotFound("There is no such account.")
    return account


def may(account: Account, sender_id: UUID, role: Role, topic_id: UUID | None = None) -> bool:
    """Whether the account has this very role, for the sender as a whole or for the topic asked about.

    No role contains another: who administers does not thereby approve.
    """
    return account.active and any(
        right.sender_id == sender_id and right.role is role and right.topic_id in (None, topic_id)
        for right in account.rights
    )


def require(account: Account, sender_id: UUID, role: Role, topic_id: UUID | None = None) -> None:
    """Raises NotAllowed unless the account may."""
    if not may(account, sender_id, role, topic_id):
        raise NotAllowed(role)


def require_anywhere(account: Account, role: Role) -> None:
    """Raises NotAllowed unless the account has this role for some sender: for what concerns the whole service."""
    if not (account.active and any(right.role is role and right.topic_id is None for right in account.rights)):
        raise NotAllowed(role)


def senders_of(session: Session, account: Account) -> list[Sender]:
    """The senders for which the account has any role, by name; none when it is closed."""
    if not account.active:
        return []
    theirs = select(Right.sender_id).where(Right.account_id == account.id)
    return list(session.scalars(select(Sender).where(Sender.id.in_(theirs)).order_by(Sender.name, Sender.id)))


def who_may(session: Session, sender_id: UUID, role: Role) -> list[Account]:
    """The open accounts with this role for the sender or a topic of it."""
    theirs = select(Right.account_id).where(Right.sender_id == sender_id, Right.role == role)
    return list(session.scalars(select(Account).where(Account.active, Account.id.in_(theirs)).order_by(Account.id)))


def administrators(session: Session) -> list[Account]:
    """Who administers anything, longest here first."""
    administers = select(Right.account_id).where(Right.role == Role.ADMINISTER)
    query = select(Account).where(Account.active, Account.id.in_(administers)).order_by(Account.created_at, Account.id)
    return list(session.scalars(query))


def first_administrator(session: Session) -> Account | None:
    """The administrator who has been here longest."""
    return next(iter(administrators(session)), None)


def sign_in_link(session: Session, account: Account) -> str:
    """A link that signs this person in once within 24 hours; the one before it is void."""
    token = secrets.token_urlsafe(32)
    until = func.clock_timestamp() + SIGN_IN_FOR
    values = {"sign_in_seal": _seal(token), "sign_in_until": until}
    session.execute(update(Account).where(Account.id == account.id).values(values))
    audit.write(session, "sign-in link made", account=account)
    return f"{settings().base_url}/sign-in/{token}"


def invite(session: Session, account: Account, *, sender: Sender, language: str = "en") -> None:
    """Mail this person the link she first signs in with; the link is made when the mail leaves."""
    values = {"newsroom": sender.name}
    account_mails.write(session, AccountMailKind.INVITATION, account.email, values=values, language=language)


def mail_link(session: Session, account: Account, *, language: str = "en") -> None:
    """Mail this person a new sign-in link."""
    account_mails.write(session, AccountMailKind.SIGN_IN, account.email, language=language)


def ask_for_link(session: Session, email: str, *, language: str = "en") -> None:
    """Mail whoever has this address a sign-in link, some times an hour. Raises addresses.BadAddress.

    It neither looks for the account nor says whether there is one, so that nobody learns it from answer or time: the
    worker looks, when the mail is to leave.
    """
    asked = account_mails.lately(session, AccountMailKind.SIGN_IN, email, within=timedelta(hours=1))
    if asked < LINKS_AN_HOUR:
        account_mails.write(session, AccountMailKind.SIGN_IN, email, language=language)


def redeem(session: Session, token: str) -> Account:
    """Whose link this was, and from now on nobody's. Raises LinkUsed.

    One conditional UPDATE: of two at once the second finds nothing. PostgreSQL compares hashes of what was asked, so
    its timing tells nothing about the token.
    """
    account = session.scalar(
        update(Account)
        .where(Account.sign_in_seal == _seal(token), Account.sign_in_until > func.clock_timestamp(), Account.active)
        .values(sign_in_seal=None, sign_in_until=None)
        .returning(Account)
        .execution_options(populate_existing=True)
    )
    if account is None:
        raise LinkUsed
    audit.write(session, "signed in by link", account=account)
    return account


def _seal(token: str) -> bytes:
    return sha256(token.encode(errors="replace")).digest()
