"""A release that bounces too much is paused, once, for a person to look: seldom are all those addresses wrong."""

from uuid import UUID

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service import releases
from service.models import Delivery, DeliveryState, Release, ReleaseState
from service.releases.alarm import was_paused_for

log = structlog.get_logger(__name__)

LEAST_BOUNCES = 100
LEAST_SHARE = 0.2
"""Bad lists bounce 5 to 10 %; a fifth is a blocklisting, a broken provider or the wrong list."""
WORDS = "bounced, so the release was paused"


def pause_if_many(session: Session, release_id: UUID) -> bool:
    """Pause the release if it is being sent and too much came back; whether it was. Not again after a resume."""
    release = session.get(Release, release_id, with_for_update=True, populate_existing=True)
    if release is None or release.state is not ReleaseState.SENDING:
        return False
    bounced, taken = _counts(session, release_id)
    if bounced < LEAST_BOUNCES or bounced < LEAST_SHARE * taken or was_paused_for(session, release, WORDS):
        return False
    releases.pause(session, release, by=None, reason=f"{bounced} of {taken} {WORDS}")
    log.warning("release paused for its bounces", release=str(release_id), bounced=bounced, taken=taken)
    return True


def _counts(session: Session, release_id: UUID) -> tuple[int, int]:
    """(bounced, all that a relay took)."""
    taken = (DeliveryState.ACCEPTED, DeliveryState.BOUNCED, DeliveryState.COMPLAINED)
    bounced = func.count().filter(Delivery.state == DeliveryState.BOUNCED)
    query = select(bounced, func.count()).where(Delivery.release_id == release_id, Delivery.state.in_(taken))
    found = session.execute(query).one()
    return found[0], found[1]
