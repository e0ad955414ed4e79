"""What came back: the stored message, and the events read out of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, Made


class Received(Base):
    """A message that inbound SMTP took: stored before its 250, sorted afterwards."""

    __tablename__ = "received"
    __table_args__ = (Index("ix_received_unsorted", "id", postgresql_where="sorted_at IS NULL"),)

    id: Mapped[Id]
    recipient: Mapped[str]
    message: Mapped[bytes]
    received_at: Mapped[Made]
    sorted_at: Mapped[datetime | None]
    verdict: Mapped[str] = mapped_column(default="")


class Event(Base):
    """One thing that happened to a delivery after it was sent. `source_id` makes a repeated report one event.

    `away_until`: when an out-of-office note says that the person is back, for whoever follows up.
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        Index("ix_event_at", "at", postgresql_using="brin"),
        Index("ix_event_received_id", "received_id"),
    )

    id: Mapped[Id]
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"), index=True)
    received_id: Mapped[UUID | None] = mapped_column(ForeignKey("received.id", ondelete="SET NULL"))
    source: Mapped[str]
    source_id: Mapped[str]
    kind: Mapped[str]
    verdict: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="")
    reply: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    permanent: Mapped[bool] = mapped_column(default=False)
    at: Mapped[Made]
    away_until: Mapped[datetime | None]
