"""Parts of the stream that stand still until something is mended."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, Made, enum


class HoldScope(StrEnum):
    """What stands still."""

    PROVIDER = "provider"
    SENDER = "sender"
    RELAY = "relay"


class Hold(Base):
    """Nothing leaves to a provider, from a sender's domain or through a relay, until a time or until a person lifts it.

    `reason` in words for people, `evidence` the other side's own words. One is in force for each thing at a time.
    """

    __tablename__ = "hold"
    __table_args__ = (Index("uq_hold_in_force", "scope", "key", unique=True, postgresql_where="lifted_at IS NULL"),)

    id: Mapped[Id]
    scope: Mapped[HoldScope] = mapped_column(enum(HoldScope, "hold_scope"))
    key: Mapped[str]
    reason: Mapped[str]
    evidence: Mapped[str] = mapped_column(default="")
    since: Mapped[Made]
    until: Mapped[datetime | None]
    times: Mapped[int] = mapped_column(server_default="1")
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
