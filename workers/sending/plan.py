"""Planning: one row for every candidate, wanted or excluded with its reason, counted before the first mail."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from service import db, installation, releases
from service.models import Release, ReleaseState, Revision, Wave
from service.releases.revisions import Tampered
from service.settings import settings

log = structlog.get_logger(__name__)

# A candidate is whoever ever asked for one of the topics; the reason is the first that holds.
CANDIDATES = """
    SELECT DISTINCT ON (s.journalist_id) s.journalist_id, s.topic_id, s.state
    FROM subscription s JOIN journalist j ON j.id = s.journalist_id
    WHERE s.topic_id = ANY(:topics) AND j.sender_id = :sender
    ORDER BY s.journalist_id, s.state = 'confirmed' DESC, s.since, s.topic_id
"""
PLAN = text(f"""
    INSERT INTO delivery (release_id, wave_id, journalist_id, topic_id, language, state, exclusion)
    SELECT :release, :wave, j.id, c.topic_id,
           CASE WHEN j.language = ANY(:languages) THEN j.language ELSE :language END,
           CASE WHEN why.exclusion IS NULL THEN 'queued' ELSE 'excluded' END::delivery_state,
           why.exclusion::exclusion
    FROM ({CANDIDATES}) c
    JOIN journalist j ON j.id = c.journalist_id
    CROSS JOIN LATERAL (SELECT CASE
        WHEN j.erased_at IS NOT NULL THEN 'erased'
        WHEN j.do_not_contact THEN 'do-not-contact'
        WHEN c.state = 'ended' THEN 'unsubscribed'
        WHEN c.state = 'pending' THEN 'unconfirmed'
        WHEN EXISTS (SELECT FROM suppression p WHERE p.fingerprint = j.fingerprint
                     AND (p.sender_id IS NULL OR p.sender_id = j.sender_id)) THEN 'suppressed'
        END AS exclusion) why
    ORDER BY j.id
    ON CONFLICT (release_id, journalist_id) DO NOTHING
""")  # noqa: S608 - put together from constants
COUNT = text(f"SELECT count(*) FROM ({CANDIDATES}) c")  # noqa: S608 - put together from constants
CUT = text("""
    INSERT INTO chunk (wave_id, first_id, last_id, due_at)
    SELECT :wave, (array_agg(id ORDER BY id))[1], (array_agg(id ORDER BY id DESC))[1], :not_before
    FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / :size AS part
          FROM delivery WHERE release_id = :release AND wave_id = :wave AND state = 'queued') rows
    GROUP BY part ORDER BY part
""")


class BooksDoNotBalance(Exception):
    """The rows written are not the candidates counted: nothing may leave until a person has looked."""


def due(session: Session, *, at: datetime | None = None) -> list[UUID]:
    """The waves that have begun, now or by the database's time `at`, and are not planned yet."""
    return list(
        session.scalars(
            select(Wave.id)
            .join(Release, Release.id == Wave.release_id)
            .where(
                Release.state == ReleaseState.SENDING, Wave.planned_at.is_(None), Wave.not_before <= (at or func.now())
            )
        )
    )


def plan(wave_id: UUID) -> int:
    """Write a wave's rows and cut them into chunks; how many people are to get it. Twice is the same as once."""
    with db.transaction() as session:
        session.execute(text("SET LOCAL statement_timeout = '10min'"))
        wave = session.get(Wave, wave_id, with_for_update={"skip_locked": True})
        if wave is None or wave.planned_at is not None or installation.hold_of(session):
            return 0
        try:
            with session.begin_nested():
                queued = _write(session, wave)
        except (BooksDoNotBalance, Tampered) as fault:
            releases.pause(session, session.get_one(Release, wave.release_id), by=None, reason=str(fault))
            log.exception("not planned", release=str(wave.release_id), wave=str(wave_id))
            return 0
    log.info("wave planned", release=str(wave.release_id), wave=str(wave_id), queued=queued)
    return queued


def _write(session: Session, wave: Wave) -> int:
    release = session.get_one(Release, wave.release_id)
    frozen = releases.content_of(session.get_one(Revision, wave.revision_id))
    languages = [edition.language for edition in frozen.editions]
    whom = {"topics": list(frozen.topics), "sender": release.sender_id}
    here = {"release": release.id, "wave": wave.id}
    wave.candidates = session.scalar(COUNT, whom)
    session.execute(PLAN, {**whom, **here, "languages": languages, "language": languages[0]})
    session.execute(CUT, {**here, "size": settings().chunk_size, "not_before": wave.not_before})
    wave.planned_at = session.scalar(select(func.now()))
    rows, queued = session.execute(
        text(
            "SELECT count(*), count(*) FILTER (WHERE state = 'queued') FROM delivery"
            " WHERE release_id = :release AND wave_id = :wave"
        ),
        here,
    ).one()
    if rows != wave.candidates:
        raise BooksDoNotBalance(f"{wave.candidates} candidates were counted and {rows} rows written")
    return int(queued)
