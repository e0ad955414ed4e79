"""The newsroom identity a release is sent by, and the people the press can call."""

from uuid import UUID

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, Made


class Sender(Base):
    """A newsroom: From, Reply-To, brand and postal address; also the boundary of everybody's rights.

    With `tracking` the mail of those who agreed to it tells when it is opened and which links are followed.
    """

    __tablename__ = "sender"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    address: Mapped[str]
    reply_to: Mapped[str]
    postal_address: Mapped[str]
    tracking: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[Made]


class MediaContact(Base):
    """A person whom journalists can call about a release."""

    __tablename__ = "media_contact"

    id: Mapped[Id]
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("sender.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="")
    organisation: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
