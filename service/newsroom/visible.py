"""What is public at this moment, by the database's time: the one place that says so, for pages, feeds and search alike.

Before its instant a release is in none of these conditions, so it is answered like one that does not exist.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from service.models import Installation, Notice, NoticeKind, Publication

# While the installation is held (an old backup was put back) what a later decision may have stopped stays closed:
# nothing opens that had not opened at the last beat. statement_timestamp() is stable, so that an index can be used.
_NO_LATER = select(case((Installation.held_at.is_not(None), Installation.beat_at))).scalar_subquery()
NOW = func.least(func.statement_timestamp(), _NO_LATER)


def opened(publication: Any = Publication) -> ColumnElement[bool]:
    """Its instant has come and it is meant for the newsroom; withdrawn since, perhaps."""
    return and_(publication.shown, publication.opens_at <= NOW)


def killed(publication: Any = Publication) -> ColumnElement[bool]:
    """A notice that has opened tells everybody not to use it."""
    notice = aliased(Publication)
    return exists(
        select(Notice.release_id)
        .join(notice, notice.release_id == Notice.release_id)
        .where(
            Notice.about_id == publication.release_id,
            Notice.kind == NoticeKind.KILL,
            notice.opens_at <= NOW,
            notice.withdrawn_at.is_(None),
        )
    )


def current(publication: Any = Publication) -> ColumnElement[bool]:
    """It has opened and stands: what lists, search and files may show."""
    return and_(opened(publication), publication.withdrawn_at.is_(None), ~killed(publication))


def mailed(publication: Any = Publication) -> ColumnElement[bool]:
    """Its instant has come and it stands, whether it is meant for the newsroom or goes by mail only."""
    return and_(publication.opens_at <= NOW, publication.withdrawn_at.is_(None), ~killed(publication))
