"""Forgetting a person in what came in and found no delivery: nothing else leads from them to it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from service.feedback.mime import parts, words
from service.models import Received

ENCODED = ("%base64%", "%quoted-printable%")
AT_ONCE = 50


def forget(session: Session, addresses: Iterable[str]) -> int:
    """Delete what came from or to these addresses, and what waits or was set aside and names one; how many."""
    theirs = sorted({address.lower() for address in addresses})
    envelope = or_(func.lower(Received.recipient).in_(theirs), func.lower(Received.envelope_from).in_(theirs))
    raw = func.lower(func.encode(Received.message, "escape"))
    plainly = or_(*(raw.contains(address, autoescape=True) for address in theirs))
    found = set(session.scalars(select(Received.id).where(or_(envelope, _for_a_person() & plainly))))
    found |= _encoded(session, raw, theirs) - found
    deleted = delete(Received).where(Received.id.in_(found)).execution_options(synchronize_session=False)
    session.execute(deleted)
    return len(found)


def _for_a_person() -> ColumnElement[bool]:
    return or_(Received.unmatched, Received.aside_at.is_not(None))


def _encoded(session: Session, raw: ColumnElement[str], theirs: list[str]) -> set[UUID]:
    """Those that name one of them where the database cannot see it."""
    is_encoded = or_(*(raw.like(pattern) for pattern in ENCODED))
    query = select(Received.id, Received.message).where(_for_a_person(), is_encoded)
    rows = session.execute(query.execution_options(yield_per=AT_ONCE))
    return {id_ for id_, message in rows if _names(message, theirs)}


def _names(message: bytes, theirs: list[str]) -> bool:
    found = parts(message)
    said = "\n".join(
        (*(words(value) for _, value in found[0].headers.pairs), *(part.body.decode("latin-1") for part in found))
    )
    return any(address in said.lower() for address in theirs)
