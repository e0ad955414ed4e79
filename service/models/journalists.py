"""Journalists, where they work, what they asked for, and the addresses that must not be mailed."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, Text, UniqueConstraint, false, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, Made, enum


class Topic(Base):
    """What journalists subscribe to. `names` holds its name by language; `media_topic` the IPTC id.

    One that is closed is offered to nobody any more; its subscribers and its releases stay.
    """

    __tablename__ = "topic"
    __table_args__ = (UniqueConstraint("sender_id", "slug"),)

    id: Mapped[Id]
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("sender.id", ondelete="CASCADE"))
    slug: Mapped[str]
    name: Mapped[str]
    names: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    media_topic: Mapped[str] = mapped_column(default="")
    public: Mapped[bool] = mapped_column(default=True)
    closed_at: Mapped[datetime | None]


class Outlet(Base):
    """A newspaper, agency, station or site."""

    __tablename__ = "outlet"
    __table_args__ = (UniqueConstraint("sender_id", "name"),)

    id: Mapped[Id]
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("sender.id", ondelete="CASCADE"))
    name: Mapped[str]
    country: Mapped[str] = mapped_column(default="")


class Frequency(StrEnum):
    """How often a person is written to; a notice (a correction, a hold, a kill) comes at once whatever they chose."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"


WORDS = "to_tsvector('simple'::regconfig, translate((name || ' '::text) || address, '@._-+'::text, '     '::text))"
"""The words somebody is searched by: of the name, and of the address apart; no language's endings are cut."""


class Journalist(Base):
    """A person of the press. One canonical address is one person; the fingerprint outlives erasure elsewhere.

    A release that is not in `language` comes in the first of `also_reads` that it has. `digest_due_at` is when their
    next digest is made; empty, they are owed none. `tracking_agreed` while a consent of theirs is in force.
    `merged_into`: the same person, who is mailed at that entry's address; this one stays, as deliveries, bounces and
    answers are its own.
    """

    __tablename__ = "journalist"
    __table_args__ = (
        UniqueConstraint("sender_id", "address_canonical"),
        # The last line of defence against header and envelope injection; the door says it kindly first.
        CheckConstraint(r"name !~ '[\x01-\x1f\x7f]' AND address !~ '[\x01-\x20\x7f<>]'", name="no_control_characters"),
        CheckConstraint("length(name) <= 200 AND length(address) <= 320", name="lengths"),
        Index("ix_journalist_fingerprint", "fingerprint"),
        Index("ix_journalist_digest_due_at", "digest_due_at", postgresql_where="digest_due_at IS NOT NULL"),
        Index("ix_journalist_name", "sender_id", "name", "id"),
        Index("ix_journalist_language", "sender_id", "language"),
        Index("ix_journalist_country", "sender_id", "country"),
        Index("ix_journalist_words", text(WORDS), postgresql_using="gin"),
        Index("ix_journalist_merged_into", "merged_into", postgresql_where="merged_into IS NOT NULL"),
    )

    id: Mapped[Id]
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("sender.id", ondelete="CASCADE"))
    address: Mapped[str]
    address_canonical: Mapped[str]
    fingerprint: Mapped[bytes]
    name: Mapped[str] = mapped_column(default="")
    outlet_id: Mapped[UUID | None] = mapped_column(ForeignKey("outlet.id", ondelete="SET NULL"), index=True)
    beat: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    zone: Mapped[str] = mapped_column(default="UTC")
    tier: Mapped[int] = mapped_column(SmallInteger, default=2)
    frequency: Mapped[Frequency] = mapped_column(
        enum(Frequency, "frequency"), default=Frequency.AT_ONCE, server_default=Frequency.AT_ONCE.value
    )
    also_reads: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    paused_until: Mapped[datetime | None]
    digest_due_at: Mapped[datetime | None]
    do_not_contact: Mapped[bool] = mapped_column(default=False)
    tracking_agreed: Mapped[bool] = mapped_column(default=False, server_default=false())
    erased_at: Mapped[datetime | None]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("journalist.id", ondelete="SET NULL"))
    created_at: Mapped[Made]


class SubscriptionState(StrEnum):
    """Where a subscription stands; only a confirmed one is mailed."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    ENDED = "ended"


class Subscription(Base):
    """One journalist to one topic, with the proof of consent: how, when, and the words shown."""

    __tablename__ = "subscription"

    journalist_id: Mapped[UUID] = mapped_column(ForeignKey("journalist.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True, index=True)
    state: Mapped[SubscriptionState] = mapped_column(enum(SubscriptionState, "subscription_state"))
    proof: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    since: Mapped[Made]
    ended_at: Mapped[datetime | None]


class SuppressionReason(StrEnum):
    """Why an address must not be mailed."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    ERASED = "erased"
    UNSUBSCRIBED = "unsubscribed"
    BY_HAND = "by-hand"
    RESTING = "resting"


class Suppression(Base):
    """An address that must not be mailed, known by its fingerprint only; without a sender it holds for all.

    One at rest is mailed again after `until`, or when a person says so where that is empty.
    """

    __tablename__ = "suppression"
    __table_args__ = (
        UniqueConstraint("fingerprint", "sender_id", postgresql_nulls_not_distinct=True),
        Index("ix_suppression_created_at", "created_at", "id"),
    )

    id: Mapped[Id]
    fingerprint: Mapped[bytes]
    sender_id: Mapped[UUID | None] = mapped_column(ForeignKey("sender.id", ondelete="CASCADE"))
    reason: Mapped[SuppressionReason] = mapped_column(enum(SuppressionReason, "suppression_reason"))
    evidence: Mapped[str] = mapped_column(default="")
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[Made]
    until: Mapped[datetime | None]
