"""Keeping what came in: one row before anybody is told that it was taken. What comes twice by one way is one row."""

from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from sqlalchemy import insert as insert_all
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.errors import Refused
from service.feedback.event import LONGEST_ADDRESS, plain
from service.models import Received, Way

LARGEST = 10 * 1024 * 1024
"""Octets of a message that any way takes."""


class Fate(StrEnum):
    """What became of something kept."""

    WAITING = "waiting"
    UNDERSTOOD = "understood"
    UNMATCHED = "unmatched"


class Replayed(Refused):
    """The same key with other words: somebody uses a signature a second time. Answer as to a forged one."""

    def __init__(self) -> None:
        super().__init__("This was taken before, with other words.")


def key_of(*octets: bytes) -> str:
    """A key by content: the same octets are the same thing."""
    return sha256(b"\0".join(octets)).hexdigest()


def keep(
    session: Session,
    way: Way,
    recipient: str,
    message: bytes,
    *,
    envelope_from: str | None = None,
    key: str | None = None,
) -> UUID:
    """The row it is kept in, made now or, where its key is known, before. Raises Replayed."""
    values = _values(way, recipient, message, envelope_from) | {"key": key}
    statement = insert(Received).values(values).on_conflict_do_nothing(index_elements=[Received.way, Received.key])
    made: UUID | None = session.scalar(statement.returning(Received.id))
    if made is not None:
        return made
    before = select(Received.id, Received.message).where(Received.way == way, Received.key == key)
    id_, kept = session.execute(before).one()
    if kept != message:
        raise Replayed
    return id_


def keep_for_all(
    session: Session, way: Way, recipients: Sequence[str], message: bytes, *, envelope_from: str | None
) -> None:
    """One row for each recipient of an envelope."""
    session.execute(insert_all(Received), [_values(way, each, message, envelope_from) for each in recipients])


def fate(session: Session, id_: UUID) -> Fate:
    """What became of it; what was erased since was understood."""
    found = session.execute(select(Received.sorted_at, Received.unmatched).where(Received.id == id_)).one_or_none()
    if found is None:
        return Fate.UNDERSTOOD
    if found.sorted_at is None:
        return Fate.WAITING
    return Fate.UNMATCHED if found.unmatched else Fate.UNDERSTOOD


def _values(way: Way, recipient: str, message: bytes, envelope_from: str | None) -> dict[str, object]:
    return {
        "way": way,
        "recipient": plain(recipient, LONGEST_ADDRESS),
        "envelope_from": None if envelope_from is None else plain(envelope_from, LONGEST_ADDRESS),
        "message": message,
        "verdict": "",
    }
