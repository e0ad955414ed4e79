"""What came back: the stored message, and the events read out of it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Enum, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, Made


class Way(StrEnum):
    """How it came in. Text in the table, so that a new way needs no migration."""

    SMTP = "smtp"
    LMTP = "lmtp"
    MAILBOX = "mailbox"
    PIPE = "pipe"
    SES = "ses"
    POSTMARK = "postmark"
    MAILGUN = "mailgun"
    SENDGRID = "sendgrid"


WAY = Enum(Way, native_enum=False, length=40, values_callable=lambda ways: [way.value for way in ways])


class Received(Base):
    """A message, or a provider's webhook, that was taken: stored before it is answered, sorted afterwards.

    `envelope_from` is None where no envelope is known, "" for the null return path. `key` makes what comes twice by one
    way one row. `unmatched`: it is about no delivery that could be found, and waits for a person, who may assign it to
    one or set it aside.
    """

    __tablename__ = "received"
    __table_args__ = (
        UniqueConstraint("way", "key"),
        Index("ix_received_unsorted", "id", postgresql_where="sorted_at IS NULL"),
        Index("ix_received_unmatched", "id", postgresql_where="unmatched"),
        Index("ix_received_assigned_id", "assigned_id", postgresql_where="assigned_id IS NOT NULL"),
    )

    id: Mapped[Id]
    way: Mapped[Way] = mapped_column(WAY, default=Way.SMTP, server_default=Way.SMTP.value)
    key: Mapped[str | None]
    recipient: Mapped[str]
    envelope_from: Mapped[str | None]
    message: Mapped[bytes]
    received_at: Mapped[Made]
    sorted_at: Mapped[datetime | None]
    verdict: Mapped[str] = mapped_column(default="")
    unmatched: Mapped[bool] = mapped_column(default=False, server_default=false())
    assigned_id: Mapped[UUID | None] = mapped_column(ForeignKey("delivery.id", ondelete="SET NULL"))
    aside_at: Mapped[datetime | None]


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
