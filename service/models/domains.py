"""What belongs to a domain mail is sent from: the keys it signs with, and the plan by which it is warmed up."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, Made, enum


class Algorithm(StrEnum):
    """What a DKIM key is (RFC 6376, RFC 8463)."""

    RSA = "rsa-2048"
    ED25519 = "ed25519"


class KeyState(StrEnum):
    """Where a DKIM key stands; the database refuses any step that KEY_STEPS does not name."""

    WAITING = "waiting"
    SIGNING = "signing"
    RETIRED = "retired"
    GONE = "gone"


KEY_STEPS = {
    KeyState.WAITING: {KeyState.SIGNING, KeyState.GONE},
    KeyState.SIGNING: {KeyState.RETIRED},
    KeyState.RETIRED: {KeyState.GONE},
    KeyState.GONE: set(),
}


class DkimKey(Base):
    """A key pair of a From domain. The private half is sealed, and there only while it can still come to sign."""

    __tablename__ = "dkim_key"
    __table_args__ = (
        UniqueConstraint("domain", "selector"),
        Index(
            "ix_dkim_key_one_at_work",
            "domain",
            "algorithm",
            "state",
            unique=True,
            postgresql_where="state IN ('waiting', 'signing')",
        ),
        CheckConstraint("(private IS NOT NULL) = (state IN ('waiting', 'signing'))", name="private_while_at_work"),
        CheckConstraint("domain = lower(domain) AND selector = lower(selector)", name="lower_case"),
    )

    id: Mapped[Id]
    domain: Mapped[str]
    selector: Mapped[str]
    algorithm: Mapped[Algorithm] = mapped_column(enum(Algorithm, "dkim_algorithm"))
    public: Mapped[str]
    private: Mapped[bytes | None]
    state: Mapped[KeyState] = mapped_column(enum(KeyState, "dkim_key_state"), default=KeyState.WAITING)
    made_at: Mapped[Made]
    signing_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]

    def __repr__(self) -> str:
        return f"<DkimKey {self.selector}._domainkey.{self.domain} {self.state}>"


class Warmup(Base):
    """How many mails of a domain may leave on each day since it began, until it needs no plan."""

    __tablename__ = "warmup"
    __table_args__ = (
        CheckConstraint("start >= 1 AND growth > 1 AND until >= start", name="grows"),
        CheckConstraint("domain = lower(domain)", name="lower_case"),
    )

    domain: Mapped[str] = mapped_column(primary_key=True)
    began_on: Mapped[date]
    start: Mapped[int]
    growth: Mapped[Decimal] = mapped_column(Numeric(4, 2))
    until: Mapped[int]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[Made]
