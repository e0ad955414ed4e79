"""One release of a newsroom, found by its address; what is not public, and what does not exist, are one answer."""

from contextlib import suppress
from functools import cache
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from service.errors import NotFound
from service.models import (
    Notice,
    NoticeKind,
    Publication,
    PublishedEdition,
    Revision,
    Sender,
)
from service.newsroom import surroundings
from service.newsroom.story import Said, Story, Withdrawal
from service.newsroom.surroundings import Surroundings
from service.newsroom.visible import opened
from service.releases.revisions import Frozen, FrozenEdition, Tampered, content_of

log = structlog.get_logger(__name__)


class Missing(NotFound):
    """It does not exist, or not yet, or not for everybody: nobody can tell which."""

    def __init__(self) -> None:
        super().__init__("There is nothing here.")


def story(session: Session, newsroom: str, slug: str, language: str = "") -> Story:
    """The edition at this address, the first without a language; withdrawn perhaps. Raises Missing."""
    found = session.execute(_question(), {"newsroom": newsroom, "slug": slug}).one_or_none()
    if found is None:
        raise Missing
    return compose(session, *found, language=language)


@cache
def _question() -> Select[*tuple[Any, ...]]:
    return (
        select(Publication, Revision, Sender.slug)
        .join(Sender, Sender.id == Publication.sender_id)
        .join(Revision, Revision.id == Publication.revision_id)
        .where(Sender.slug == bindparam("newsroom"), Publication.slug == bindparam("slug"), opened())
    )


def stories(session: Session, releases: list[tuple[UUID, str]]) -> list[Story]:
    """These editions, in this order; one that is not what was approved is passed over, and said in the log."""
    query = (
        select(Publication, Revision, Sender.slug)
        .join(Sender, Sender.id == Publication.sender_id)
        .join(Revision, Revision.id == Publication.revision_id)
        .where(Publication.release_id.in_([id_ for id_, _ in releases]), opened())
    )
    found = {row[0].release_id: row for row in session.execute(query)}
    around = surroundings.gather(session, [row[0] for row in found.values()])
    composed = []
    for id_, language in releases:
        if id_ in found:
            with suppress(Missing):
                composed.append(_story(*found[id_], around, language))
    return composed


def compose(session: Session, publication: Publication, revision: Revision, newsroom: str, *, language: str) -> Story:
    """The story of a publication, whether it is open or not: ask before. Raises Missing."""
    return _story(publication, revision, newsroom, surroundings.gather(session, [publication]), language)


def _story(publication: Publication, revision: Revision, newsroom: str, around: Surroundings, language: str) -> Story:
    frozen = _content(revision)
    edition = _edition(frozen, language)
    said = around.said.get(publication.release_id, ())
    withdrawn = _withdrawal(publication, said)
    moments = [publication.opens_at, publication.withdrawn_at, *(one.at for one in said), revision.created_at]
    opens_at = publication.opens_at
    return Story(
        release_id=publication.release_id,
        newsroom=newsroom,
        slug=publication.slug,
        sender=frozen.sender,
        edition=edition,
        languages=tuple(one.language for one in frozen.editions),
        contacts=frozen.contacts,
        topics=around.names(publication.topic_ids, edition.language),
        embargo=frozen.embargo,
        opens_at=opens_at,
        changed_at=max(moment for moment in moments if moment is not None),
        said=said,
        files=() if withdrawn else around.files.get(publication.release_id, ()),
        withdrawn=withdrawn,
    )


def about(session: Session, release_id: UUID) -> tuple[NoticeKind, str, PublishedEdition] | None:
    """What this release is a notice about, if that can be seen: its kind, and the slug and edition of the earlier."""
    earlier = aliased(Publication)
    query: Any = (
        select(Notice.kind, earlier.slug, PublishedEdition)
        .join(earlier, earlier.release_id == Notice.about_id)
        .join(PublishedEdition, and_(PublishedEdition.release_id == Notice.about_id, PublishedEdition.position == 0))
        .where(Notice.release_id == release_id, opened(earlier))
    )
    found = session.execute(query).one_or_none()
    return (found[0], found[1], found[2]) if found else None


def _withdrawal(publication: Publication, said: tuple[Said, ...]) -> Withdrawal | None:
    if publication.withdrawn_at is not None:
        return Withdrawal(publication.withdrawn_at, publication.withdrawn_reason)
    kill = next((one for one in said if one.kind is NoticeKind.KILL), None)
    return Withdrawal(kill.at, kill.headline) if kill else None


def _content(revision: Revision) -> Frozen:
    try:
        return content_of(revision)
    except Tampered as fault:
        # Nothing of it may be seen until a person has looked; that it exists is nobody's business either.
        log.exception("not what was approved", revision=str(revision.id))
        raise Missing from fault


def _edition(frozen: Frozen, language: str) -> FrozenEdition:
    if not language:
        return frozen.editions[0]
    found = next((edition for edition in frozen.editions if edition.language == language), None)
    if found is None:
        raise Missing
    return found
