"""Account mail: single mails to one person that are no release, and how far each has come."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, SmallInteger, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, Made, enum


class AccountMailKind(StrEnum):
    """What it is about. Text in the table, so that a new kind needs no migration."""

    INVITATION = "invitation"
    SIGN_IN = "sign-in"
    ALARM = "alarm"
    HELD = "held"
    FEEDBACK = "feedback"
    REPLY = "reply"
    CONFIRM = "confirm"
    SUBSCRIBED = "subscribed"
    PREFERENCES = "preferences"
    NEW_ADDRESS = "new-address"
    TO_APPROVE = "to-approve"
    APPROVED = "approved"
    SENT_BACK = "sent-back"
    EMERGENCY = "emergency"
    EMBARGO_MOVED = "embargo-moved"
    EMBARGO_LIFTED = "embargo-lifted"
    EMBARGO = "embargo"
    EMERGENCY_NOTICE = "emergency-notice"
    PROOF = "proof"


class AccountMailState(StrEnum):
    """Where it stands; the database refuses any step that STEPS does not name."""

    QUEUED = "queued"
    ATTEMPTING = "attempting"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


S = AccountMailState
STEPS: dict[AccountMailState, frozenset[AccountMailState]] = {
    S.QUEUED: frozenset({S.ATTEMPTING, S.FAILED}),
    S.DEFERRED: frozenset({S.ATTEMPTING, S.FAILED}),
    S.ATTEMPTING: frozenset({S.ACCEPTED, S.DEFERRED, S.FAILED, S.UNCERTAIN}),
    # An answer that comes late is evidence. Nothing else moves it: it is asked for again, not sent again.
    S.UNCERTAIN: frozenset({S.ACCEPTED, S.DEFERRED, S.FAILED}),
    S.ACCEPTED: frozenset(),
    S.FAILED: frozenset(),
}
OPEN = frozenset({S.QUEUED, S.DEFERRED})
"""States in which it is still to be sent."""

KIND = Enum(AccountMailKind, native_enum=False, length=40, values_callable=lambda kinds: [kind.value for kind in kinds])
PLAIN = """NOT jsonb_path_exists("values", '$.* ? (@.type() != "string")')"""


class AccountMail(Base):
    """One mail. `values` are plain words and ids; what signs in is made when it is sent and kept nowhere."""

    __tablename__ = "account_mail"
    __table_args__ = (
        CheckConstraint(PLAIN, name="plain_values"),
        CheckConstraint("state NOT IN ('queued', 'deferred') OR due_at IS NOT NULL", name="open_is_due"),
        Index("ix_account_mail_due", "due_at", postgresql_where="state IN ('queued', 'deferred')"),
        Index("ix_account_mail_fingerprint", "fingerprint", "created_at"),
    )

    id: Mapped[Id]
    kind: Mapped[AccountMailKind] = mapped_column(KIND)
    address: Mapped[str]
    fingerprint: Mapped[bytes]
    language: Mapped[str]
    values: Mapped[dict[str, str]] = mapped_column(JSONB)
    sender_id: Mapped[UUID | None] = mapped_column(ForeignKey("sender.id", ondelete="CASCADE"))
    state: Mapped[AccountMailState] = mapped_column(enum(AccountMailState, "account_mail_state"))
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    due_at: Mapped[datetime | None] = mapped_column(server_default=func.now())
    deadline: Mapped[datetime]
    attempted_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    code: Mapped[int | None] = mapped_column(SmallInteger)
    reply: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[Made]
