"""Releases: what is written, what was approved, and when it goes to whom."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Enum, ForeignKey, SmallInteger, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.models.base import Base, Id, Made, enum
from service.models.senders import MediaContact


class ReleaseState(StrEnum):
    """Where a release stands; the database refuses any step that STEPS does not name."""

    DRAFT = "draft"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"


class Kind(StrEnum):
    """What it is, and so to whom it goes: its topics' readers, those a digest was made for, those who hold what a
    notice is about, those who did not answer what a follow-up asks after."""

    RELEASE = "release"
    DIGEST = "digest"
    NOTICE = "notice"
    FOLLOW_UP = "follow-up"


class Lane(StrEnum):
    """How urgent a release is: a notice (a correction, a hold, a kill) overtakes what is only news."""

    RELEASE = "release"
    NOTICE = "notice"


STEPS: dict[ReleaseState, frozenset[ReleaseState]] = {
    ReleaseState.DRAFT: frozenset({ReleaseState.APPROVED, ReleaseState.CANCELLED}),
    ReleaseState.APPROVED: frozenset({ReleaseState.DRAFT, ReleaseState.SCHEDULED, ReleaseState.CANCELLED}),
    # Back to draft: an edit voids the approval, and with it the schedule.
    ReleaseState.SCHEDULED: frozenset(
        {ReleaseState.DRAFT, ReleaseState.APPROVED, ReleaseState.SENDING, ReleaseState.PAUSED, ReleaseState.CANCELLED}
    ),
    ReleaseState.SENDING: frozenset({ReleaseState.PAUSED, ReleaseState.SENT, ReleaseState.CANCELLED}),
    ReleaseState.PAUSED: frozenset({ReleaseState.SCHEDULED, ReleaseState.SENDING, ReleaseState.CANCELLED}),
    # Retrying the failed, or sending again what was uncertain, opens a finished release once more.
    ReleaseState.SENT: frozenset({ReleaseState.SENDING}),
    ReleaseState.CANCELLED: frozenset(),
}


class Release(Base):
    """A press release. Its bytes are those of the approved revision, never of the editions being written.

    `audience` narrows down whom of its topics' subscribers it is for (service/audiences); empty: all of them.
    `deadline_hours` and `max_late_minutes` are chosen when it is scheduled; empty, the settings of those names hold.
    """

    __tablename__ = "release"
    __table_args__ = (
        CheckConstraint("embargo IS NULL OR send_at IS NULL OR send_at >= embargo", name="not_before_its_embargo"),
        CheckConstraint(
            "revision_id IS NOT NULL OR state IN ('draft', 'cancelled')", name="only_an_approved_revision_leaves"
        ),
        CheckConstraint("send_at IS NOT NULL OR state IN ('draft', 'approved', 'cancelled')", name="a_time_to_leave"),
        CheckConstraint("written_by IS NOT NULL OR kind = 'digest'", name="somebody_wrote_it"),
        CheckConstraint("deadline_hours BETWEEN 1 AND 240", name="deadline_hours_in_bounds"),
        CheckConstraint("max_late_minutes BETWEEN 1 AND 10080", name="max_late_minutes_in_bounds"),
    )

    id: Mapped[Id]
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("sender.id"), index=True)
    state: Mapped[ReleaseState] = mapped_column(
        enum(ReleaseState, "release_state"), default=ReleaseState.DRAFT, index=True
    )
    kind: Mapped[Kind] = mapped_column(
        enum(Kind, "release_kind"), default=Kind.RELEASE, server_default=Kind.RELEASE.value
    )
    lane: Mapped[Lane] = mapped_column(enum(Lane, "lane"), default=Lane.RELEASE, server_default=Lane.RELEASE.value)
    embargo: Mapped[datetime | None]
    zone: Mapped[str] = mapped_column(default="UTC")
    send_at: Mapped[datetime | None]
    deadline_hours: Mapped[int | None] = mapped_column(SmallInteger)
    max_late_minutes: Mapped[int | None] = mapped_column(SmallInteger)
    revision_id: Mapped[UUID | None] = mapped_column(ForeignKey("revision.id", use_alter=True))
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(default="")
    audience: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    created_at: Mapped[Made]
    finished_at: Mapped[datetime | None]

    editions: Mapped[list["Edition"]] = relationship(order_by="Edition.position", cascade="all, delete-orphan")
    topics: Mapped[list["ReleaseTopic"]] = relationship(cascade="all, delete-orphan")
    contacts: Mapped[list["ReleaseContact"]] = relationship(
        order_by="ReleaseContact.position", cascade="all, delete-orphan"
    )


class Edition(Base):
    """The release in one language; the first one serves readers of a language it does not have.

    `version` counts its changes: who saves names the one she began with.
    """

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("release_id", "language"),
        # RFC 2047 words and control characters in a headline have turned into header lines elsewhere.
        CheckConstraint(r"headline !~ '[\x01-\x1f\x7f-\x9f\u2028\u2029]'", name="headline_is_one_line"),
        CheckConstraint("length(headline) BETWEEN 1 AND 255", name="headline_length"),
    )

    id: Mapped[Id]
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    language: Mapped[str]
    headline: Mapped[str]
    subhead: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    dated: Mapped[date | None]
    dateline: Mapped[str] = mapped_column(default="")
    lead: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    boilerplate: Mapped[str] = mapped_column(default="")
    notes: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class ReleaseTopic(Base):
    """A topic whose subscribers a release is for."""

    __tablename__ = "release_topic"

    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topic.id"), primary_key=True)


class ReleaseContact(Base):
    """A media contact named under a release."""

    __tablename__ = "release_contact"

    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"), primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("media_contact.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, default=0)

    contact: Mapped[MediaContact] = relationship(lazy="joined")


class Revision(Base):
    """An immutable copy of editions, contacts, audience and embargo; `digest` is SHA-256 over its canonical JSON."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("release_id", "number"), UniqueConstraint("id", "written_by"))

    id: Mapped[Id]
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[bytes]
    topic_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[Made]


class Decision(StrEnum):
    """What was asked of an approver, and what she said."""

    REQUESTED = "requested"
    APPROVED = "approved"
    SENT_BACK = "sent-back"
    VOIDED = "voided"


class Approval(Base):
    """One word about one revision: approval was asked for, given, refused, or is void.

    Nobody approves their own: the constraint sees both names. In an `emergency` somebody without the right did it.
    """

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint("decision <> 'approved' OR decided_by <> written_by", name="nobody_approves_their_own"),
    )

    id: Mapped[Id]
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"), index=True)
    written_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    decision: Mapped[Decision] = mapped_column(enum(Decision, "decision"))
    note: Mapped[str] = mapped_column(default="")
    emergency: Mapped[bool] = mapped_column(default=False, server_default="false")
    created_at: Mapped[Made]


class Trial(StrEnum):
    """What a link answered when it was tried. Text in the table, so that a new answer needs no migration."""

    ALIVE = "alive"
    DEAD = "dead"
    UNSURE = "unsure"
    PRIVATE = "private"


class TriedLink(Base):
    """A link of a release and what it answered when somebody last asked for it to be tried."""

    __tablename__ = "tried_link"

    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"), primary_key=True)
    url: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[Trial] = mapped_column(
        Enum(Trial, native_enum=False, length=20, values_callable=lambda kinds: [kind.value for kind in kinds])
    )
    code: Mapped[int | None] = mapped_column(SmallInteger)
    tried_at: Mapped[Made]
