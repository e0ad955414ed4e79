"""A release that fails too much is paused, once, for a person to look: seldom are all those addresses wrong."""

from uuid import UUID

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service import audit
from service.models import Chunk, Delivery, DeliveryState, Release, ReleaseState, Wave
from service.releases.control import pause
from service.settings import settings

log = structlog.get_logger(__name__)

LEAST_FAILED = 20
"""Below it a share says nothing: two of ten are a typing error."""
ENOUGH_TRIED = 1000
"""Of so many, or of all where there are fewer, the share is taken: the first to be answered are those refused."""
WORDS = "failed, so the release was paused. Most often"


def pause_if_many_fail(session: Session, release_id: UUID) -> bool:
    """Pause the release if it is being sent and too much of it failed; whether it was. Not again after a resume."""
    release = session.get(Release, release_id, with_for_update=True, populate_existing=True)
    if release is None or release.state is not ReleaseState.SENDING:
        return False
    failed, tried = _counts(session, release_id)
    of = max(tried, min(_people(session, release_id), ENOUGH_TRIED))
    if (
        failed < LEAST_FAILED
        or failed * 100 < settings().pause_failed_percent * of
        or was_paused_for(session, release, WORDS)
    ):
        return False
    pause(session, release, by=None, reason=f"{failed} of {tried} {WORDS}: {_most_often(session, release_id)}")
    log.warning("release paused for its failures", release=str(release_id), failed=failed, tried=tried)
    return True


def _counts(session: Session, release_id: UUID) -> tuple[int, int]:
    """(failed, all whose mail has been answered for good), as the chunks of the release last counted."""
    query = select(func.coalesce(func.sum(Chunk.failed), 0), func.coalesce(func.sum(Chunk.answered), 0))
    found = session.execute(query.join(Wave, Wave.id == Chunk.wave_id).where(Wave.release_id == release_id)).one()
    return found[0], found[1]


def _people(session: Session, release_id: UUID) -> int:
    return session.scalar(select(func.sum(Wave.candidates)).where(Wave.release_id == release_id)) or 0


def _most_often(session: Session, release_id: UUID) -> str:
    query = (
        select(Delivery.reason)
        .where(Delivery.release_id == release_id, Delivery.state == DeliveryState.FAILED)
        .group_by(Delivery.reason)
        .order_by(func.count().desc(), Delivery.reason)
        .limit(1)
    )
    return session.scalar(query) or ""


def was_paused_for(session: Session, release: Release, words: str) -> bool:
    """Whether it was paused before with these words in the reason: who resumed it then has decided."""
    return any(words in str(entry.detail.get("reason", "")) for entry in audit.of(session, release))
