"""What is ahead and behind, by day: when releases leave and when their embargoes end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from service.models import Kind, Release, ReleaseState, Sender

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
    query = (
        select(Release, Sender.name)
        .join(Sender, Sender.id == Release.sender_id)
        .where(
            Release.sender_id.in_(senders),
            Release.kind == Kind.RELEASE,
            Release.state != ReleaseState.CANCELLED,
            or_(Release.send_at.between(begin, end), Release.embargo.between(begin, end)),
        )
        .options(selectinload(Release.editions))
        .order_by(Release.id.desc())
        .limit(MOST)
    )
    found = [entry for release, name in session.execute(query) for entry in _entries(release, name)]
    return sorted((one for one in found if first <= one.day <= last), key=lambda one: (one.at, one.what))


def _entries(release: Release, newsroom: str) -> list[Entry]:
    times = [(release.send_at, What.LEAVES)]
    if release.embargo != release.send_at:
        times.append((release.embargo, What.EMBARGO_ENDS))
    edition = release.editions[0]
    return [
        Entry(at, what, release.id, edition.headline, edition.language, release.state, release.zone, newsroom)
        for at, what in times
        if at is not None
    ]
