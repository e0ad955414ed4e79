"""Planning: one row for every candidate, wanted or excluded with its reason, counted before the first mail."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import TextClause, func, select, text
from sqlalchemy.orm import Session

from service import db, installation, releases
from service.models import Release, ReleaseState, Revision, Wave
from service.releases import audience
from service.releases.lateness import is_late
from service.releases.revisions import Tampered
from service.settings import settings

log = structlog.get_logger(__name__)

LOCK = 7_247
"""The first half of an advisory lock's key: waves of one release are planned one after the other."""
STEP = 10
"""Seconds: what is spread becomes due in steps of so long."""


def _insert(who: str, due_at: str, order: str) -> TextClause:
    """One row for every candidate; a snapshot of one statement, so the candidates counted are those written."""
    return text(f"""
        WITH candidates AS MATERIALIZED ({who}), judged AS (
            SELECT j.id, c.topic_id, e.exclusion, CASE e.exclusion WHEN 'resting' THEN {audience.WHY} END AS why,
                   hashtextextended(j.id::text, hashtext(:seed)) AS mixed,
                   CASE WHEN j.language = ANY(:languages) THEN j.language
                        WHEN j.also_reads && :languages THEN (
                            SELECT l FROM unnest(j.also_reads) WITH ORDINALITY AS u (l, n)
                            WHERE l = ANY(:languages) ORDER BY n LIMIT 1)
                        ELSE :language END AS language
            FROM candidates c JOIN journalist j ON j.id = c.journalist_id
            CROSS JOIN LATERAL (SELECT ({audience.EXCLUSION}) AS exclusion OFFSET 0) e
        ), written AS (
            INSERT INTO delivery (release_id, wave_id, journalist_id, topic_id, language, state, exclusion, reason,
                                  due_at)
            SELECT :release, :wave, id, topic_id, language,
                   CASE WHEN exclusion IS NULL THEN 'queued' ELSE 'excluded' END::delivery_state,
                   exclusion::exclusion, why, {due_at}
            FROM judged ORDER BY {order}
            ON CONFLICT (release_id, journalist_id) DO NOTHING)
        SELECT count(*) FROM candidates
    """)  # noqa: S608 - put together from constants


AT_ONCE = {kind: _insert(who, "NULL::timestamptz", "id") for kind, who in audience.WHO.items()}
# In an order that mixes providers and differs from release to release. Ids are made in that order (UUIDv7), so a chunk,
# being a range of ids, holds people whose turns are near each other.
TURN = """
    CASE WHEN exclusion IS NULL THEN greatest(:not_before, now()) + :step * interval '1 second' * (
        (row_number() OVER (PARTITION BY exclusion IS NULL ORDER BY mixed) - 1) * :steps
        / count(*) OVER (PARTITION BY exclusion IS NULL)) END
"""
LITTLE_BY_LITTLE = {kind: _insert(who, TURN, "mixed") for kind, who in audience.WHO.items()}
CUT = text("""
    INSERT INTO chunk (wave_id, first_id, last_id, due_at)
    SELECT :wave, (array_agg(id ORDER BY id))[1], (array_agg(id ORDER BY id DESC))[1],
           coalesce(min(due_at), :not_before)
    FROM (SELECT id, due_at, (row_number() OVER (ORDER BY id) - 1) / :size AS part
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
                Release.state == ReleaseState.SENDING,
                Wave.planned_at.is_(None),
                Wave.not_before <= (at or func.clock_timestamp()),
                ~is_late(Wave.not_before, at=at),
            )
        )
    )


def plan(wave_id: UUID) -> int:
    """Write a wave's rows and cut them into chunks; how many people are to get it. Twice is the same as once."""
    with db.transaction() as session:
        session.execute(text("SET LOCAL statement_timeout = '10min'"))
        wave = session.get(Wave, wave_id, with_for_update={"skip_locked": True})
        if wave is None or wave.planned_at is not None or not _is_its_turn(session, wave):
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


def _is_its_turn(session: Session, wave: Wave) -> bool:
    """Whether this wave may be planned now: a bell may be rung long before it is heard."""
    if installation.hold_of(session):
        return False
    alone = select(func.pg_try_advisory_xact_lock(LOCK, func.hashtext(str(wave.release_id))))
    return bool(session.scalar(alone)) and wave.id in due(session)


def _write(session: Session, wave: Wave) -> int:
    release = session.get_one(Release, wave.release_id)
    frozen = releases.content_of(session.get_one(Revision, wave.revision_id))
    languages = [edition.language for edition in frozen.editions]
    whom = {"topics": list(frozen.topics), "sender": release.sender_id}
    here = {"release": release.id, "wave": wave.id}
    said = {**whom, **here, "languages": languages, "language": languages[0], "seed": str(release.id)}
    said |= audience.waits(release)
    if wave.spread_minutes:
        steps = wave.spread_minutes * 60 // STEP
        pace = {"not_before": wave.not_before, "step": STEP, "steps": steps}
        wave.candidates = session.scalar(LITTLE_BY_LITTLE[release.kind], said | pace)
    else:
        wave.candidates = session.scalar(AT_ONCE[release.kind], said)
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
