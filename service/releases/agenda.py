"""What is ahead and behind, by day: when releases leave and when their embargoes end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from service.models import Edition, Kind, Release, ReleaseState, Sender

MOST = 1000


class What(StrEnum):
    """What happens then."""

    LEAVES = "leaves"
    EMBARGO_ENDS = "embargo-ends"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on one day; the day is that of the release's own zone."""

    at: datetime
    what: What
    release: UUID
    headline: str
    language: str
    state: ReleaseState
    zone: str
    newsroom: str

    @property
    def day(self) -> date:
        return self.at.astimezone(ZoneInfo(self.zone)).date()


def agenda(session: Session, *, senders: Collection[UUID], first: date, last: date) -> list[Entry]:
    """All that falls on these days, in the zones of the releases, in order. What was stopped is not on it."""
    # A day lasts from UTC+14 to UTC-12, wherever it is.
    begin = datetime.combine(first, datetime.min.time(), ZoneInfo("UTC")) - timedelta(hours=14)
    end = datetime.combine(last, datetime.min.time(), ZoneInfo("UTC")) + timedelta(hours=36)
    editions = select(Edition.id).where(Edition.release_id == Release.id).order_by(Edition.position, Edition.id)
    first_edition = editions.limit(1).correlate(Release).scalar_subquery()
    query = (
        select(
            Release.id,
            Release.send_at,
            Release.embargo,
            Release.state,
            Release.zone,
            Edition.headline,
            Edition.language,
            Sender.name.label("newsroom"),
        )
        .join(Sender, Sender.id == Release.sender_id)
        .join(Edition, Edition.id == first_edition)
        .where(
            Release.sender_id.in_(senders),
            Release.kind == Kind.RELEASE,
            Release.state != ReleaseState.CANCELLED,
            or_(Release.send_at.between(begin, end), Release.embargo.between(begin, end)),
        )
        .order_by(Release.id.desc())
        .limit(MOST)
    )
    found = [entry for row in session.execute(query) for entry in _entries(row)]
    return sorted((one for one in found if first <= one.day <= last), key=lambda one: (one.at, one.what))


def _entries(row: Row[*tuple[Any, ...]]) -> list[Entry]:
    times = [(row.send_at, What.LEAVES)]
    if row.embargo != row.send_at:
        times.append((row.embargo, What.EMBARGO_ENDS))
    return [
        Entry(at, what, row.id, row.headline, row.language, row.state, row.zone, row.newsroom)
        for at, what in times
        if at is not None
    ]
