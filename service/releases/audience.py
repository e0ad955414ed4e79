"""A release's audience, in SQL: whoever ever asked for one of its topics, each with the reason to leave them out."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.models import Kind, Lane, Release, Revision
from service.releases.holding import HOLDERS, SILENT
from service.suppressions import STOPS

# One row a person, by the topic they read longest. Who has a row in this release already is no candidate again: so a
# further wave counts only those who came since, and the waves' candidates add up to the release's rows.
CANDIDATES = """
    SELECT DISTINCT ON (s.journalist_id) s.journalist_id, s.topic_id, s.state
    FROM subscription s JOIN journalist j ON j.id = s.journalist_id
    WHERE s.topic_id = ANY(:topics) AND j.sender_id = :sender
      AND NOT EXISTS (SELECT FROM delivery d WHERE d.release_id = :release AND d.journalist_id = s.journalist_id)
    ORDER BY s.journalist_id, s.state = 'confirmed' DESC, s.since, s.topic_id
"""
# A digest's are those it was made for, by no single topic; what they read meanwhile may have changed.
READERS = """
    SELECT DISTINCT e.journalist_id, NULL::uuid AS topic_id,
           CASE WHEN EXISTS (SELECT FROM subscription s WHERE s.journalist_id = e.journalist_id
                             AND s.topic_id = ANY(:topics) AND s.state = 'confirmed')
                THEN 'confirmed' ELSE 'ended' END::subscription_state AS state
    FROM digest_entry e JOIN journalist j ON j.id = e.journalist_id
    WHERE e.digest_id = :release AND j.sender_id = :sender
      AND NOT EXISTS (SELECT FROM delivery d WHERE d.release_id = :release AND d.journalist_id = e.journalist_id)
"""
WHO = {Kind.RELEASE: CANDIDATES, Kind.DIGEST: READERS, Kind.NOTICE: HOLDERS, Kind.FOLLOW_UP: SILENT}
# The reason is the first that holds; without one they get it.
STOPPED = f"""
         WHEN EXISTS (SELECT FROM suppression p WHERE {STOPS}) THEN CASE
              WHEN EXISTS (SELECT FROM suppression p WHERE {STOPS} AND p.reason <> 'resting') THEN 'suppressed'
              ELSE 'resting' END
"""  # noqa: S608 - put together from constants
EXCLUSION = f"""
    CASE WHEN j.erased_at IS NOT NULL THEN 'erased'
         WHEN j.do_not_contact THEN 'do-not-contact'
         WHEN c.state = 'ended' THEN 'unsubscribed'
         WHEN c.state = 'pending' THEN 'unconfirmed' {STOPPED}
         WHEN :pausable AND j.paused_until > now() THEN 'paused'
         WHEN :digestible AND j.frequency <> 'at-once' THEN 'digest' END
"""
WHY = f"(SELECT p.evidence FROM suppression p WHERE {STOPS} AND p.reason = 'resting' LIMIT 1)"  # noqa: S608
"""Why somebody rests, in a sentence."""
NEWCOMERS = {
    kind: text(
        f"SELECT count(*) FROM ({who}) c JOIN journalist j ON j.id = c.journalist_id WHERE ({EXCLUSION}) IS NULL"  # noqa: S608
    )
    for kind, who in WHO.items()
}


def newcomers(session: Session, release: Release) -> int:
    """How many people the release is for since its audience was counted: who subscribed, or holds what it is about."""
    if release.revision_id is None:
        return 0
    topics: list[UUID] = session.get_one(Revision, release.revision_id).topic_ids
    values = {"topics": topics, "sender": release.sender_id, "release": release.id, **waits(release)}
    return session.scalar(NEWCOMERS[release.kind], values) or 0


def waits(release: Release) -> dict[str, bool]:
    """Which wishes of its readers this release waits for: a notice for none, a digest for a pause."""
    return {
        "pausable": release.lane is not Lane.NOTICE,
        "digestible": release.lane is not Lane.NOTICE and release.kind is not Kind.DIGEST,
    }
