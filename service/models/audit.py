"""Who did what to which thing; append only."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, Made


class AuditEntry(Base):
    """One act. Without an account it was the service itself, for the reason in `detail`."""

    __tablename__ = "audit_entry"

    id: Mapped[Id]
    at: Mapped[Made]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    act: Mapped[str]
    release_id: Mapped[UUID | None] = mapped_column(ForeignKey("release.id"), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
