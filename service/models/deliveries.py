"""The ledger: one row for each person of a release, every try at it, and the chunks it is worked in."""

from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, enum


class DeliveryState(StrEnum):
    """Where one person's mail stands; the database refuses any step that STEPS does not name."""

    EXCLUDED = "excluded"
    QUEUED = "queued"
    ATTEMPTING = "attempting"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


S = DeliveryState
STEPS: dict[DeliveryState, frozenset[DeliveryState]] = {
    S.QUEUED: frozenset({S.ATTEMPTING, S.EXCLUDED, S.CANCELLED, S.FAILED}),
    S.DEFERRED: frozenset({S.ATTEMPTING, S.QUEUED, S.EXCLUDED, S.CANCELLED, S.FAILED}),
    S.ATTEMPTING: frozenset({S.ACCEPTED, S.DEFERRED, S.FAILED, S.UNCERTAIN}),
    # Settled by evidence, by policy or by a person; to queued only once more, with the same Message-ID.
    S.UNCERTAIN: frozenset({S.ACCEPTED, S.DEFERRED, S.FAILED, S.QUEUED}),
    # A person asks for the failed to be tried again.
    S.FAILED: frozenset({S.QUEUED}),
    S.ACCEPTED: frozenset({S.BOUNCED, S.COMPLAINED}),
    S.EXCLUDED: frozenset(),
    S.CANCELLED: frozenset(),
    S.BOUNCED: frozenset({S.COMPLAINED}),
    S.COMPLAINED: frozenset(),
}
OPEN = frozenset({S.QUEUED, S.DEFERRED, S.ATTEMPTING})
"""States in which the service itself still has something to do."""


class Exclusion(StrEnum):
    """Why a candidate gets nothing."""

    UNSUBSCRIBED = "unsubscribed"
    UNCONFIRMED = "unconfirmed"
    SUPPRESSED = "suppressed"
    RESTING = "resting"
    DO_NOT_CONTACT = "do-not-contact"
    ERASED = "erased"
    PAUSED = "paused"
    DIGEST = "digest"
    NOT_SUBSCRIBED = "not-subscribed"
    FREQUENCY_CAP = "frequency-cap"


class Wave(Base):
    """One stage of a release's audience with its own time; `candidates` is what was counted when it was planned.

    `stage` says which stage of the revision's audience it is; none: everybody who is not in another wave. Without
    `not_before` it waits for a person to start it. `after_minutes` is its distance from the first wave, where it has
    one. Its mails become due little by little within `spread_minutes`, or by each reader's own clock at `local_time`;
    otherwise all at once.
    """

    __tablename__ = "wave"
    __table_args__ = (
        UniqueConstraint("release_id", "number"),
        UniqueConstraint("release_id", "id"),
        CheckConstraint("spread_minutes BETWEEN 0 AND 1440", name="spread_minutes_in_bounds"),
        CheckConstraint("not_before IS NOT NULL OR planned_at IS NULL", name="planned_at_its_time"),
    )

    id: Mapped[Id]
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(SmallInteger, default=1)
    name: Mapped[str] = mapped_column(default="all")
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"))
    stage: Mapped[int | None] = mapped_column(SmallInteger)
    not_before: Mapped[datetime | None]
    after_minutes: Mapped[int | None]
    local_time: Mapped[time | None]
    spread_minutes: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    planned_at: Mapped[datetime | None]
    candidates: Mapped[int | None]


class Chunk(Base):
    """A range of a wave's deliveries that one worker at a time works on; due_at is empty when nothing is left to do.

    Who works on it holds a PostgreSQL advisory lock on its id: a dead worker's lock is free at once, a frozen one's
    is not. `epoch` counts the takings, so that a worker that lost its session is refused when it comes back; `crashes`
    those after which nobody came back and nothing had left, in a row. `failed`, of those `answered` for good, is
    counted each time it is given back.
    """

    __tablename__ = "chunk"
    __table_args__ = (Index("ix_chunk_due_at", "due_at", postgresql_where="due_at IS NOT NULL"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    wave_id: Mapped[UUID] = mapped_column(ForeignKey("wave.id", ondelete="CASCADE"), index=True)
    first_id: Mapped[UUID]
    last_id: Mapped[UUID]
    due_at: Mapped[datetime | None]
    rung_at: Mapped[datetime | None]
    epoch: Mapped[int] = mapped_column(server_default="0")
    crashes: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    failed: Mapped[int] = mapped_column(server_default="0")
    answered: Mapped[int] = mapped_column(server_default="0")


class Delivery(Base):
    """One release to one person. From `retried_at`, when a person last asked for a new try, its deadline counts anew.

    No index mentions a column that changes while it is sent, so PostgreSQL updates these rows in place (HOT).
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("release_id", "journalist_id"),
        ForeignKeyConstraint(["release_id", "wave_id"], ["wave.release_id", "wave.id"], ondelete="CASCADE"),
        CheckConstraint("(state = 'excluded') = (exclusion IS NOT NULL)", name="excluded_for_a_reason"),
        CheckConstraint("(state = 'deferred') <= (due_at IS NOT NULL)", name="deferred_until"),
        {"postgresql_with": {"fillfactor": 60}},
    )

    id: Mapped[Id]
    release_id: Mapped[UUID]
    wave_id: Mapped[UUID]
    journalist_id: Mapped[UUID] = mapped_column(ForeignKey("journalist.id"), index=True)
    topic_id: Mapped[UUID | None]
    language: Mapped[str]
    state: Mapped[DeliveryState] = mapped_column(enum(DeliveryState, "delivery_state"))
    exclusion: Mapped[Exclusion | None] = mapped_column(enum(Exclusion, "exclusion"))
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    attempted_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    retried_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    maybe_twice: Mapped[bool] = mapped_column(server_default=false())
    crashes: Mapped[int] = mapped_column(SmallInteger, server_default="0")


class AttemptOutcome(StrEnum):
    """How one try ended."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"


class Attempt(Base):
    """One try at a delivery, with the relay's own words.

    No foreign key: its check would lock the delivery's row once more for each message.
    """

    __tablename__ = "attempt"
    # Written in the order of time: a few pages of BRIN find the last hour's among a hundred million.
    # Summarised as it grows: the tick reads the last seconds, and would read all since the last vacuum otherwise.
    # The second by what an HTTP API called the mail it took (workers/relays/verdicts.py).
    __table_args__ = (
        Index("ix_attempt_ended_at", "ended_at", postgresql_using="brin", postgresql_with={"autosummarize": "on"}),
        Index("ix_attempt_provider_id", "reply", postgresql_using="hash", postgresql_where="reply LIKE 'HTTP 20_: %'"),
    )

    delivery_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    relay: Mapped[str]
    outcome: Mapped[AttemptOutcome] = mapped_column(enum(AttemptOutcome, "attempt_outcome"))
    stage: Mapped[str]
    code: Mapped[int | None] = mapped_column(SmallInteger)
    enhanced: Mapped[str]
    reply: Mapped[str]
