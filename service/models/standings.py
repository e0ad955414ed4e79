"""What is known against addresses: counted verdicts, bursts of them that a person judges, changes of standing."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Enum, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, Made


class BurstState(StrEnum):
    """What a person said of a burst. Text in the table."""

    HELD = "held"
    RELEASED = "released"
    DISMISSED = "dismissed"


STATE = Enum(BurstState, native_enum=False, length=20, values_callable=lambda states: [each.value for each in states])


class Burst(Base):
    """So many "dead" addresses of one provider in an hour that a person has to say whether it is true.

    `last_at` is when the last mail left whose verdict is in it: what left within an hour after belongs to it too.
    """

    __tablename__ = "burst"
    __table_args__ = (Index("ix_burst_provider", "provider", "last_at"),)

    id: Mapped[Id]
    provider: Mapped[str]
    state: Mapped[BurstState] = mapped_column(STATE, default=BurstState.HELD)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    since: Mapped[Made]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class Evidence(Base):
    """One verdict on an address; a day has one at most, the heaviest. The address is known by its fingerprint only.

    `at` is when the mail left that it is about, `day` that moment's day (UTC), `came_at` when it was heard of.
    `proven`: said in session, or by a bounce with our signed tag. A dead domain counts once it was looked up again
    (`looked_at`). The words are those of the event or the attempt.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("fingerprint", "sender_id", "day"),
        Index("ix_evidence_provider", "provider", "at"),
        Index("ix_evidence_burst_id", "burst_id", postgresql_where="burst_id IS NOT NULL"),
        Index("ix_evidence_unlooked", "came_at", postgresql_where="verdict = 'dead-domain' AND looked_at IS NULL"),
    )

    id: Mapped[Id]
    fingerprint: Mapped[bytes]
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("sender.id", ondelete="CASCADE"))
    day: Mapped[date]
    at: Mapped[datetime]
    came_at: Mapped[Made]
    verdict: Mapped[str]
    weight: Mapped[int] = mapped_column(SmallInteger)
    proven: Mapped[bool]
    reason: Mapped[str]
    domain: Mapped[str]
    provider: Mapped[str]
    # No foreign keys: evidence outlives what it was read from.
    delivery_id: Mapped[UUID | None]
    attempt: Mapped[int | None] = mapped_column(SmallInteger)
    event_id: Mapped[UUID | None]
    looked_at: Mapped[datetime | None]
    burst_id: Mapped[UUID | None] = mapped_column(ForeignKey("burst.id"))


class Became(StrEnum):
    """What became of an address by one change. Text in the table."""

    RESTING = "resting"
    SUPPRESSED = "suppressed"
    OPEN = "open"


BECAME = Enum(Became, native_enum=False, length=20, values_callable=lambda words: [each.value for each in words])


class StandingChange(Base):
    """An address was suppressed, put to rest or let go: when, why, on which evidence, by whom (nobody: the service).

    Rows are only added. Without a sender it was for all of them. What was open again at a moment has nothing against
    it from before.
    """

    __tablename__ = "standing_change"
    __table_args__ = (Index("ix_standing_change_fingerprint", "fingerprint", "id"),)

    id: Mapped[Id]
    fingerprint: Mapped[bytes]
    sender_id: Mapped[UUID | None] = mapped_column(ForeignKey("sender.id", ondelete="CASCADE"))
    at: Mapped[Made]
    became: Mapped[Became] = mapped_column(BECAME)
    reason: Mapped[str]
    evidence: Mapped[str]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class GivenUp(Base):
    """A delivery whose deadline passed: written where it is given up, taken away when it has been counted."""

    __tablename__ = "given_up"

    delivery_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[Made]


class Swept(Base):
    """Up to which moment the answers in session have been counted: one row."""

    __tablename__ = "swept"

    name: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]
