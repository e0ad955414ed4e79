"""What somebody asked for on a public page and has not confirmed yet; forgotten when the link in their mail is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, Made, enum
from service.models.journalists import Frequency


class Signup(Base):
    """A subscription asked for. `consent` is what the page showed: its words, their version and language."""

    __tablename__ = "signup"

    id: Mapped[Id]
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("sender.id", ondelete="CASCADE"))
    address: Mapped[str]
    fingerprint: Mapped[bytes] = mapped_column(index=True)
    name: Mapped[str]
    outlet: Mapped[str]
    topics: Mapped[list[str]] = mapped_column(ARRAY(Text))
    language: Mapped[str]
    also_reads: Mapped[list[str]] = mapped_column(ARRAY(Text))
    frequency: Mapped[Frequency] = mapped_column(enum(Frequency, "frequency"))
    zone: Mapped[str]
    consent: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[Made]


class AddressChange(Base):
    """A new address for a journalist: it holds once both mailboxes have said so."""

    __tablename__ = "address_change"

    id: Mapped[Id]
    journalist_id: Mapped[UUID] = mapped_column(ForeignKey("journalist.id", ondelete="CASCADE"), index=True)
    address: Mapped[str]
    fingerprint: Mapped[bytes] = mapped_column(index=True)
    old_fingerprint: Mapped[bytes]
    old_said_at: Mapped[datetime | None]
    new_said_at: Mapped[datetime | None]
    created_at: Mapped[Made]
