"""A file of journalists on its way in: what was read of it, what was decided about it, and its rows."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Enum, ForeignKey, Index, SmallInteger, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, Made


class ImportState(StrEnum):
    """How far a file has come; text in the table."""

    READ = "read"
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"


class Verdict(StrEnum):
    """What becomes of a row, or has become of it; AWAY is known, said no once, and stays away."""

    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"
    AWAY = "away"
    SUPPRESSED = "suppressed"
    REPEATED = "repeated"
    INVALID = "invalid"


STATE = Enum(ImportState, native_enum=False, length=20, values_callable=lambda states: [each.value for each in states])
VERDICT = Enum(Verdict, native_enum=False, length=20, values_callable=lambda found: [each.value for each in found])


class ImportFile(Base):
    """One file. `data` is kept until its rows are; `cursor` is the last row that the present state has done with.

    `mapping` says which column of the file (from 0) has what. `numbers` are the rows by verdict when all was done.
    """

    __tablename__ = "import_file"
    __table_args__ = (
        Index("ix_import_file_sender_id", "sender_id", "id"),
        Index("ix_import_file_working", "id", postgresql_where="state IN ('checking', 'importing')"),
    )

    id: Mapped[Id]
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("sender.id", ondelete="CASCADE"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str]
    digest: Mapped[str]
    data: Mapped[bytes | None] = mapped_column(deferred=True)
    preview: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    mapping: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)
    topic_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    legal_basis: Mapped[str] = mapped_column(default="")
    updates: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ImportState] = mapped_column(STATE, default=ImportState.READ)
    fault: Mapped[str] = mapped_column(default="")
    rows: Mapped[int]
    cursor: Mapped[int] = mapped_column(default=0)
    numbers: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)
    created_at: Mapped[Made]
    changed_at: Mapped[Made]
    finished_at: Mapped[datetime | None]


class ImportRow(Base):
    """One row as it is written in the file. Its cells and address are forgotten when they are of no use any more."""

    __tablename__ = "import_row"
    __table_args__ = (
        Index("ix_import_row_canonical", "import_id", "canonical"),
        Index("ix_import_row_journalist_id", "journalist_id", postgresql_where="journalist_id IS NOT NULL"),
    )

    import_id: Mapped[UUID] = mapped_column(ForeignKey("import_file.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    cells: Mapped[list[str]] = mapped_column(JSONB)
    canonical: Mapped[str | None]
    verdict: Mapped[Verdict | None] = mapped_column(VERDICT)
    subscriptions: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    column: Mapped[str] = mapped_column(default="", server_default="")
    remark: Mapped[str] = mapped_column(default="", server_default="")
    journalist_id: Mapped[UUID | None]
