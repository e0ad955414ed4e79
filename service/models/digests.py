"""What digests hold, and for whom."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base


class DigestEntry(Base):
    """One release in one person's digest; the key lets nobody be given a release in two. A digest is a release too."""

    __tablename__ = "digest_entry"

    journalist_id: Mapped[UUID] = mapped_column(ForeignKey("journalist.id", ondelete="CASCADE"), primary_key=True)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"), primary_key=True)
    digest_id: Mapped[UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"), index=True)
