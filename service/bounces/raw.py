"""Messages that came in, as they were: each holds what was sent and more, so they are kept for a while only (R13)."""

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session

from service import audit
from service.errors import NotFound
from service.models import Account, Event, Received
from service.settings import settings

log = structlog.get_logger(__name__)

IN_ONE_GO = 500
# By their ids, which are in order of time (UUIDv7): no other index is needed. What was read out of them stays.
EXPIRE = text("""
    DELETE FROM received WHERE id IN (
        SELECT id FROM received WHERE id < (SELECT uuidv7(-CAST(:age AS interval))) AND sorted_at IS NOT NULL
        AND (NOT unmatched OR id < (SELECT uuidv7(-CAST(:longest AS interval))))
        ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED)
    RETURNING unmatched
""")


def forget_raw(session: Session, *, limit: int = IN_ONE_GO) -> int:
    """Delete messages older than the setting RAW_BOUNCES_DAYS, `limit` at most; how many they were.

    What still waits for a person is kept for UNMATCHED_DAYS, and that it went unread is said in the log.
    """
    found = settings()
    ages = {
        "age": timedelta(days=found.raw_bounces_days),
        "longest": timedelta(days=max(found.unmatched_days, found.raw_bounces_days)),
    }
    deleted = list(session.execute(EXPIRE, {**ages, "limit": limit}).scalars())
    if unread := sum(deleted):
        log.warning("unmatched expired unread", number=unread)
    return len(deleted)


def raw(session: Session, event: Event, *, by: Account) -> bytes:
    """The message an event was read from; that she looked is noted. Raises NotFound when it is no longer kept."""
    received = session.get(Received, event.received_id) if event.received_id else None
    if received is None:
        raise NotFound("The message itself is no longer kept.")
    _note(session, event, received.id, by)
    return received.message


def _note(session: Session, event: Event, received: UUID, by: Account) -> None:
    audit.write(session, "raw message read", account=by, received=str(received), delivery=str(event.delivery_id))
