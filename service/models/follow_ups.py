"""What an officer says beside a release: a note to one person or topic, and one question to those without an answer."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, Id, Made


class Pitch(Base):
    """A note above a release for one journalist, or for those who get it by one topic.

    What is approved holds a hash of each, never the words: they go with the person they name.
    """

    __tablename__ = "pitch"
    __table_args__ = (
        CheckConstraint("(journalist_id IS NULL) <> (topic_id IS NULL)", name="for_one_person_or_one_topic"),
        CheckConstraint("length(note) BETWEEN 1 AND 2000", name="note_length"),
        UniqueConstraint("release_id", "topic_id"),
        UniqueConstraint("release_id", "journalist_id"),
    )

    id: Mapped[Id]
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"))
    journalist_id: Mapped[UUID | None] = mapped_column(ForeignKey("journalist.id", ondelete="CASCADE"), index=True)
    topic_id: Mapped[UUID | None] = mapped_column(ForeignKey("topic.id"))
    note: Mapped[str]
    created_at: Mapped[Made]


class FollowUp(Base):
    """A release that asks once more, in the same thread, those who did not answer an earlier one: once, by its key."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("about_id"),
        CheckConstraint("release_id <> about_id", name="not_about_itself"),
    )

    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"), primary_key=True)
    about_id: Mapped[UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"))
