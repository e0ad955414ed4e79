"""What a person got: every delivery of theirs with its release, the newest first, and what came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.models import DeliveryState, Exclusion

CAME_BACK = 50
"""Bounces, complaints and answers shown."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One release to one person. `at` is the last try; without one, when the row was made."""

    id: UUID
    release_id: UUID
    headline: str
    language: str
    state: DeliveryState
    exclusion: Exclusion | None
    reason: str
    at: datetime
    address: str


@dataclass(frozen=True, slots=True)
class CameBack:
    """A bounce, a complaint, an answer, about the delivery of that id."""

    delivery_id: UUID
    kind: str
    verdict: str
    reason: str
    at: datetime
    headline: str


_FIRST = """
    LEFT JOIN LATERAL (SELECT headline, language FROM edition WHERE release_id = d.release_id
                       ORDER BY language = d.language DESC, position LIMIT 1) e ON true
"""
MAILS = text(f"""
    SELECT d.id, d.release_id, coalesce(e.headline, '') AS headline, coalesce(e.language, 'en') AS language, d.state,
           d.exclusion, coalesce(d.reason, '') AS reason, j.address,
           coalesce(d.attempted_at, uuid_extract_timestamp(d.id)) AS at
    FROM (SELECT * FROM delivery WHERE journalist_id = ANY(:people) ORDER BY id DESC LIMIT :limit OFFSET :skip) d
    JOIN journalist j ON j.id = d.journalist_id {_FIRST} ORDER BY d.id DESC
""")  # noqa: S608 - put together from constants
BACK = text(f"""
    SELECT v.delivery_id, v.kind, v.verdict, v.reason, v.at, coalesce(e.headline, '') AS headline
    FROM delivery d JOIN event v ON v.delivery_id = d.id {_FIRST}
    WHERE d.journalist_id = ANY(:people) ORDER BY v.at DESC, v.id DESC LIMIT :limit
""")  # noqa: S608 - put together from constants
COUNT = text("SELECT count(*) FROM delivery WHERE journalist_id = ANY(:people)")


def mails(session: Session, people: Sequence[UUID], *, skip: int = 0, limit: int = 50) -> list[Mail]:
    """The deliveries to these entries of one person."""
    rows = session.execute(MAILS, {"people": list(people), "skip": skip, "limit": limit}).mappings()
    return [_mail(dict(row)) for row in rows]


def _mail(row: dict[str, Any]) -> Mail:
    left_out = Exclusion(row["exclusion"]) if row["exclusion"] else None
    return Mail(**row | {"state": DeliveryState(row["state"]), "exclusion": left_out})


def count(session: Session, people: Sequence[UUID]) -> int:
    """How many there are."""
    return session.scalars(COUNT, {"people": list(people)}).one() or 0


def came_back(session: Session, people: Sequence[UUID]) -> list[CameBack]:
    """What came back of them, the newest first."""
    rows = session.execute(BACK, {"people": list(people), "limit": CAME_BACK}).mappings()
    return [CameBack(**row) for row in map(dict, rows)]
