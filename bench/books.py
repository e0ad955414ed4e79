"""What the ledger says of a release: how fast it left by the database's own clock, and whether the books balance."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.measurement import NotMeasured

SAID = text("""
    SELECT w.candidates, d.people, d.wanted, d.accepted, a.attempts, a.tried, f.answers, f.seconds
    FROM wave w, LATERAL (
        SELECT count(*) AS people, count(*) FILTER (WHERE state <> 'excluded') AS wanted,
               count(*) FILTER (WHERE state = 'accepted') AS accepted
        FROM delivery WHERE release_id = w.release_id) d, LATERAL (
        SELECT count(*) AS attempts, count(DISTINCT a.delivery_id) AS tried
        FROM attempt a JOIN delivery d ON d.id = a.delivery_id
        WHERE d.release_id = w.release_id AND a.outcome = 'accepted') a, LATERAL (
        SELECT count(*) FILTER (WHERE s.ended_at <= s.last) AS answers,
               extract(epoch FROM min(s.last) - min(s.began_at))::float AS seconds
        FROM (SELECT a.began_at, a.ended_at, max(a.ended_at) FILTER (WHERE a.number = 1) OVER () AS last
              FROM attempt a JOIN delivery d ON d.id = a.delivery_id WHERE d.release_id = w.release_id) s) f
    WHERE w.release_id = :release
""")


@dataclass(frozen=True, slots=True)
class Books:
    """People of a release: counted, written down, wanted, accepted, tried with success.

    And the answers had, of whatever kind, in the seconds from the first try until everybody had been tried once.
    """

    candidates: int
    people: int
    wanted: int
    accepted: int
    attempts: int
    tried: int
    answers: int
    seconds: float


def read(session: Session, release_id: UUID) -> Books:
    """The books of a release that has left. Raises NotMeasured unless everybody wanted was accepted exactly once."""
    session.execute(text("SET LOCAL statement_timeout = 0"))
    books = Books(*session.execute(SAID, {"release": release_id}).one())
    if books.candidates != books.people or not books.wanted == books.accepted == books.attempts == books.tried:
        raise NotMeasured(f"the books do not balance: {books}")
    return books
