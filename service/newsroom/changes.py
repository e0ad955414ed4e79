"""How a newsroom stands at this moment: a mark that is another one as soon as anybody could see a difference."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, exists, func, inspect, or_, select
from sqlalchemy.orm import Session

from service.models import NewsroomChanges, Notice, Publication, Sender
from service.newsroom.reading import Missing
from service.newsroom.visible import NOW, opened

Mark = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A newsroom, its mark, and the last moment at which something of it opened or was taken back."""

    sender: Sender
    mark: Mark
    changed_at: datetime | None


def standing(session: Session, newsroom: str) -> Standing:
    """How it stands by the database's time. Raises Missing.

    What waits for its hour is in none of this, so that nobody learns of it by what a page takes to be made anew.
    """
    row = session.execute(_question(), {"newsroom": newsroom}).one_or_none()
    if row is None:
        raise Missing
    sender, number, newest, *moments = row
    # All of the sender: whatever of it pages come to show.
    about = tuple(str(getattr(sender, column.key)) for column in inspect(Sender).column_attrs)
    return Standing(sender, (about, number, newest), max(filter(None, moments), default=None))


@cache
def _question() -> Select[*tuple[Any, ...]]:
    # Put together once: that takes longer than its answer, and every request of a newsroom asks it.
    return (
        select(Sender, NewsroomChanges.number, _newest_that_counts(), _newest_opened(), _newest_withdrawn())
        .outerjoin(NewsroomChanges, NewsroomChanges.sender_id == Sender.id)
        .where(Sender.slug == bindparam("newsroom"))
    )


def _newest_that_counts() -> ScalarSelect[datetime | None]:
    """The last to open of what shows: of notices, those that go by mail only as well."""
    is_notice = exists(select(Notice.release_id).where(Notice.release_id == Publication.release_id))
    return _newest(Publication.opens_at <= NOW, or_(Publication.shown, is_notice))


def _newest_opened() -> ScalarSelect[datetime | None]:
    return _newest(opened())


def _newest(*conditions: ColumnElement[bool]) -> ScalarSelect[datetime | None]:
    # The end of an index; max() with a condition would read all of it.
    query = select(Publication.opens_at).where(Publication.sender_id == Sender.id, *conditions)
    return query.order_by(Publication.opens_at.desc()).limit(1).correlate(Sender).scalar_subquery()


def _newest_withdrawn() -> ScalarSelect[datetime | None]:
    query = select(func.max(Publication.withdrawn_at)).where(
        Publication.sender_id == Sender.id, Publication.withdrawn_at.is_not(None), opened()
    )
    return query.correlate(Sender).scalar_subquery()
