"""What officers know of a journalist: notes, why somebody is not to be contacted, who was taken for one person."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Enum, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, Made


class NoteKind(StrEnum):
    """What a line about a person says. Text in the table, so that a new kind needs no migration."""

    NOTE = "note"
    KEPT_AWAY = "kept-away"
    LET_BACK = "let-back"
    MERGED = "merged"
    PARTED = "parted"


KIND = Enum(NoteKind, native_enum=False, length=40, values_callable=lambda kinds: [kind.value for kind in kinds])


class JournalistNote(Base):
    """A line that somebody wrote about a person, or the reason of what they did."""

    __tablename__ = "journalist_note"

    id: Mapped[Id]
    journalist_id: Mapped[UUID] = mapped_column(ForeignKey("journalist.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[NoteKind] = mapped_column(KIND)
    words: Mapped[str] = mapped_column(default="")
    created_at: Mapped[Made]


class JournalistMerge(Base):
    """Two entries taken for one person. `before` is what undoing puts back: subscriptions, and no address."""

    __tablename__ = "journalist_merge"

    id: Mapped[Id]
    kept_id: Mapped[UUID] = mapped_column(ForeignKey("journalist.id", ondelete="CASCADE"), index=True)
    gone_id: Mapped[UUID] = mapped_column(ForeignKey("journalist.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    before: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    created_at: Mapped[Made]
    undone_at: Mapped[datetime | None]
