"""A release's part of the database, as the oracle reads it after a run."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Engine, text

A_SECOND = timedelta(seconds=1)
"""What was begun this long after a word had been committed was begun against it."""

ROWS = text("""
    SELECT d.id, d.state, d.maybe_twice, d.attempts, d.attempted_at, d.language, j.address, j.name,
           coalesce(o.name, '') AS outlet, coalesce(t.name, '') AS topic,
           nullif(least(
               j.erased_at,
               (SELECT max(coalesce(s.ended_at, 'infinity')) FROM subscription s JOIN revision v ON v.id = w.revision_id
                WHERE s.journalist_id = j.id AND s.topic_id = ANY(v.topic_ids)),
               (SELECT min(p.created_at) FROM suppression p
                WHERE p.fingerprint = j.fingerprint AND (p.sender_id IS NULL OR p.sender_id = j.sender_id))
           ), 'infinity') AS left_at
    FROM delivery d JOIN journalist j ON j.id = d.journalist_id JOIN wave w ON w.id = d.wave_id
    LEFT JOIN outlet o ON o.id = j.outlet_id LEFT JOIN topic t ON t.id = d.topic_id
    WHERE d.release_id = :release
""")
ATTEMPTS = text("""
    SELECT a.delivery_id, a.number, a.began_at, a.outcome, a.code, a.reply
    FROM attempt a JOIN delivery d ON d.id = a.delivery_id WHERE d.release_id = :release ORDER BY a.number
""")
RELEASE = text("SELECT state, greatest(send_at, embargo) AS not_before, revision_id FROM release WHERE id = :release")
AUDIT = text("SELECT act, at FROM audit_entry WHERE release_id = :release ORDER BY id")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try that has ended."""

    began_at: datetime
    outcome: str
    code: int | None
    reply: str

    @property
    def is_refusal(self) -> bool:
        """A permanent answer, kept in the relay's words."""
        return self.outcome == "rejected" and bool(self.reply) and (self.code is None or self.code >= 500)


@dataclass(slots=True)
class Row:
    """One person's delivery. `left_at`: when she had said no, or was found to be not reachable."""

    id: UUID
    state: str
    maybe_twice: bool
    number: int
    attempted_at: datetime | None
    language: str
    address: str
    name: str
    outlet: str
    topic: str
    left_at: datetime | None
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def begun(self) -> list[datetime]:
        """When each of its attempts was admitted, the one under way included."""
        last = [self.attempted_at] if self.attempted_at else []
        return sorted({*(attempt.began_at for attempt in self.attempts), *last})

    def began(self, at: datetime) -> datetime | None:
        """When the attempt was admitted from which a copy taken at this time came."""
        return max((moment for moment in self.begun if moment <= at), default=None)

    def had_left(self, began: datetime) -> bool:
        """Whether she had left a second before."""
        return self.left_at is not None and began > self.left_at + A_SECOND


@dataclass(slots=True)
class Ledger:
    """A release with its rows, and what was done to it in order."""

    release_id: UUID
    revision_id: UUID
    state: str
    not_before: datetime
    acts: list[tuple[str, datetime]]
    rows: dict[UUID, Row]

    def was_stopped(self, began: datetime) -> bool:
        """Whether it was paused or cancelled a second before, and not resumed since."""
        stopped = None
        for act, at in self.acts:
            if at > began:
                break
            if act in ("release paused", "release cancelled"):
                stopped = at
            elif act == "release resumed":
                stopped = None
        return stopped is not None and began > stopped + A_SECOND


def read(engine: Engine, release: UUID) -> Ledger:
    """All there is about a release."""
    with engine.connect() as connection:
        state, not_before, revision = connection.execute(RELEASE, {"release": release}).one()
        acts = [(act, at) for act, at in connection.execute(AUDIT, {"release": release})]
        return Ledger(release, revision, state, not_before, acts, _rows(connection, release))


def _rows(connection: Connection, release: UUID) -> dict[UUID, Row]:
    rows = {row.id: Row(*row) for row in connection.execute(ROWS, {"release": release})}
    for id_, _number, began, outcome, code, reply in connection.execute(ATTEMPTS, {"release": release}):
        rows[id_].attempts.append(Attempt(began, outcome, code, reply))
    return rows
