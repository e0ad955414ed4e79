"""Making the digests that are due: all or nothing, in one transaction, so that after a crash nobody is owed less."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from service import audit, db, installation, jobs
from service.digests import content
from service.journalists import next_morning
from service.journalists.choosing import zones
from service.models import DigestEntry, Frequency, Journalist, Kind, Release, ReleaseState, ReleaseTopic, Wave

log = structlog.get_logger(__name__)

LOCK = 7_248
"""The first half of an advisory lock's key: one maker for each newsroom at a time."""
MOST = 5_000
"""Readers in one go; the rest are found due right after."""
MAX_LATE_MINUTES = 10_080
"""A digest that comes to its turn late, since all was down, is still news: it waits for nobody's word."""
LONGEST_OWED = 100
"""Days a release is remembered for a digest: longer than the longest pause a person can take."""

# What the ledger of each public release left for a digest, as far as it came in none yet and is still wanted.
OWED = text("""
    SELECT d.journalist_id, d.release_id, d.language
    FROM release r JOIN delivery d ON d.release_id = r.id
    WHERE r.sender_id = :sender AND r.kind = 'release' AND r.state IN ('sending', 'sent')
      AND greatest(r.send_at, r.embargo) <= now() AND r.send_at > now() - :days * interval '1 day'
      AND d.journalist_id = ANY(:readers) AND d.exclusion = 'digest'
      AND EXISTS (SELECT FROM release_topic t JOIN subscription s ON s.topic_id = t.topic_id
                  WHERE t.release_id = r.id AND s.journalist_id = d.journalist_id AND s.state = 'confirmed')
      AND NOT EXISTS (SELECT FROM publication p WHERE p.release_id = r.id AND p.withdrawn_at IS NOT NULL)
      AND NOT EXISTS (SELECT FROM notice n JOIN publication k ON k.release_id = n.release_id
                      WHERE n.about_id = r.id AND n.kind = 'kill' AND k.opens_at <= now() AND k.withdrawn_at IS NULL)
      AND NOT EXISTS (SELECT FROM digest_entry e WHERE e.journalist_id = d.journalist_id AND e.release_id = r.id)
    ORDER BY r.send_at DESC, r.id
""")

Item = tuple[UUID, str]
"""A release, and the language of the edition to be told of."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody whose morning it is."""

    id: UUID
    language: str
    frequency: Frequency
    zone: str
    is_paused: bool


@dataclass(frozen=True, slots=True)
class Issue:
    """What one digest holds: the same for all of its readers."""

    language: str
    day: date
    items: tuple[Item, ...]


def due(session: Session) -> list[UUID]:
    """The newsrooms of which somebody's digest is due."""
    if installation.hold_of(session):
        return []
    now_due = Journalist.digest_due_at <= func.now()
    return list(session.scalars(select(Journalist.sender_id).where(now_due).distinct()))


def make(session: Session, sender_id: UUID) -> int:
    """Make a newsroom's digests that are due, and say when each reader's next is; how many readers had their turn.

    Again changes nothing. A pause is waited for: what is owed stays owed.
    """
    alone = select(func.pg_try_advisory_xact_lock(LOCK, func.hashtext(str(sender_id))))
    if not session.scalar(alone) or installation.hold_of(session):
        return 0
    now = session.scalars(select(func.now())).one()
    readers = _readers(session, sender_id)
    issues = _issues(readers, _owed(session, sender_id, readers), now)
    for issue, people in issues.items():
        _publish(session, sender_id, issue, people)
    _put_off(session, readers, now)
    return len(readers)


def _readers(session: Session, sender_id: UUID) -> list[Reader]:
    """Locked, so that who is being erased or changes their mind at this moment is waited for."""
    columns = (Journalist.id, Journalist.language, Journalist.frequency, Journalist.zone)
    is_paused = func.coalesce(Journalist.paused_until > func.now(), False)
    query = (
        select(*columns, is_paused)
        .where(Journalist.sender_id == sender_id, Journalist.digest_due_at <= func.now())
        .order_by(Journalist.id)
        .limit(MOST)
        .with_for_update(key_share=True)
    )
    return [Reader(*row) for row in session.execute(query)]


def _owed(session: Session, sender_id: UUID, readers: Sequence[Reader]) -> dict[UUID, list[Item]]:
    values = {"sender": sender_id, "days": LONGEST_OWED, "readers": [each.id for each in readers if not each.is_paused]}
    found: dict[UUID, list[Item]] = defaultdict(list)
    for journalist, release, language in session.execute(OWED, values):
        found[journalist].append((release, language))
    return found


def _issues(readers: Sequence[Reader], owed: Mapping[UUID, Sequence[Item]], now: datetime) -> dict[Issue, list[UUID]]:
    """Readers by what they get."""
    found: dict[Issue, list[UUID]] = defaultdict(list)
    for reader in readers:
        if reader.id in owed:
            clock = ZoneInfo(reader.zone) if reader.zone in zones() else UTC
            found[Issue(reader.language, now.astimezone(clock).date(), tuple(owed[reader.id]))].append(reader.id)
    return found


def _publish(session: Session, sender_id: UUID, issue: Issue, people: Sequence[UUID]) -> None:
    """A release for these people, approved by what it consists of and due at once."""
    releases = [release for release, _ in issue.items]
    topics = select(ReleaseTopic.topic_id).where(ReleaseTopic.release_id.in_(releases)).distinct()
    digest = Release(sender_id=sender_id, kind=Kind.DIGEST, max_late_minutes=MAX_LATE_MINUTES)
    digest.editions = [content.edition(issue.language, issue.day)]
    digest.topics = [ReleaseTopic(topic_id=topic) for topic in session.scalars(topics)]
    session.add(digest)
    session.flush()
    revision = content.freeze(session, digest, issue.items)
    digest.revision_id = revision.id
    # The steps any release takes: the database knows no other way to SCHEDULED.
    for state in (ReleaseState.APPROVED, ReleaseState.SCHEDULED):
        digest.send_at = func.now()
        digest.state = state
        session.flush()
    session.add(Wave(release_id=digest.id, revision_id=revision.id, not_before=func.now()))
    rows = [
        {"journalist_id": person, "release_id": release, "digest_id": digest.id}
        for person in people
        for release in releases
    ]
    session.execute(insert(DigestEntry), rows)
    audit.write(session, "digest made", release=digest, people=len(people), releases=len(releases))
    log.info("digest made", digest=str(digest.id), people=len(people), releases=len(releases))
    db.after_commit(session, lambda: jobs.ring(jobs.Job.TICK))


def _put_off(session: Session, readers: Sequence[Reader], now: datetime) -> None:
    """Each reader's next morning; who wants all at once by now is owed nothing more, unless it waits for a pause."""
    turns: dict[datetime | None, list[UUID]] = defaultdict(list)
    for reader in readers:
        is_last = reader.frequency is Frequency.AT_ONCE and not reader.is_paused
        turns[None if is_last else next_morning(reader.zone, reader.frequency, now)].append(reader.id)
    for when, people in turns.items():
        statement = update(Journalist).where(Journalist.id.in_(people)).values(digest_due_at=when)
        session.execute(statement.execution_options(synchronize_session=False))
