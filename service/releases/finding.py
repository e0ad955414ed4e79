"""Finding releases; what is not there and what is not yours answer alike."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.errors import NotFound
from service.models import Release


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


def newest(session: Session, *, senders: Collection[UUID] | None = None, limit: int = 100) -> list[Release]:
    """The newest releases first, with their editions."""
    query = select(Release).options(selectinload(Release.editions)).order_by(Release.id.desc()).limit(limit)
    if senders is not None:
        query = query.where(Release.sender_id.in_(senders))
    return list(session.scalars(query))
