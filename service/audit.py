"""Who did what to which thing. Entries are only ever added; the database refuses to change them."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.models import Account, AuditEntry, Release


def write(
    session: Session,
    act: str,
    *,
    account: Account | None = None,
    release: Release | None = None,
    release_id: UUID | None = None,
    **detail: Any,
) -> None:
    """Note an act in its own transaction's fate. `detail` is plain JSON: ids as text, never an address or a token."""
    entry = AuditEntry(
        act=act,
        account_id=account.id if account else None,
        release_id=release.id if release else release_id,
        detail=detail,
    )
    session.add(entry)


def of(session: Session, release: Release) -> list[AuditEntry]:
    """All that was done to a release, in the order it was done."""
    # Ids are UUIDv7: their order is that of time, also within one transaction, where `at` is the same.
    query = select(AuditEntry).where(AuditEntry.release_id == release.id).order_by(AuditEntry.id)
    return list(session.scalars(query))
