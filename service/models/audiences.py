"""What officers choose an audience by: lists they keep by hand, and segments, which are saved conditions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, Made


class PressList(Base):
    """People put together by hand. Being on it is no consent: who is mailed has subscribed."""

    __tablename__ = "press_list"
    __table_args__ = (
        UniqueConstraint("sender_id", "name"),
        CheckConstraint("length(name) BETWEEN 1 AND 100", name="name_length"),
    )

    id: Mapped[Id]
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("sender.id", ondelete="CASCADE"))
    name: Mapped[str]
    created_at: Mapped[Made]


class ListMember(Base):
    """One person on one list."""

    __tablename__ = "list_member"

    list_id: Mapped[UUID] = mapped_column(ForeignKey("press_list.id", ondelete="CASCADE"), primary_key=True)
    journalist_id: Mapped[UUID] = mapped_column(
        ForeignKey("journalist.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    added_at: Mapped[Made]


class Segment(Base):
    """Conditions under a name, as data; whom they hold for is asked anew each time."""

    __tablename__ = "segment"
    __table_args__ = (
        UniqueConstraint("sender_id", "name"),
        CheckConstraint("length(name) BETWEEN 1 AND 100", name="name_length"),
    )

    id: Mapped[Id]
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("sender.id", ondelete="CASCADE"))
    name: Mapped[str]
    conditions: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[Made]
    changed_at: Mapped[datetime | None]
