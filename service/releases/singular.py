"""What a mail has for one person alone: the earlier mails of ours it answers, and the officer's note above the release.

The statements are psycopg's, for a worker asks them of a whole chunk of deliveries at once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from service.mail.compose import message_id
from service.models import Delivery
from service.releases.revisions import FrozenPitch, NoteChanged, note_digest

LONGEST = 8
"""Notices of notices that are looked back through: more of them no thread shows."""

# Of a release, the ones it is about, the oldest first.
CHAIN = f"""
    WITH RECURSIVE thread AS (
        SELECT release_id, about_id FROM notice UNION ALL SELECT release_id, about_id FROM follow_up
    ), chain AS (
        SELECT about_id AS id, 1 AS back FROM thread WHERE release_id = %(release)s
        UNION ALL
        SELECT t.about_id, c.back + 1 FROM chain c JOIN thread t ON t.release_id = c.id WHERE c.back < {LONGEST}
    )
    SELECT id FROM chain ORDER BY back DESC
"""  # noqa: S608 - put together from constants
THESE = "d.id BETWEEN %(first)s AND %(last)s AND d.wave_id = %(wave)s"
# A release of which a digest told came in that digest's mail.
EARLIER = f"""
    SELECT d.id, h.id, encode(substr(r.digest, 1, 4), 'hex'), r.content #>> '{{sender,address}}'
    FROM delivery d CROSS JOIN unnest(%(chain)s::uuid[]) WITH ORDINALITY AS c (id, place)
    CROSS JOIN LATERAL (
        SELECT c.id AS release_id
        UNION ALL SELECT e.digest_id FROM digest_entry e WHERE e.release_id = c.id AND e.journalist_id = d.journalist_id
    ) told
    JOIN delivery h ON h.release_id = told.release_id AND h.journalist_id = d.journalist_id AND h.attempts > 0
    JOIN wave w ON w.id = h.wave_id JOIN revision r ON r.id = w.revision_id
    WHERE {THESE} ORDER BY c.place, h.id
"""  # noqa: S608 - put together from constants
# What is said to one person goes before what is said to all of their topic.
NOTES = f"""
    SELECT DISTINCT ON (d.id) d.id, p.journalist_id, p.topic_id, p.note
    FROM delivery d JOIN pitch p ON p.release_id = d.release_id
         AND (p.journalist_id = d.journalist_id OR p.topic_id = d.topic_id)
    WHERE {THESE} ORDER BY d.id, p.journalist_id NULLS LAST
"""  # noqa: S608 - put together from constants


class Earlier(NamedTuple):
    """A mail of ours that this delivery's person got before, and what its Message-ID was made of."""

    delivery: UUID
    id: UUID
    version: str
    address: str


class Said(NamedTuple):
    """A note for this delivery's person, and whom it was written for."""

    delivery: UUID
    journalist: UUID | None
    topic: UUID | None
    note: str


@dataclass(frozen=True, slots=True)
class Singular:
    """By delivery: the Message-IDs of what it answers, the oldest first, and its note."""

    threads: Mapping[UUID, tuple[str, ...]] = field(default_factory=dict)
    notes: Mapping[UUID, str] = field(default_factory=dict)


def read(earlier: Iterable[Earlier], said: Iterable[Said], approved: Collection[FrozenPitch]) -> Singular:
    """What was found, as a letter wants it. Raises revisions.NoteChanged."""
    threads: dict[UUID, tuple[str, ...]] = defaultdict(tuple)
    for one in earlier:
        threads[one.delivery] += (message_id(one.id, one.version, one.address.rpartition("@")[2]),)
    notes = {}
    for note in said:
        if FrozenPitch(note.journalist, note.topic, note_digest(note.note)) not in approved:
            raise NoteChanged
        notes[note.delivery] = note.note
    return Singular(dict(threads), notes)


def of(session: Session, delivery: Delivery, approved: Collection[FrozenPitch]) -> Singular:
    """What one delivery has of it. Raises revisions.NoteChanged."""
    chain = [row[0] for row in _asked(session, CHAIN, {"release": delivery.release_id})]
    these = {"first": delivery.id, "last": delivery.id, "wave": delivery.wave_id}
    earlier = map(Earlier._make, _asked(session, EARLIER, {**these, "chain": chain})) if chain else ()
    return read(earlier, map(Said._make, _asked(session, NOTES, these)) if approved else (), approved)


def _asked(session: Session, statement: str, values: dict[str, Any]) -> Iterable[Any]:
    return session.connection().exec_driver_sql(statement, values).all()
