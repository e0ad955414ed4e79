"""Revisions: an immutable copy of all that was approved, and its hash. Only a revision's bytes leave."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import audiences
from service.audiences import EVERYBODY, Audience
from service.models import Account, Edition, MediaContact, Release, Revision, Sender


class Tampered(Exception):
    """The content is not what its hash says: nothing of it may leave until a person has looked."""

    def __init__(self, revision: Revision) -> None:
        super().__init__(f"Revision {revision.id} is not what was approved: its hash differs.")


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
    postal_address: str


@dataclass(frozen=True, slots=True)
class FrozenItem:
    """A release as a digest tells of it, in the words that were approved; `link` is where the whole of it stands."""

    release: UUID
    language: str
    headline: str
    dateline: str
    lead: str
    sent_at: datetime
    link: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """All that an approval covers: words, contacts, sender, audience, embargo. Only a digest has items."""

    editions: tuple[FrozenEdition, ...]
    contacts: tuple[FrozenContact, ...]
    sender: FrozenSender
    topics: tuple[UUID, ...]
    embargo: datetime | None
    items: tuple[FrozenItem, ...] = ()
    audience: Audience = EVERYBODY

    def edition(self, language: str) -> FrozenEdition:
        """The edition for a reader of this language: hers, or the first."""
        return next((edition for edition in self.editions if edition.language == language), self.editions[0])


def freeze(session: Session, release: Release, *, by: Account) -> Revision:
    """Keep a copy of the release as it now is; the same content again is the same revision."""
    return keep(session, release, frozen_of(session, release), by=by)


def keep(session: Session, release: Release, frozen: Frozen, *, by: Account | None) -> Revision:
    """Keep this copy; of a digest nobody is the author."""
    content = canonical(frozen)
    digest = sha256(content.encode()).digest()
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


def canonical(frozen: Frozen) -> str:
    """The one JSON text of this content: sorted keys, no spaces, so that equal content has an equal hash."""
    plain = asdict(frozen)
    if not frozen.items:
        del plain["items"]  # so that what was approved before there were digests has its hash still
    plain["audience"] = audiences.plain(frozen.audience)
    if not plain["audience"]:
        del plain["audience"]  # likewise
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


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
    )
    if sha256(canonical(frozen).encode()).digest() != revision.digest:
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
        sender=FrozenSender(sender.slug, sender.name, sender.address, sender.reply_to, sender.postal_address),
        topics=tuple(sorted(topic.topic_id for topic in release.topics)),
        embargo=release.embargo,
        audience=audiences.of(session, release),
    )


def _edition(edition: Edition) -> FrozenEdition:
    return FrozenEdition(**{name: getattr(edition, name) for name in FrozenEdition.__dataclass_fields__})


def _contact(contact: MediaContact) -> FrozenContact:
    return FrozenContact(**{name: getattr(contact, name) for name in FrozenContact.__dataclass_fields__})


def _item(item: dict[str, Any]) -> FrozenItem:
    sent_at = datetime.fromisoformat(item["sent_at"])
    return FrozenItem(**item | {"release": UUID(item["release"]), "sent_at": sent_at})


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
