"""A release that comes to its turn long after its time, since all was down, waits for a person's word."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from service.models import Release, ReleaseState, Wave
from service.releases.control import NotSending, pause
from service.settings import settings

log = structlog.get_logger(__name__)

HELD = "when the service was down; resume sends it now"


def is_late(time: ColumnElement[Any] | Any, *, at: datetime | None = None) -> ColumnElement[bool]:
    """Whether this time of a release is past by more than the release, or else the setting, allows.

    By the database's time, or by its time `at` a check.
    """
    minutes = func.coalesce(Release.max_late_minutes, settings().max_late_minutes)
    return (time < (at or func.clock_timestamp()) - func.make_interval(0, 0, 0, 0, 0, minutes)).self_group()


def hold_late(session: Session, *, at: datetime | None = None) -> int:
    """Pause every release that comes to its turn, or to a wave's turn, too late; how many there were."""
    found = list(_late(session, at))
    for release, what, ago in found:
        # Somebody may have cancelled it this moment.
        with suppress(NotSending):
            pause(session, release, by=None, reason=f"{what} was {words(ago)} ago, {HELD}")
            log.warning("release held for its lateness", release=str(release.id), minutes=ago // timedelta(minutes=1))
    return len(found)


def _late(session: Session, at: datetime | None) -> Iterator[tuple[Release, str, timedelta]]:
    scheduled = select(Release, func.clock_timestamp() - Release.send_at).where(
        Release.state == ReleaseState.SCHEDULED, is_late(Release.send_at, at=at)
    )
    yield from ((release, "Its time", ago) for release, ago in session.execute(scheduled))
    waiting = (
        select(Release, Wave.name, func.clock_timestamp() - Wave.not_before)
        .join(Wave, Wave.release_id == Release.id)
        .where(Release.state == ReleaseState.SENDING, Wave.planned_at.is_(None), is_late(Wave.not_before, at=at))
        .order_by(Wave.not_before)
    )
    yield from ((release, f"The time of its wave “{name}”", ago) for release, name, ago in session.execute(waiting))


def words(ago: timedelta) -> str:
    """`45 minutes`, `3 hours`, `2 days`."""
    minutes = round(ago.total_seconds() / 60)
    amount, unit = (minutes, "minute") if minutes < 90 else (round(minutes / 60), "hour")
    if minutes >= 48 * 60:
        amount, unit = round(minutes / 1440), "day"
    return f"{amount} {unit}{'' if amount == 1 else 's'}"
