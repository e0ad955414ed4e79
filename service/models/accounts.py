"""People who work here, what they may do for which sender, where they are signed in and by which keys."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ForeignKey, LargeBinary, Text, UniqueConstraint
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


class CameBy(StrEnum):
    """How a person signed in."""

    LINK = "link"
    PASSWORD = "password"  # noqa: S105 - a word, not a secret
    PASSKEY = "passkey"
    SSO = "sso"


class Usage(StrEnum):
    """What a passkey is for, in Flask-Security's words: alone, or after the password."""

    FIRST = "first"
    SECONDARY = "secondary"


class Account(Base):
    """A person who signs in. `fs_uniquifier` is Flask-Security's: changing it ends all sessions.

    `totp_secret` is sealed. `totp_counter` is the last interval whose code was taken: no code is taken twice.
    `recovery_seals` are hashes of codes that are still good. `subject` is who she is to the provider of single sign-on.
    """

    __tablename__ = "account"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    sign_in_seal: Mapped[bytes | None]
    sign_in_until: Mapped[datetime | None]
    language: Mapped[str | None]
    zone: Mapped[str | None]
    came_at: Mapped[datetime | None]
    totp_secret: Mapped[bytes | None]
    totp_counter: Mapped[int | None]
    recovery_seals: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary), server_default="{}", default=list)
    webauthn_handle: Mapped[str | None] = mapped_column(unique=True)
    subject: Mapped[str | None] = mapped_column(unique=True)
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


class Place(Base):
    """Where somebody is signed in: a browser on a system, as far as it names itself, and no network address."""

    __tablename__ = "account_place"

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    began_at: Mapped[Made]
    came_by: Mapped[CameBy] = mapped_column(enum(CameBy, "came_by"))
    browser: Mapped[str]


class Passkey(Base):
    """The public half of a passkey; `used_at` and `sign_count` are of the last time it signed."""

    __tablename__ = "passkey"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    usage: Mapped[Usage] = mapped_column(enum(Usage, "passkey_usage"))
    transports: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}", default=list)
    backup_state: Mapped[bool]
    device_type: Mapped[str]
    extensions: Mapped[str | None]
    created_at: Mapped[Made]
    used_at: Mapped[datetime | None]
