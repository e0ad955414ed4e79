"""Fan-out: rings once for each chunk that is due. A bell nobody heard is rung again; a bell heard twice is harmless."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from service import db, jobs
from service.jobs import Job
from service.settings import settings

# Chunks of a cancelled release are due as well, and while everything is held: their rows are to be marked. A chunk that
# was rung for in the future was so by a clock that has since been put back.
DUE = text("""
    UPDATE chunk SET rung_at = now() WHERE id IN (
        SELECT c.id FROM chunk c JOIN wave w ON w.id = c.wave_id JOIN release r ON r.id = w.release_id
        WHERE c.due_at <= now() AND r.state IN ('sending', 'cancelled')
          AND (r.state = 'cancelled' OR NOT EXISTS (SELECT FROM installation WHERE held_at IS NOT NULL))
          AND (c.rung_at IS NULL OR c.rung_at < now() - :again * interval '1 second' OR c.rung_at > now())
        ORDER BY c.due_at, c.id LIMIT :most FOR UPDATE OF c SKIP LOCKED)
    RETURNING id
""")
MOST = 2000
"""Bells in one go: two million people at the usual chunk size."""


def ring_due() -> int:
    """Ring for every chunk that is due and was not rung for of late; how many."""
    with db.transaction() as session:
        chunks = due(session)
    jobs.ring_all(Job.DISPATCH, [(chunk,) for chunk in chunks])
    return len(chunks)


def due(session: Session) -> list[int]:
    """The chunks to ring for now, marked as rung."""
    found = session.scalars(DUE, {"again": settings().ring_again_seconds, "most": MOST})
    return sorted(found)
