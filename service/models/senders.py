"""The newsroom identity a release is sent by, and the people the press can call."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, Made


class Sender(Base):
    """A newsroom: From, Reply-To, brand and postal address; also the boundary of everybody's rights.

    Nobody gets more than `cap_mails` of its releases within `cap_days`, notices and digests apart; empty: no limit.
    """

    __tablename__ = "sender"
    __table_args__ = (
        CheckConstraint("(cap_mails IS NULL) = (cap_days IS NULL)", name="cap_is_whole"),
        CheckConstraint("cap_mails BETWEEN 1 AND 100 AND cap_days BETWEEN 1 AND 90", name="cap_in_bounds"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    address: Mapped[str]
    reply_to: Mapped[str]
    postal_address: Mapped[str]
    cap_mails: Mapped[int | None] = mapped_column(SmallInteger)
    cap_days: Mapped[int | None] = mapped_column(SmallInteger)
    created_at: Mapped[Made]


class MediaContact(Base):
    """A person whom journalists can call about a release."""

    __tablename__ = "media_contact"

    id: Mapped[Id]
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("sender.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="")
    organisation: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
