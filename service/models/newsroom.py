"""The newsroom: what of a release the world may see, its press kit, what was said about it later, and who may read it
before its embargo ends."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, Made, enum

# PostgreSQL stems Russian and English; for Kazakh and all others words are compared as they stand.
_CONFIGURATION = """CASE split_part(language, '-', 1)
    WHEN 'ru' THEN 'russian'::regconfig WHEN 'en' THEN 'english'::regconfig ELSE 'simple'::regconfig END"""
DOCUMENT = (
    f"setweight(to_tsvector({_CONFIGURATION}, headline), 'A') || setweight(to_tsvector({_CONFIGURATION}, words), 'B')"
)


class Publication(Base):
    """A release's place in the newsroom, made when it is approved.

    The database itself keeps `opens_at` beside the release's state and time: empty before it is scheduled, while it is
    paused before its time, and when it was stopped before it. What is stopped after it opened is withdrawn.
    """

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("sender_id", "slug"),
        Index("ix_publication_newest", "sender_id", "opens_at", "release_id"),
        Index("ix_publication_opens_at", "opens_at"),
        Index("ix_publication_withdrawn", "sender_id", postgresql_where="withdrawn_at IS NOT NULL"),
    )

    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"), primary_key=True)
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("sender.id"))
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"))
    slug: Mapped[str]
    shown: Mapped[bool] = mapped_column(default=True)
    topic_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    opens_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")


class PublishedEdition(Base):
    """One language of a publication, as lists show it and as search finds it."""

    __tablename__ = "published_edition"
    __table_args__ = (Index("ix_published_edition_document", "document", postgresql_using="gin"),)

    release_id: Mapped[UUID] = mapped_column(ForeignKey("publication.release_id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    headline: Mapped[str]
    summary: Mapped[str]
    words: Mapped[str] = mapped_column(deferred=True)
    document: Mapped[str] = mapped_column(TSVECTOR, Computed(DOCUMENT, persisted=True), deferred=True)


class NewsroomChanges(Base):
    """How often something that anybody can see of a newsroom was changed by somebody: the database itself counts.

    What opens by its hour is no change of any row: it is not counted here.
    """

    __tablename__ = "newsroom_changes"

    sender_id: Mapped[UUID] = mapped_column(ForeignKey("sender.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)


class NoticeKind(StrEnum):
    """What a notice says of an earlier release."""

    UPDATE = "update"
    CORRECTION = "correction"
    HOLD = "hold"
    KILL = "kill"


class Notice(Base):
    """A release that is about an earlier one; it says so from the moment it opens itself."""

    __tablename__ = "notice"
    __table_args__ = (CheckConstraint("release_id <> about_id", name="not_about_itself"),)

    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"), primary_key=True)
    about_id: Mapped[UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"), index=True)
    kind: Mapped[NoticeKind] = mapped_column(enum(NoticeKind, "notice_kind"))


class Attachment(Base):
    """A file of a release's press kit. Its `key` stands in its address: 128 bits that nobody guesses."""

    __tablename__ = "attachment"

    id: Mapped[Id]
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    type: Mapped[str]
    size: Mapped[int]
    caption: Mapped[str] = mapped_column(default="")
    credit: Mapped[str] = mapped_column(default="")
    alt: Mapped[str] = mapped_column(default="")
    rights: Mapped[str] = mapped_column(default="", server_default="")
    width: Mapped[int | None]
    height: Mapped[int | None]
    content: Mapped[bytes] = mapped_column(deferred=True)
    preview: Mapped[bytes | None] = mapped_column(deferred=True)


class Download(Base):
    """How often something of a release was taken on a day: a number, and nothing of whoever took it."""

    __tablename__ = "download"

    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"), primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    times: Mapped[int]


class Accreditation(Base):
    """A journalist who may read a release before its embargo ends, once she has accepted the embargo."""

    __tablename__ = "accreditation"
    __table_args__ = (UniqueConstraint("release_id", "journalist_id"),)

    id: Mapped[Id]
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"))
    journalist_id: Mapped[UUID] = mapped_column(ForeignKey("journalist.id", ondelete="CASCADE"), index=True)
    granted_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    granted_at: Mapped[Made]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Reading(Base):
    """One opening of an embargoed release by one who may, and which approved text she saw."""

    __tablename__ = "reading"

    id: Mapped[Id]
    accreditation_id: Mapped[UUID] = mapped_column(ForeignKey("accreditation.id", ondelete="CASCADE"), index=True)
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"))
    at: Mapped[Made]


class Announced(StrEnum):
    """What programs of others are told of."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Announcement(Base):
    """One thing to be told to one address, and how far that is."""

    __tablename__ = "announcement"
    __table_args__ = (
        UniqueConstraint("release_id", "event", "target"),
        ForeignKeyConstraint(["release_id"], ["publication.release_id"], ondelete="CASCADE"),
        Index("ix_announcement_due", "due_at", postgresql_where="due_at IS NOT NULL"),
    )

    id: Mapped[Id]
    release_id: Mapped[UUID]
    event: Mapped[Announced] = mapped_column(enum(Announced, "announced"))
    target: Mapped[str]
    due_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    done_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
