"""What a digest says: of each release the headline and the lead, in the words and the language that were approved."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from babel.core import UnknownLocaleError
from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import links, releases
from service.mail import words
from service.models import Edition, Publication, Release, Revision, Topic
from service.releases import Frozen, FrozenItem
from service.releases.revisions import FrozenEdition


def edition(language: str, day: date) -> Edition:
    """The digest's own words: little more than its name and its day."""
    return Edition(language=language, headline=f"{words.of(language).digest}, {_day(day, language)}")


def _day(day: date, language: str) -> str:
    spoken = language if words.of(language) is not words.ENGLISH else "en-GB"
    try:
        return format_date(day, "long", locale=spoken.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return format_date(day, "long", locale="en_GB")


def freeze(session: Session, digest: Release, items: Sequence[tuple[UUID, str]]) -> Revision:
    """The digest with its items, kept as every approved thing is. Raises revisions.Tampered."""
    told = tuple(_item(session, release, language) for release, language in items)
    return releases.keep(session, digest, replace(releases.frozen_of(session, digest), items=told), by=None)


def _item(session: Session, release_id: UUID, language: str) -> FrozenItem:
    release = session.get_one(Release, release_id)
    frozen: Frozen = releases.content_of(session.get_one(Revision, release.revision_id))
    found = frozen.edition(language)
    assert release.send_at is not None  # noqa: S101 - it was sent
    return FrozenItem(
        release=release_id,
        language=found.language,
        headline=found.headline,
        dateline=found.dateline,
        lead=found.lead,
        sent_at=release.send_at,
        link=_link(session, release, frozen, found),
        topics=_topics(session, frozen, found.language),
    )


def _link(session: Session, release: Release, frozen: Frozen, edition: FrozenEdition) -> str:
    """Where the whole of it stands; of what is in no newsroom, the newsroom."""
    place = session.get(Publication, release.id)
    slug = frozen.sender.slug
    return links.story(slug, place.slug, edition.language) if place and place.shown else links.newsroom(slug)


def _topics(session: Session, frozen: Frozen, language: str) -> tuple[str, ...]:
    found = session.scalars(select(Topic).where(Topic.id.in_(frozen.topics)).order_by(Topic.name, Topic.id))
    return tuple(topic.names.get(language, topic.name) for topic in found)
