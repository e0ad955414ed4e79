"""Some of those who will get a release, to see whether the right people are meant."""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.models import Release
from service.releases import audience
from service.releases.audience import Whom


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who will get it, and in which language."""

    id: UUID
    name: str
    address: str
    outlet: str
    language: str


MANY = 2000
"""People: of so many some are soon met, wherever one begins to look."""


def sample(
    session: Session, release: Release, number: int = 10, *, whom: Whom | None = None, total: int = 0
) -> list[Reader]:
    """So many of them, mixed, and the same each time it is asked; `total`, if known, is how many there are."""
    whom = whom or audience.whom(session, release)
    if total < MANY:
        return _of_all(session, release, whom, number)
    met = _met(session, release, whom, number, since=True)
    return met if len(met) == number else met + _met(session, release, whom, number - len(met), since=False)


def _of_all(session: Session, release: Release, whom: Whom, number: int) -> list[Reader]:
    question = audience.ask(session, release, whom)
    query = text(f"""
        WITH {question.judged}
        SELECT j.id, j.name, j.address, coalesce(o.name, ''), g.language
        FROM (SELECT id, language, mixed FROM judged WHERE exclusion IS NULL ORDER BY mixed, id LIMIT :number) g
        JOIN journalist j ON j.id = g.id LEFT JOIN outlet o ON o.id = j.outlet_id ORDER BY g.mixed, g.id
    """)  # noqa: S608 - put together from constants
    return [Reader(*row) for row in session.execute(query, {**question.values, "number": number})]


def _met(session: Session, release: Release, whom: Whom, number: int, *, since: bool) -> list[Reader]:
    """The first who get it in the order of the fingerprints, which is by chance, from a place the release decides."""
    question = audience.ask(session, release, whom, within="j.id = x.id")
    query = text(f"""
        SELECT x.id, x.name, x.address, coalesce((SELECT o.name FROM outlet o WHERE o.id = x.outlet_id), ''), g.language
        FROM journalist x CROSS JOIN LATERAL (
            SELECT ({question.exclusion}) AS exclusion, {audience.LANGUAGE} AS language
            FROM {question.counted} OFFSET 0) g
        WHERE x.fingerprint {">=" if since else "<"} :place AND x.sender_id = :sender AND g.exclusion IS NULL
        ORDER BY x.fingerprint, x.id LIMIT :number
    """)  # noqa: S608 - put together from constants
    place = sha256(release.id.bytes).digest()
    return [Reader(*row) for row in session.execute(query, {**question.values, "number": number, "place": place})]
