"""The releases of a newsroom as lists show them: newest first, by topic, language and month, and by words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, any_, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import REGCONFIG
from sqlalchemy.orm import Session

from service.manuscripts.characters import clean_line
from service.models import Publication, PublishedEdition, Sender, Topic
from service.newsroom.reading import Missing, stories
from service.newsroom.visible import current, opened
from service.releases.revisions import FrozenContact

ON_A_PAGE = 20
LAST_PAGE = 1000
LONGEST_SEARCH = 200
CONFIGURATIONS = {"ru": "russian", "en": "english"}
MOST_IN_A_SITEMAP = 25_000
CONTACTS_OF = 10
"""The newest releases whose media contacts are those of the newsroom."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One release in a list."""

    release_id: UUID
    slug: str
    opens_at: datetime
    language: str
    languages: tuple[str, ...]
    headline: str
    summary: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which releases a list is of; what is empty or None chooses nothing away.

    Of releases in several languages the `preferred` one is shown, else the first.
    """

    topic: UUID | None = None
    language: str = ""
    year: int | None = None
    month: int | None = None
    words: str = ""
    preferred: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list; `more` when there is another one after it."""

    entries: tuple[Entry, ...]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the archive and how many releases it has."""

    year: int
    month: int
    releases: int


EVERYTHING = Chosen()


def newsroom(session: Session, slug: str) -> Sender:
    """The newsroom. Raises Missing."""
    found = session.scalar(select(Sender).where(Sender.slug == slug))
    if found is None:
        raise Missing
    return found


def newsrooms(session: Session) -> list[Sender]:
    """Every newsroom that has something to show."""
    shown = select(Publication.release_id).where(Publication.sender_id == Sender.id, current()).exists()
    return list(session.scalars(select(Sender).where(shown).order_by(Sender.name, Sender.id)))


def topic(session: Session, sender: Sender, slug: str) -> Topic:
    """A topic anybody may subscribe to. Raises Missing."""
    found = session.scalar(select(Topic).where(Topic.sender_id == sender.id, Topic.slug == slug, Topic.public))
    if found is None:
        raise Missing
    return found


def topics(session: Session, sender: Sender) -> list[Topic]:
    """The topics anybody may subscribe to."""
    return list(session.scalars(select(Topic).where(Topic.sender_id == sender.id, Topic.public).order_by(Topic.name)))


def entries(session: Session, sender: Sender, chosen: Chosen = EVERYTHING, *, page: int = 1) -> Listed:
    """A page of the chosen releases, the newest first. A page there is not is an empty one."""
    page = min(max(page, 1), LAST_PAGE)
    which = _chosen(sender, chosen).limit(ON_A_PAGE + 1).offset((page - 1) * ON_A_PAGE)
    found = _entries(session, which, chosen)
    return Listed(found[:ON_A_PAGE], page, len(found) > ON_A_PAGE)


def all_entries(session: Session, sender: Sender, chosen: Chosen) -> tuple[Entry, ...]:
    """All of them at once, for a sitemap: it holds 50,000 addresses at most."""
    return _entries(session, _chosen(sender, chosen).limit(MOST_IN_A_SITEMAP), chosen)


def newest(session: Session, sender: Sender) -> list[tuple[UUID, list[str]]]:
    """The releases that changed last, those withdrawn among them, with their languages: what a wire carries."""
    changed = func.greatest(Publication.opens_at, Publication.withdrawn_at)
    query = (
        select(Publication.release_id, Publication.languages)
        .where(Publication.sender_id == sender.id, opened())
        .order_by(changed.desc(), Publication.release_id.desc())
        .limit(ON_A_PAGE)
    )
    return [(id_, list(spoken)) for id_, spoken in session.execute(query)]


def years(session: Session, sender: Sender) -> list[int]:
    """The years in which it released something, the newest first."""
    return sorted({month.year for month in months(session, sender)}, reverse=True)


def related(
    session: Session, sender: Sender, release_id: UUID, topic_ids: Sequence[UUID], limit: int = 4
) -> tuple[Entry, ...]:
    """The newest others of the same topics."""
    others = Publication.topic_ids.overlap(list(topic_ids)), Publication.release_id != release_id
    return _entries(session, _chosen(sender, EVERYTHING).where(*others).limit(limit), EVERYTHING)


def months(session: Session, sender: Sender) -> list[Month]:
    """The archive: months with releases, the newest first, in UTC."""
    there = func.timezone("UTC", Publication.opens_at)
    parts: tuple[Any, Any] = (func.date_part("year", there), func.date_part("month", there))
    query = select(*parts, func.count()).where(Publication.sender_id == sender.id, current()).group_by(*parts)
    rows = session.execute(query.order_by(parts[0].desc(), parts[1].desc()))
    return [Month(int(year), int(month), number) for year, month, number in rows]


def languages(session: Session, sender: Sender) -> list[str]:
    """The languages it has released in, by code."""
    # Few releases differ in this, so that there is little to take apart.
    query = select(Publication.languages).where(Publication.sender_id == sender.id, current()).distinct()
    return sorted({language for spoken in session.scalars(query) for language in spoken})


def contacts(session: Session, sender: Sender) -> list[FrozenContact]:
    """The media contacts of the newest public releases, each once.

    Those of the sender's table would tell whom a release under embargo names.
    """
    newest = session.execute(_chosen(sender, EVERYTHING).limit(CONTACTS_OF))
    found = stories(session, [(row.release_id, row.languages[0]) for row in newest])
    return list(dict.fromkeys(contact for story in found for contact in story.contacts))


def _chosen(sender: Sender, chosen: Chosen) -> Select[*tuple[Any, ...]]:
    """Which releases, the newest first; what is shown of each is fetched for those of the page alone."""
    query: Select[*tuple[Any, ...]] = (
        select(Publication.release_id, Publication.slug, Publication.opens_at, Publication.languages)
        .where(Publication.sender_id == sender.id, current())
        .order_by(Publication.opens_at.desc(), Publication.release_id.desc())
    )
    if chosen.topic is not None:
        query = query.where(literal(chosen.topic) == any_(Publication.topic_ids))
    if chosen.language:
        query = query.where(literal(chosen.language) == any_(Publication.languages))
    if chosen.year is not None:
        query = query.where(*_within(chosen.year, chosen.month))
    if chosen.words:
        query = query.where(_found_by(chosen))
    return query


def _entries(session: Session, which: Select[*tuple[Any, ...]], chosen: Chosen) -> tuple[Entry, ...]:
    these = which.subquery("these")
    # Of a release that is found by its words, an edition that says them.
    said = [_says(chosen.words)] if chosen.words else []
    edition = (
        select(PublishedEdition.language, PublishedEdition.headline, PublishedEdition.summary)
        .where(PublishedEdition.release_id == these.c.release_id, *_in_language(chosen), *said)
        .order_by(PublishedEdition.language != chosen.preferred, PublishedEdition.position)
        .limit(1)
        .lateral("shown")
    )
    query = select(these, edition).join(edition, literal(value=True))
    return tuple(map(_entry, session.execute(query.order_by(these.c.opens_at.desc(), these.c.release_id.desc()))))


def _found_by(chosen: Chosen) -> ColumnElement[bool]:
    editions = select(PublishedEdition.release_id).where(_says(chosen.words), *_in_language(chosen))
    return Publication.release_id.in_(editions)


def _in_language(chosen: Chosen) -> list[ColumnElement[bool]]:
    return [PublishedEdition.language == chosen.language] if chosen.language else []


def _within(year: int, month: int | None) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    begins = datetime(year, month or 1, 1, tzinfo=UTC)
    after = (year + 1, 1) if month in (None, 12) else (year, (month or 0) + 1)
    return Publication.opens_at >= begins, Publication.opens_at < datetime(*after, 1, tzinfo=UTC)


def _says(words: str) -> ColumnElement[bool]:
    """Found by its words in the way of each language there is a way for; as typed in all others."""
    spoken = func.split_part(PublishedEdition.language, "-", 1)
    asked = [(spoken == language, configuration) for language, configuration in CONFIGURATIONS.items()]
    asked.append((spoken.not_in(CONFIGURATIONS), "simple"))
    return or_(*(and_(condition, _match(configuration, words)) for condition, configuration in asked))


def _match(configuration: str, words: str) -> ColumnElement[bool]:
    query = func.websearch_to_tsquery(cast(configuration, REGCONFIG), words)
    return PublishedEdition.document.bool_op("@@")(query)


def searched(words: str) -> str:
    """What is looked for, of what somebody typed."""
    return clean_line(words)[:LONGEST_SEARCH].strip()


def _entry(row: Any) -> Entry:
    return Entry(
        release_id=row.release_id,
        slug=row.slug,
        opens_at=row.opens_at,
        language=row.language,
        languages=tuple(row.languages),
        headline=row.headline,
        summary=row.summary,
    )
