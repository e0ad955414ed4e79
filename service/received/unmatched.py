"""What no delivery could be found for, and what a person decides about it. Raw sources are administrators' alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import Session

from service import accounts, audit, db, jobs
from service.errors import NotFound
from service.models import Account, Delivery, Received, Role, Way

READER = Role.ADMINISTER
"""Whose role it is to read what others wrote to others."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """One of them, without its source."""

    id: UUID
    way: Way
    recipient: str
    received_at: datetime
    verdict: str
    size: int


def count(session: Session) -> int:
    """How many wait."""
    return session.scalar(select(func.count()).where(Received.unmatched)) or 0


def unmatched(session: Session, *, limit: int) -> list[Unmatched]:
    """Those that wait, newest first."""
    query = _query().where(Received.unmatched).order_by(Received.id.desc()).limit(limit)
    return [Unmatched(*row) for row in session.execute(query)]


def peek(session: Session, id_: UUID) -> Unmatched:
    """One of them, set aside or not. Raises NotFound."""
    row = session.execute(_query().where(Received.id == id_, _was_unmatched())).one_or_none()
    if row is None:
        raise _nothing()
    return Unmatched(*row)


def source(session: Session, id_: UUID, *, by: Account) -> bytes:
    """Its raw source, which holds whole mails of others: who read it is noted. Raises NotFound, accounts.NotAllowed."""
    accounts.require_anywhere(by, READER)
    found = session.scalar(select(Received.message).where(Received.id == id_, _was_unmatched()))
    if found is None:
        raise _nothing()
    audit.write(session, "raw message read", account=by, received=str(id_))
    return found


def again(session: Session, id_: UUID, *, by: Account) -> None:
    """Have it read again, by the readers of now. Raises NotFound, accounts.NotAllowed."""
    accounts.require_anywhere(by, READER)
    _wake(session, id_, None)
    audit.write(session, "unmatched read again", account=by, received=str(id_))


def again_all(session: Session, *, by: Account) -> int:
    """Have all that wait read again; how many they are. Raises accounts.NotAllowed."""
    accounts.require_anywhere(by, READER)
    statement = update(Received).where(Received.unmatched).values(unmatched=False, sorted_at=None)
    woken = session.execute(statement.returning(Received.id).execution_options(synchronize_session=False)).all()
    audit.write(session, "unmatched read again", account=by, number=len(woken))
    _ring(session)
    return len(woken)


def assign(session: Session, id_: UUID, delivery: Delivery, *, by: Account) -> None:
    """Have it read again as being about this delivery. Raises NotFound, accounts.NotAllowed."""
    accounts.require_anywhere(by, READER)
    _wake(session, id_, delivery.id)
    audit.write(
        session,
        "unmatched assigned",
        account=by,
        release_id=delivery.release_id,
        received=str(id_),
        delivery=str(delivery.id),
    )


def set_aside(session: Session, id_: UUID, *, by: Account) -> None:
    """Let it be: it is kept, and waits for nobody. Raises NotFound, accounts.NotAllowed."""
    accounts.require_anywhere(by, READER)
    values = {"unmatched": False, "aside_at": func.now()}
    statement = update(Received).where(Received.id == id_, Received.unmatched).values(values).returning(Received.id)
    if session.scalar(statement.execution_options(synchronize_session=False)) is None:
        raise _nothing()
    audit.write(session, "unmatched set aside", account=by, received=str(id_))


def _query() -> Select[*tuple[Any, ...]]:
    columns = (Received.id, Received.way, Received.recipient, Received.received_at, Received.verdict)
    return select(*columns, func.octet_length(Received.message))


def _was_unmatched() -> ColumnElement[bool]:
    return or_(Received.unmatched, Received.aside_at.is_not(None))


def _wake(session: Session, id_: UUID, delivery_id: UUID | None) -> None:
    values: dict[str, object] = {"unmatched": False, "aside_at": None, "sorted_at": None, "assigned_id": delivery_id}
    statement = update(Received).where(Received.id == id_, _was_unmatched()).values(values).returning(Received.id)
    if session.scalar(statement.execution_options(synchronize_session=False)) is None:
        raise _nothing()
    _ring(session)


def _ring(session: Session) -> None:
    db.after_commit(session, lambda: jobs.ring(jobs.Job.SORT))


def _nothing() -> NotFound:
    return NotFound("There is no such message among those that found no delivery.")
