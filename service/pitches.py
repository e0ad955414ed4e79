"""Pitches: what an officer says above a release to one journalist, or to those who get it by one topic."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import audit, releases
from service.errors import NotFound, Refused
from service.manuscripts.characters import clean_text
from service.models import Account, Journalist, Pitch, Release, Topic

LONGEST = 2000
"""Characters of one note."""
MOST = 200
"""Notes of one release: each is read by who approves it."""


class BadNote(Refused):
    """Write some sentences."""

    def __init__(self) -> None:
        super().__init__("Write a note of %(most)s characters at most.", most=LONGEST)


class TooMany(Refused):
    """More are no longer notes."""

    def __init__(self) -> None:
        super().__init__("A release has %(most)s notes at most.", most=MOST)


class NotForThem(Refused):
    """Name one journalist of this newsroom, or one of the release's topics."""

    def __init__(self) -> None:
        super().__init__("Name one journalist of this newsroom, or one of the topics of the release.")


@dataclass(frozen=True, slots=True)
class Note:
    """One note and whom it is for: a person by name or address, or a topic."""

    id: UUID
    note: str
    journalist: str
    topic: str


def say(
    session: Session,
    release: Release,
    note: str,
    *,
    by: Account,
    journalist: Journalist | None = None,
    topic: Topic | None = None,
) -> None:
    """Let this stand above the release for one person, or for one topic's readers; an earlier note for them is gone.

    An approval there was is void. Raises accounts.NotAllowed, releases.NotEditable, BadNote, NotForThem, TooMany.
    """
    words = clean_text(note).strip()
    if not 0 < len(words) <= LONGEST:
        raise BadNote
    with releases.changing(session, release, by=by):
        _check(session, release, journalist, topic)
        whom = {"journalist_id": journalist.id if journalist else None, "topic_id": topic.id if topic else None}
        key = ["release_id", "journalist_id" if journalist else "topic_id"]
        added = insert(Pitch).values(release_id=release.id, note=words, **whom)
        session.execute(added.on_conflict_do_update(index_elements=key, set_={"note": words}))
    audit.write(session, "note written", account=by, release=release, topic=topic.slug if topic else "")


def take_back(session: Session, release: Release, id_: UUID, *, by: Account) -> None:
    """Say it to nobody. Raises accounts.NotAllowed, releases.NotEditable, NotFound."""
    with releases.changing(session, release, by=by):
        gone = delete(Pitch).where(Pitch.release_id == release.id, Pitch.id == id_).returning(Pitch.id)
        if session.scalar(gone) is None:
            raise NotFound("There is no such note.")
    audit.write(session, "note taken back", account=by, release=release)


def of(session: Session, release: Release) -> list[Note]:
    """All notes of a release, those for one person first."""
    query = (
        select(Pitch, Journalist, Topic.name)
        .outerjoin(Journalist, Journalist.id == Pitch.journalist_id)
        .outerjoin(Topic, Topic.id == Pitch.topic_id)
        .where(Pitch.release_id == release.id)
        .order_by(Journalist.name.nulls_last(), Topic.name, Pitch.id)
    )
    return [
        Note(pitch.id, pitch.note, (person.name or person.address) if person else "", topic or "")
        for pitch, person, topic in session.execute(query)
    ]


def _check(session: Session, release: Release, journalist: Journalist | None, topic: Topic | None) -> None:
    if (journalist is None) == (topic is None):
        raise NotForThem
    if journalist is not None and (journalist.sender_id != release.sender_id or journalist.erased_at):
        raise NotForThem
    if topic is not None and topic.id not in {one.topic_id for one in release.topics}:
        raise NotForThem
    if session.scalars(select(func.count()).where(Pitch.release_id == release.id)).one() >= MOST:
        raise TooMany
