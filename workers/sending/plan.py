"""Planning: one row for every candidate, wanted or excluded with its reason, counted before the first mail."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import TextClause, func, select, text
from sqlalchemy.orm import Session

from service import db, installation, journalists, releases
from service.models import Release, ReleaseState, Revision, Wave
from service.releases import audience
from service.releases.audience import Question
from service.releases.lateness import is_late
from service.releases.revisions import Tampered
from service.settings import settings

log = structlog.get_logger(__name__)

LOCK = 7_247
"""The first half of an advisory lock's key: waves of one release are planned one after the other."""
STEP = 10
"""Seconds: what is spread becomes due in steps of so long."""
CAP_LOCK = 7_249
"""The first half of an advisory lock's key: releases of a newsroom with a cap are planned one after the other."""


@dataclass(frozen=True, slots=True)
class Turn:
    """When each person's turn is, and the order of the rows. Ids are made in that order (UUIDv7), so a chunk, being a
    range of ids, holds people whose turns are near each other."""

    due_at: str
    order: str


AT_ONCE = Turn("NULL::timestamptz", "id")
# In an order that mixes providers and differs from release to release.
LITTLE_BY_LITTLE = Turn(
    """
    CASE WHEN exclusion IS NULL THEN greatest(:not_before, now()) + :step * interval '1 second' * (
        (row_number() OVER (PARTITION BY exclusion IS NULL ORDER BY mixed) - 1) * :steps
        / count(*) OVER (PARTITION BY exclusion IS NULL)) END
    """,
    "mixed",
)
_THEIRS = "coalesce((CAST(:turns AS jsonb) ->> zone)::timestamptz, :not_before)"
BY_THEIR_CLOCK = Turn(f"CASE WHEN exclusion IS NULL THEN {_THEIRS} END", f"{_THEIRS}, id")


def _insert(question: Question, turn: Turn) -> TextClause:
    """One row for every candidate; a snapshot of one statement, so the candidates counted are those written."""
    return text(f"""
        WITH {question.judged}, written AS (
            INSERT INTO delivery (release_id, wave_id, journalist_id, topic_id, language, state, exclusion, reason,
                                  due_at)
            SELECT :release, :wave, id, topic_id, language,
                   CASE WHEN exclusion IS NULL THEN 'queued' ELSE 'excluded' END::delivery_state,
                   exclusion::exclusion, why, {turn.due_at}
            FROM judged ORDER BY {turn.order}
            ON CONFLICT (release_id, journalist_id) DO NOTHING)
        SELECT count(*) FROM candidates
    """)  # noqa: S608 - put together from constants


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
            .order_by(Wave.release_id, Wave.number)
        )
    )


def plan(wave_id: UUID) -> int:
    """Write a wave's rows and cut them into chunks; how many people are to get it. Twice is the same as once."""
    with db.transaction() as session:
        session.execute(text("SET LOCAL statement_timeout = '10min'"))
        wave = session.get(Wave, wave_id, with_for_update={"skip_locked": True})
        if wave is None or wave.planned_at is not None or not is_its_turn(session, wave):
            return 0
        try:
            with session.begin_nested():
                queued = write(session, wave)
        except (BooksDoNotBalance, Tampered) as fault:
            releases.pause(session, session.get_one(Release, wave.release_id), by=None, reason=str(fault))
            log.exception("not planned", release=str(wave.release_id), wave=str(wave_id))
            return 0
    log.info("wave planned", release=str(wave.release_id), wave=str(wave_id), queued=queued)
    return queued


def is_its_turn(session: Session, wave: Wave) -> bool:
    """Whether this wave may be planned now: a bell may be rung long before it is heard."""
    if installation.hold_of(session):
        return False
    alone = select(func.pg_try_advisory_xact_lock(LOCK, func.hashtext(str(wave.release_id))))
    before = select(Wave.id).where(
        Wave.release_id == wave.release_id, Wave.number < wave.number, Wave.planned_at.is_(None)
    )
    # An earlier stage first: a later one would take its people along.
    return bool(session.scalar(alone)) and wave.id in due(session) and session.scalar(before.limit(1)) is None


def write(session: Session, wave: Wave) -> int:
    """Write the wave's rows and cut them, in the caller's transaction; how many people are to get it.

    Raises BooksDoNotBalance, revisions.Tampered.
    """
    release = session.get_one(Release, wave.release_id)
    revision = session.get_one(Revision, wave.revision_id)
    releases.content_of(revision)  # raises when it is not what was approved
    question = audience.ask(session, release, audience.as_approved(revision), stage=wave.stage)
    if "cap_mails" in question.values:
        _wait_for_others(session, release)
    here = {"release": release.id, "wave": wave.id}
    turn, times = _turn(session, release, wave)
    wave.candidates = session.scalar(_insert(question, turn), {**question.values, **here, **times})
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


def _wait_for_others(session: Session, release: Release) -> None:
    """Of two releases planned at once the second sees the first one's rows, so that nobody gets both beyond the cap."""
    lock = func.pg_advisory_xact_lock(CAP_LOCK, func.hashtext(str(release.sender_id)))
    session.execute(text("SET LOCAL lock_timeout = '5min'"))
    session.execute(select(lock))


def _turn(session: Session, release: Release, wave: Wave) -> tuple[Turn, dict[str, object]]:
    """How this wave's turns are given, and the values that takes."""
    if wave.local_time is not None and wave.not_before is not None:
        turns = journalists.turns(session, release.sender_id, wave.local_time, wave.not_before)
        said = json.dumps({zone: at.isoformat() for zone, at in turns.items()})
        return BY_THEIR_CLOCK, {"turns": said, "not_before": wave.not_before}
    if wave.spread_minutes:
        steps = wave.spread_minutes * 60 // STEP
        return LITTLE_BY_LITTLE, {"not_before": wave.not_before, "step": STEP, "steps": steps}
    return AT_ONCE, {}
