"""Some of those who will get a release, to see whether the right people are meant."""

from dataclasses import dataclass
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


def sample(session: Session, release: Release, number: int = 10, *, whom: Whom | None = None) -> list[Reader]:
    """So many of them, mixed, and the same each time it is asked."""
    question = audience.ask(session, release, whom or audience.whom(session, release))
    query = text(f"""
        WITH {question.judged}
        SELECT j.id, j.name, j.address, coalesce(o.name, ''), g.language
        FROM (SELECT id, language, mixed FROM judged WHERE exclusion IS NULL ORDER BY mixed, id LIMIT :number) g
        JOIN journalist j ON j.id = g.id LEFT JOIN outlet o ON o.id = j.outlet_id ORDER BY g.mixed, g.id
    """)  # noqa: S608 - put together from constants
    return [Reader(*row) for row in session.execute(query, {**question.values, "number": number})]
