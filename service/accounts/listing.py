"""The people of a newsroom as a list, for whoever administers it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
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
    query = _narrowed(select(Account, keys), senders, which).order_by(func.lower(Account.name), Account.id)
    found: Sequence[tuple[Account, bool]] = [tuple(row) for row in session.execute(query.offset(skip).limit(limit))]
    return [
        Entry(account, standing(account), second=has_key or account.totp_secret is not None)
        for account, has_key in found
    ]


def count(session: Session, senders: Collection[UUID], which: Which) -> int:
    """How many they are."""
    return session.scalars(_narrowed(select(func.count()).select_from(Account), senders, which)).one()


def standing(account: Account) -> Standing:
    """How far this person has come."""
    if not account.active:
        return Standing.CLOSED
    return Standing.HERE if account.came_at or account.password else Standing.INVITED


def _narrowed(query: Select[tuple[object, ...]], senders: Collection[UUID], which: Which) -> Select[tuple[object, ...]]:
    theirs = select(Right.account_id).where(Right.sender_id.in_(senders))
    if which.sender_id:
        theirs = theirs.where(Right.sender_id == which.sender_id)
    query = query.where(Account.id.in_(theirs))
    if which.words:
        words = which.words[:MOST_TYPED]
        has = or_(Account.name.icontains(words, autoescape=True), Account.email.icontains(words, autoescape=True))
        query = query.where(has)
    if which.standing:
        query = query.where(STANDINGS[which.standing])
    return query


_CAME = or_(Account.came_at.is_not(None), Account.password.is_not(None))
STANDINGS: dict[Standing, ColumnElement[bool]] = {
    Standing.HERE: Account.active & _CAME,
    Standing.INVITED: Account.active & ~_CAME,
    Standing.CLOSED: ~Account.active,
}
