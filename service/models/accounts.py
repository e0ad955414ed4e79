"""People who work here, and what they may do for which sender."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.models.base import Base, Id, Made, enum


class Role(StrEnum):
    """What an account may do; a role is given for a sender, or for one topic of it."""

    WRITE = "write"
    APPROVE = "approve"
    SEND = "send"
    JOURNALISTS = "journalists"
    REPORTS = "reports"
    ADMINISTER = "administer"


class Account(Base):
    """A person who signs in. `fs_uniquifier` is Flask-Security's: changing it ends all sessions."""

    __tablename__ = "account"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    sign_in_seal: Mapped[bytes | None]
    sign_in_until: Mapped[datetime | None]
    created_at: Mapped[Made]

    rights: Mapped[list["Right"]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class Right(Base):
    """One role of one account for a sender; without a topic it holds for all of them."""

    __tablename__ = "account_right"
    __table_args__ = (
        UniqueConstraint("account_id", "sender_id", "role", "topic_id", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("sender.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(enum(Role, "role"))
    topic_id: Mapped[UUID | None] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"))
