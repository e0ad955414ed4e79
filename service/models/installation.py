"""The installation: which database this is, so that one put back from a backup is known for what it is."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, true
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, Made


class Installation(Base):
    """One row at most, made by the first check and never by a migration: a copied template is nobody's yet.

    `fingerprint` is where the database lived at the last check, `beat` grows with each check while nothing is held;
    with `held_at` nothing leaves until a person has confirmed.
    """

    __tablename__ = "installation"
    __table_args__ = (
        CheckConstraint("single", name="there_is_one"),
        CheckConstraint("(held_at IS NULL) = (held_reason = '')", name="held_for_a_reason"),
    )

    id: Mapped[Id]
    single: Mapped[bool] = mapped_column(server_default=true(), unique=True)
    fingerprint: Mapped[str]
    beat: Mapped[int] = mapped_column(BigInteger, server_default="0")
    beat_at: Mapped[Made]
    held_at: Mapped[datetime | None]
    held_reason: Mapped[str] = mapped_column(server_default="")
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
