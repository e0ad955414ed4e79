"""Tracking by consent: who agreed to it, which links lead through us, and what was opened or followed."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, Made, enum


class TrackingConsent(Base):
    """One person's yes, with its proof (how, when, the words shown), and when they took it back."""

    __tablename__ = "tracking_consent"
    __table_args__ = (
        Index("uq_tracking_consent_in_force", "journalist_id", unique=True, postgresql_where="withdrawn_at IS NULL"),
    )

    id: Mapped[Id]
    journalist_id: Mapped[UUID] = mapped_column(ForeignKey("journalist.id", ondelete="CASCADE"), index=True)
    proof: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    given_at: Mapped[Made]
    withdrawn_at: Mapped[datetime | None]


class TrackedLink(Base):
    """A link of a release's mail that leads through us; nothing that is not here is ever redirected to."""

    __tablename__ = "tracked_link"

    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[bytes] = mapped_column(primary_key=True)
    url: Mapped[str]


class Visitor(StrEnum):
    """Who came, as far as it can be told: a person, a mailbox's own machine, or one that looks at mail on its way."""

    PERSON = "person"
    MACHINE = "machine"
    SCANNER = "scanner"


class Visit(Base):
    """What was done with one mail by one kind of visitor: `link` is the key of a link, or empty for the picture.

    Neither address nor program of whoever came is kept.
    """

    __tablename__ = "visit"

    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True)
    link: Mapped[bytes] = mapped_column(primary_key=True)
    visitor: Mapped[Visitor] = mapped_column(enum(Visitor, "visitor"), primary_key=True)
    times: Mapped[int] = mapped_column(default=1, server_default="1")
    first_at: Mapped[Made]
    last_at: Mapped[Made]
