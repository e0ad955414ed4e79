"""What stands around stories: what was said since, topics, files. Three questions, however many stories they are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from service.models import Attachment, Notice, Publication, PublishedEdition, Topic
from service.newsroom.story import File, Said, TopicName
from service.newsroom.visible import NOW


@dataclass(frozen=True, slots=True)
class Surroundings:
    """By release: notices that have opened, in their order, and files; the public topics, by name."""

    said: Mapping[UUID, tuple[Said, ...]]
    files: Mapping[UUID, tuple[File, ...]]
    topics: tuple[Topic, ...]

    def names(self, ids: Sequence[UUID], language: str) -> tuple[TopicName, ...]:
        """These topics by their name in a language."""
        return tuple(
            TopicName(topic.slug, name_of(topic, language), topic.media_topic)
            for topic in self.topics
            if topic.id in ids
        )


def name_of(topic: Topic, language: str) -> str:
    """The topic's name in this language, or its own."""
    return topic.names.get(language) or topic.names.get(language.partition("-")[0]) or topic.name


def gather(session: Session, publications: Sequence[Publication]) -> Surroundings:
    """What stands around these."""
    ids = [publication.release_id for publication in publications]
    wanted = {id_ for publication in publications for id_ in publication.topic_ids}
    topics = select(Topic).where(Topic.id.in_(wanted), Topic.public).order_by(Topic.name)
    return Surroundings(_said(session, ids), _files(session, ids), tuple(session.scalars(topics)))


def _said(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[Said, ...]]:
    query = (
        select(Notice.about_id, Notice.kind, Publication.opens_at, Publication.slug, PublishedEdition)
        .join(Publication, Publication.release_id == Notice.release_id)
        .join(PublishedEdition, and_(PublishedEdition.release_id == Notice.release_id, PublishedEdition.position == 0))
        .where(Notice.about_id.in_(ids), Publication.opens_at <= NOW, Publication.withdrawn_at.is_(None))
        .order_by(Publication.opens_at, Notice.release_id)
    )
    found: defaultdict[UUID, tuple[Said, ...]] = defaultdict(tuple)
    for about, kind, at, slug, edition in session.execute(query):
        if at is not None:
            found[about] += (Said(kind, at, slug, edition.headline, edition.summary, edition.language),)
    return found


def _files(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[File, ...]]:
    query = select(Attachment).where(Attachment.release_id.in_(ids)).order_by(Attachment.id)
    found: defaultdict[UUID, tuple[File, ...]] = defaultdict(tuple)
    for one in session.scalars(query):
        found[one.release_id] += (_file(one),)
    return found


def _file(one: Attachment) -> File:
    return File(
        key=one.key,
        name=one.name,
        type=one.type,
        size=one.size,
        caption=one.caption,
        credit=one.credit,
        alt=one.alt,
        rights=one.rights,
        width=one.width or 0,
        height=one.height or 0,
    )
