"""The people of a newsroom as a list, for whoever administers it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from service.models import Account, Passkey, Right

MOST_TYPED = 200


class Standing(StrEnum):
    """How far somebody has come."""

    HERE = "here"
    INVITED = "invited"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Which:
    """What a list of people is narrowed to."""

    words: str = ""
    sender_id: UUID | None = None
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A person in the list; `second` says whether a second factor is asked for."""

    account: Account
    standing: Standing
    second: bool


def entries(
    session: Session, senders: Collection[UUID], which: Which, *, skip: int = 0, limit: int = 50
) -> list[Entry]:
    """Those with a right for one of these senders, by name."""
    keys = select(Passkey.id).where(Passkey.account_id == Account.id).exists()
    query = select(Account, keys).where(*_conditions(senders, which)).order_by(func.lower(Account.name), Account.id)
    return [
        Entry(account, standing(account), second=has_key or account.totp_secret is not None)
        for account, has_key in session.execute(query.offset(skip).limit(limit))
    ]


def count(session: Session, senders: Collection[UUID], which: Which) -> int:
    """How many they are."""
    return session.scalars(select(func.count()).select_from(Account).where(*_conditions(senders, which))).one()


def standing(account: Account) -> Standing:
    """How far this person has come."""
    if not account.active:
        return Standing.CLOSED
    return Standing.HERE if account.came_at or account.password else Standing.INVITED


def _conditions(senders: Collection[UUID], which: Which) -> list[ColumnElement[bool]]:
    theirs = select(Right.account_id).where(Right.sender_id.in_(senders))
    if which.sender_id:
        theirs = theirs.where(Right.sender_id == which.sender_id)
    found: list[ColumnElement[bool]] = [Account.id.in_(theirs)]
    if which.words:
        words = which.words[:MOST_TYPED]
        has = (column.icontains(words, autoescape=True) for column in (Account.name, Account.email))
        found.append(or_(*has))
    if which.standing:
        found.append(STANDINGS[which.standing])
    return found


_CAME = or_(Account.came_at.is_not(None), Account.password.is_not(None))
STANDINGS: dict[Standing, ColumnElement[bool]] = {
    Standing.HERE: Account.active & _CAME,
    Standing.INVITED: Account.active & ~_CAME,
    Standing.CLOSED: ~Account.active,
}
