"""Revisions: an immutable copy of all that was approved, and its hash. Only a revision's bytes leave."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import audiences, senders
from service.audiences import EVERYBODY, Audience
from service.models import (
    Account,
    Attachment,
    Edition,
    Kind,
    MediaContact,
    Notice,
    NoticeKind,
    Pitch,
    Release,
    Revision,
    Sender,
)


class Tampered(Exception):
    """The content is not what its hash says: nothing of it may leave until a person has looked."""

    def __init__(self, revision: Revision) -> None:
        super().__init__(f"Revision {revision.id} is not what was approved: its hash differs.")


class NoteChanged(Tampered):
    """A note above the release is not what its hash says."""

    def __init__(self) -> None:
        Exception.__init__(self, "A note above this release is not what was approved: its hash differs.")


@dataclass(frozen=True, slots=True)
class FrozenEdition:
    """The release in one language, as approved. Markdown in body and boilerplate."""

    language: str
    headline: str
    subhead: str
    place: str
    dated: date | None
    dateline: str
    lead: str
    body: str
    boilerplate: str
    notes: str


@dataclass(frozen=True, slots=True)
class FrozenContact:
    """A media contact, as approved."""

    name: str
    role: str
    organisation: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class FrozenSender:
    """The newsroom the mail is from, as approved."""

    slug: str
    name: str
    address: str
    reply_to: str
    """"": a signed address of each mail."""
    postal_address: str


@dataclass(frozen=True, slots=True)
class FrozenFile:
    """A file of the press kit, as approved: the mail links to it by its key. `size` in octets."""

    key: str
    name: str
    type: str
    size: int
    caption: str
    credit: str
    alt: str


@dataclass(frozen=True, slots=True)
class FrozenItem:
    """A release as a digest tells of it, in the words that were approved; `link` is where the whole of it stands.

    `topics` are the names of those it is about, in its language.
    """

    release: UUID
    language: str
    headline: str
    dateline: str
    lead: str
    sent_at: datetime
    link: str
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FrozenNotice:
    """What a notice says of which earlier release, and what that was called, by language, the first edition first."""

    kind: NoticeKind
    about: UUID
    headlines: tuple[tuple[str, str], ...]

    def headline(self, language: str) -> str:
        """What the earlier one was called in this language, or in its first."""
        return dict(self.headlines).get(language) or self.headlines[0][1]


@dataclass(frozen=True, slots=True)
class FrozenPitch:
    """That there is a note for one person or for one topic's readers: `digest` is SHA-256 over its words, which are
    kept elsewhere and go with the person."""

    journalist: UUID | None
    topic: UUID | None
    digest: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """All that an approval covers: words, contacts, sender, audience, embargo, notes. Only a digest has items."""

    editions: tuple[FrozenEdition, ...]
    contacts: tuple[FrozenContact, ...]
    sender: FrozenSender
    topics: tuple[UUID, ...]
    embargo: datetime | None
    items: tuple[FrozenItem, ...] = ()
    audience: Audience = EVERYBODY
    files: tuple[FrozenFile, ...] = ()
    notice: FrozenNotice | None = None
    pitches: tuple[FrozenPitch, ...] = ()

    def edition(self, language: str) -> FrozenEdition:
        """The edition for a reader of this language: hers, or the first."""
        return next((edition for edition in self.editions if edition.language == language), self.editions[0])


def freeze(session: Session, release: Release, *, by: Account) -> Revision:
    """Keep a copy of the release as it now is; the same content again is the same revision."""
    return keep(session, release, frozen_of(session, release), by=by)


def keep(session: Session, release: Release, frozen: Frozen, *, by: Account | None) -> Revision:
    """Keep this copy; of a digest nobody is the author."""
    content, digest = canonical(frozen), digest_of(frozen)
    last = session.scalar(
        select(Revision).where(Revision.release_id == release.id).order_by(Revision.number.desc()).limit(1)
    )
    if last is not None and last.digest == digest:
        return last
    revision = Revision(
        release_id=release.id,
        number=(last.number if last else 0) + 1,
        content=json.loads(content),
        digest=digest,
        topic_ids=sorted(topic.topic_id for topic in release.topics),
        written_by=by.id if by else None,
    )
    session.add(revision)
    session.flush()
    return revision


def digest_of(frozen: Frozen) -> bytes:
    """The hash by which this content is approved."""
    return sha256(canonical(frozen).encode()).digest()


def canonical(frozen: Frozen) -> str:
    """The one JSON text of this content: sorted keys, no spaces, so that equal content has an equal hash."""
    plain = asdict(frozen)
    plain["audience"] = audiences.plain(frozen.audience)
    # What was approved before there were any of these has its hash still.
    for item in plain["items"]:
        _leave_out_empty(item, "topics")
    _leave_out_empty(plain, "items", "files", "audience", "notice", "pitches")
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _leave_out_empty(plain: dict[str, Any], *names: str) -> None:
    for name in names:
        if not plain[name]:
            del plain[name]


def content_of(revision: Revision) -> Frozen:
    """The content of a revision. Raises Tampered."""
    content: dict[str, Any] = revision.content
    frozen = Frozen(
        editions=tuple(
            FrozenEdition(**edition | {"dated": _date(edition["dated"])}) for edition in content["editions"]
        ),
        contacts=tuple(FrozenContact(**contact) for contact in content["contacts"]),
        sender=FrozenSender(**content["sender"]),
        topics=tuple(UUID(topic) for topic in content["topics"]),
        embargo=datetime.fromisoformat(content["embargo"]) if content["embargo"] else None,
        items=tuple(_item(item) for item in content.get("items", ())),
        audience=audiences.read(content.get("audience", {})),
        files=tuple(FrozenFile(**file) for file in content.get("files", ())),
        notice=_read_notice(content["notice"]) if content.get("notice") else None,
        pitches=tuple(_read_pitch(pitch) for pitch in content.get("pitches", ())),
    )
    if digest_of(frozen) != revision.digest:
        raise Tampered(revision)
    return frozen


def frozen_of(session: Session, release: Release) -> Frozen:
    """The release as it now is."""
    session.flush()
    session.refresh(release, ["editions", "topics", "contacts"])
    sender = session.get_one(Sender, release.sender_id)
    return Frozen(
        editions=tuple(_edition(edition) for edition in release.editions),
        contacts=tuple(_contact(named.contact) for named in release.contacts),
        sender=FrozenSender(
            slug=sender.slug,
            name=sender.name,
            address=sender.address,
            reply_to=senders.answers_to(sender, _emails(release)),
            postal_address=sender.postal_address,
        ),
        topics=tuple(sorted(topic.topic_id for topic in release.topics)),
        embargo=release.embargo,
        audience=audiences.of(session, release),
        files=_files(session, release),
        notice=_notice(session, release),
        pitches=_pitches(session, release),
    )


def _files(session: Session, release: Release) -> tuple[FrozenFile, ...]:
    names = FrozenFile.__dataclass_fields__
    query = select(*(getattr(Attachment, name) for name in names)).where(Attachment.release_id == release.id)
    return tuple(FrozenFile(*row) for row in session.execute(query.order_by(Attachment.id)))


def _emails(release: Release) -> list[str]:
    return [named.contact.email for named in sorted(release.contacts, key=lambda one: one.position)]


def note_digest(note: str) -> str:
    """What stands for a note in what is approved."""
    return sha256(note.encode()).hexdigest()


def _notice(session: Session, release: Release) -> FrozenNotice | None:
    """What the mail says above a notice's headline; a release that is only named a notice in the newsroom has none."""
    found = session.get(Notice, release.id) if release.kind is Kind.NOTICE else None
    if found is None:
        return None
    revision = session.get_one(Revision, session.get_one(Release, found.about_id).revision_id)
    headlines = tuple((edition.language, edition.headline) for edition in content_of(revision).editions)
    return FrozenNotice(found.kind, found.about_id, headlines)


def _pitches(session: Session, release: Release) -> tuple[FrozenPitch, ...]:
    found = session.scalars(select(Pitch).where(Pitch.release_id == release.id).order_by(Pitch.id))
    return tuple(FrozenPitch(pitch.journalist_id, pitch.topic_id, note_digest(pitch.note)) for pitch in found)


def _edition(edition: Edition) -> FrozenEdition:
    return FrozenEdition(**{name: getattr(edition, name) for name in FrozenEdition.__dataclass_fields__})


def _contact(contact: MediaContact) -> FrozenContact:
    return FrozenContact(**{name: getattr(contact, name) for name in FrozenContact.__dataclass_fields__})


def _item(item: dict[str, Any]) -> FrozenItem:
    sent_at = datetime.fromisoformat(item["sent_at"])
    topics = tuple(item.get("topics", ()))
    return FrozenItem(**item | {"release": UUID(item["release"]), "sent_at": sent_at, "topics": topics})


def _read_notice(plain: dict[str, Any]) -> FrozenNotice:
    headlines = tuple((language, headline) for language, headline in plain["headlines"])
    return FrozenNotice(NoticeKind(plain["kind"]), UUID(plain["about"]), headlines)


def _read_pitch(plain: dict[str, Any]) -> FrozenPitch:
    journalist, topic = (UUID(plain[name]) if plain[name] else None for name in ("journalist", "topic"))
    return FrozenPitch(journalist, topic, plain["digest"])


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
