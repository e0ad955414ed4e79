"""Taking a withdrawn release out of the digests that hold it: who has not got theirs yet gets another without it."""

import structlog
from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session, aliased

from service import releases
from service.models import DigestEntry, Kind, Publication, Release, ReleaseState
from service.newsroom.visible import killed

log = structlog.get_logger(__name__)

RECALLED = "A release in it was withdrawn; who has not got it gets another without that"
"""The reason by which the service itself stops a digest, as against a person, after whom nothing is sent again."""
UNFINISHED = (ReleaseState.SCHEDULED, ReleaseState.SENDING, ReleaseState.PAUSED)
# Who was not mailed, and cannot be any more: the gate lets nobody of a cancelled release through. Whose mail is in
# flight or uncertain keeps their entries: they may have it.
OWED_AGAIN = text("""
    WITH freed AS (
        DELETE FROM digest_entry e USING release d
        WHERE d.id = e.digest_id AND d.kind = 'digest' AND d.state = 'cancelled' AND d.reason = :recalled
          AND NOT EXISTS (SELECT FROM delivery x WHERE x.release_id = d.id AND x.journalist_id = e.journalist_id
                          AND x.state <> 'cancelled')
          AND d.created_at > now() - :days * interval '1 day'
        RETURNING e.journalist_id)
    UPDATE journalist SET digest_due_at = now()
    WHERE id IN (SELECT journalist_id FROM freed) AND erased_at IS NULL
""")
LONGEST_DAYS = 30
"""Longer than any digest is on its way: older ones need not be looked at."""


def recall(session: Session) -> int:
    """Stop the unfinished digests that hold what was withdrawn, killed or cancelled since; how many.

    Then whoever was left without is owed what still stands, at once. Again changes nothing.
    """
    told = aliased(Release)
    gone = (
        select(DigestEntry.release_id)
        .join(told, told.id == DigestEntry.release_id)
        .outerjoin(Publication, Publication.release_id == told.id)
        .where(DigestEntry.digest_id == Release.id)
        .where(or_(told.state == ReleaseState.CANCELLED, Publication.withdrawn_at.is_not(None), killed()))
    )
    unfinished = select(Release).where(Release.kind == Kind.DIGEST, Release.state.in_(UNFINISHED), gone.exists())
    found = session.scalars(unfinished.order_by(Release.id)).all()
    for digest in found:
        releases.cancel(session, digest, by=None, reason=RECALLED)
        log.info("digest recalled", digest=str(digest.id))
    session.flush()
    freed = session.execute(OWED_AGAIN, {"recalled": RECALLED, "days": LONGEST_DAYS})
    if freed.rowcount:  # type: ignore[attr-defined]
        log.info("digests owed again", people=freed.rowcount)  # type: ignore[attr-defined]
    return len(found)
