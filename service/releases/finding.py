"""Finding releases; what is not there and what is not yours answer alike."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session, selectinload

from service.errors import NotFound, Refused
from service.models import Kind, Release


class Ambiguous(Refused):
    """Several releases begin so; give more of the id."""

    def __init__(self, words: str) -> None:
        super().__init__(f"More than one release begins with {words!a}; give more of its id.")


def get(session: Session, id_: UUID, *, senders: Collection[UUID] | None = None, lock: bool = False) -> Release:
    """The release, locked for a change if asked. Raises NotFound, also when it belongs to none of `senders`."""
    query = select(Release).where(Release.id == id_)
    if senders is not None:
        query = query.where(Release.sender_id.in_(senders))
    if lock:
        query = query.with_for_update(of=Release).execution_options(populate_existing=True)
    release = session.scalar(query)
    if release is None:
        raise NotFound("There is no such release.")
    return release


def newest(
    session: Session, *, senders: Collection[UUID] | None = None, limit: int = 100, digests: bool = False
) -> list[Release]:
    """The newest releases first, or the newest digests, with their editions."""
    which = Release.kind == Kind.DIGEST if digests else Release.kind != Kind.DIGEST
    query = select(Release).where(which).options(selectinload(Release.editions))
    query = query.order_by(Release.id.desc()).limit(limit)
    if senders is not None:
        query = query.where(Release.sender_id.in_(senders))
    return list(session.scalars(query))


def find(session: Session, words: str) -> Release:
    """The release an operator means: its id, the beginning of it, or "last". Raises NotFound, Ambiguous."""
    query = select(Release).order_by(Release.id.desc()).limit(2)
    if words == "last":
        query = query.where(Release.kind != Kind.DIGEST)
    else:
        query = query.where(cast(Release.id, Text).startswith(words.lower(), autoescape=True))
    found = list(session.scalars(query))
    if not found:
        raise NotFound("There is no such release." if words != "last" else "There is no release yet.")
    if len(found) > 1 and words != "last":
        raise Ambiguous(words)
    return found[0]
