"""The releases at a glance: what a list of them shows, in a handful of statements however many they are."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload

from service.models import Delivery, DeliveryState, Edition, Kind, Release, ReleaseState, ReleaseTopic, Topic

S = DeliveryState


class Trouble(StrEnum):
    """What may have gone wrong with some mails of a release."""

    FAILED = "failed"
    BOUNCED = "bounced"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which releases a list is to show; what is left empty leaves nothing out. `days`: those due so lately."""

    states: frozenset[ReleaseState] = frozenset()
    words: str = ""
    topic: UUID | None = None
    days: int | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Glance:
    """One release in a list, with its people by state."""

    id: UUID
    sender_id: UUID
    written_by: UUID | None
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
    reason: str
    states: Mapping[DeliveryState, int] = field(default_factory=dict)

    @property
    def people(self) -> int:
        """How many it goes to."""
        return sum(self.states.values()) - self.states.get(S.EXCLUDED, 0)

    @property
    def accepted(self) -> int:
        """How many a mail server took and has not returned."""
        return self.states.get(S.ACCEPTED, 0)

    @property
    def failed(self) -> int:
        return self.states.get(S.FAILED, 0)


def overview(
    session: Session,
    *,
    senders: Collection[UUID],
    wanted: Wanted | None = None,
    skip: int = 0,
    limit: int = 50,
) -> list[Glance]:
    """The releases of these senders that are wanted, newest first."""
    query = select(Release).where(*_conditions(senders, wanted or Wanted()))
    query = query.options(selectinload(Release.editions)).order_by(Release.id.desc()).offset(skip).limit(limit)
    return glances(session, list(session.scalars(query)))


def count(session: Session, *, senders: Collection[UUID], wanted: Wanted | None = None) -> int:
    """How many releases such a list has in all."""
    return session.scalar(select(func.count()).where(*_conditions(senders, wanted or Wanted()))) or 0


def glances(session: Session, found: Sequence[Release]) -> list[Glance]:
    """These releases, whose editions are loaded, at a glance."""
    ids = [release.id for release in found]
    topics, states = topics_of(session, ids), _states(session, ids)
    return [_glance(release, topics.get(release.id, ()), states[release.id]) for release in found]


def _conditions(senders: Collection[UUID], wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Release.sender_id.in_(senders), Release.kind != Kind.DIGEST]
    if wanted.states:
        found.append(Release.state.in_(wanted.states))
    if wanted.words:
        edition = select(Edition.id).where(Edition.release_id == Release.id)
        found.append(edition.where(Edition.headline.icontains(wanted.words, autoescape=True)).exists())
    if wanted.topic:
        topics = select(ReleaseTopic.topic_id).where(ReleaseTopic.release_id == Release.id)
        found.append(topics.where(ReleaseTopic.topic_id == wanted.topic).exists())
    if wanted.days:
        now = func.clock_timestamp()
        found.append(Release.send_at.between(now - timedelta(days=wanted.days), now))
    if wanted.trouble:
        deliveries = select(Delivery.id).where(Delivery.release_id == Release.id)
        found.append(deliveries.where(Delivery.state == DeliveryState(wanted.trouble.value)).exists())
    return found


def _glance(release: Release, topics: tuple[str, ...], states: Mapping[DeliveryState, int]) -> Glance:
    return Glance(
        id=release.id,
        sender_id=release.sender_id,
        written_by=release.written_by,
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
        reason=release.reason,
        states=states,
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


def _states(session: Session, ids: list[UUID]) -> dict[UUID, Counter[DeliveryState]]:
    query = (
        select(Delivery.release_id, Delivery.state, func.count())
        .where(Delivery.release_id.in_(ids))
        .group_by(Delivery.release_id, Delivery.state)
    )
    found: dict[UUID, Counter[DeliveryState]] = defaultdict(Counter)
    for id_, state, number in session.execute(query):
        found[id_][state] = number
    return found
