"""Addresses of ours that somebody made up, counted by day."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base


class Forgery(Base):
    """How many recipients of one day (UTC) had the form of a signed address and no seal of ours."""

    __tablename__ = "forgery"

    day: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int]
