"""The releases at a glance: what a list of them shows, in a handful of statements however many they are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from service.models import Delivery, DeliveryState, Kind, Release, ReleaseState, ReleaseTopic, Topic


@dataclass(frozen=True, slots=True)
class Glance:
    """One release in a list. `people` it goes to, `accepted` of them by a mail server."""

    id: UUID
    headline: str
    language: str
    state: ReleaseState
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    embargo: datetime | None
    send_at: datetime | None
    finished_at: datetime | None
    created_at: datetime
    zone: str
    people: int
    accepted: int


def overview(
    session: Session, *, senders: Collection[UUID], limit: int = 50, kind: Kind = Kind.RELEASE
) -> list[Glance]:
    """The newest releases of these senders, or the newest digests."""
    query = (
        select(Release)
        .where(Release.sender_id.in_(senders), Release.kind == kind)
        .options(selectinload(Release.editions))
        .order_by(Release.id.desc())
        .limit(limit)
    )
    found = list(session.scalars(query))
    ids = [release.id for release in found]
    topics, counts = topics_of(session, ids), _counts(session, ids)
    return [_glance(release, topics.get(release.id, ()), *counts.get(release.id, (0, 0))) for release in found]


def _glance(release: Release, topics: tuple[str, ...], people: int, accepted: int) -> Glance:
    return Glance(
        id=release.id,
        headline=release.editions[0].headline if release.editions else "",
        language=release.editions[0].language if release.editions else "en",
        state=release.state,
        languages=tuple(edition.language for edition in release.editions),
        topics=topics,
        embargo=release.embargo,
        send_at=release.send_at,
        finished_at=release.finished_at,
        created_at=release.created_at,
        zone=release.zone,
        people=people,
        accepted=accepted,
    )


def topics_of(session: Session, ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The names of the topics of each of these releases."""
    query = (
        select(ReleaseTopic.release_id, Topic.name)
        .join(Topic, Topic.id == ReleaseTopic.topic_id)
        .where(ReleaseTopic.release_id.in_(ids))
        .order_by(Topic.name)
    )
    found: dict[UUID, tuple[str, ...]] = {}
    for id_, name in session.execute(query):
        found[id_] = (*found.get(id_, ()), name)
    return found


def _counts(session: Session, ids: list[UUID]) -> dict[UUID, tuple[int, int]]:
    query = (
        select(
            Delivery.release_id,
            func.count().filter(Delivery.state != DeliveryState.EXCLUDED),
            func.count().filter(Delivery.state == DeliveryState.ACCEPTED),
        )
        .where(Delivery.release_id.in_(ids))
        .group_by(Delivery.release_id)
    )
    return {id_: (people, accepted) for id_, people, accepted in session.execute(query)}
