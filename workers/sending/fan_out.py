"""Fan-out: rings once for each chunk that is due. A bell nobody heard is rung again; a bell heard twice is harmless."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from service import db, jobs
from service.jobs import Job
from service.models import Lane
from service.settings import settings

QUEUES = {Lane.RELEASE: jobs.QUEUES[Job.DISPATCH], Lane.NOTICE: jobs.NOTICES}

# Chunks of a cancelled release are due as well, and while everything is held: their rows are to be marked. Releases
# take turns, each its first chunk before the second of any, so that of two hundred at nine o'clock all have begun a
# minute later. A chunk that was rung for in the future was so by a clock that has since been put back.
DUE = text("""
    WITH waiting AS (
        SELECT c.id, r.lane, row_number() OVER (PARTITION BY r.id ORDER BY c.due_at, c.id) AS turn
        FROM chunk c JOIN wave w ON w.id = c.wave_id JOIN release r ON r.id = w.release_id
        WHERE c.due_at <= now() AND r.state IN ('sending', 'cancelled')
          AND (r.state = 'cancelled' OR NOT EXISTS (SELECT FROM installation WHERE held_at IS NOT NULL))
          AND (c.rung_at IS NULL OR c.rung_at < now() - :again * interval '1 second' OR c.rung_at > now())
    ), free AS (
        SELECT c.id, waiting.lane, waiting.turn FROM chunk c JOIN waiting ON waiting.id = c.id
        ORDER BY waiting.turn, c.id LIMIT :most FOR UPDATE OF c SKIP LOCKED
    ), rung AS (
        UPDATE chunk SET rung_at = now() FROM free WHERE chunk.id = free.id RETURNING free.*
    )
    SELECT id, lane FROM rung ORDER BY turn, id
""")
MOST = 2000
"""Bells in one go: two million people at the usual chunk size."""


def ring_due() -> int:
    """Ring for every chunk that is due and was not rung for of late; how many."""
    with db.transaction() as session:
        found = due(session)
    for lane in (Lane.NOTICE, Lane.RELEASE):
        calls = [(chunk, lane.value) for chunk, its_lane in found if its_lane is lane]
        jobs.ring_all(Job.DISPATCH, calls, queue=QUEUES[lane])
    return len(found)


def due(session: Session) -> list[tuple[int, Lane]]:
    """The chunks to ring for now, marked as rung, in the order to ring in."""
    found = session.execute(DUE, {"again": settings().ring_again_seconds, "most": MOST})
    return [(id_, Lane(lane)) for id_, lane in found]
