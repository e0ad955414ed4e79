"""When a release goes. Due work is found by database time, so any number of clocks and bells change nothing."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service import accounts, audit, db, jobs
from service.errors import Refused
from service.models import Account, Release, ReleaseState, Role, Wave


class NotApproved(Refused):
    """Only an approved release can be scheduled."""

    def __init__(self, release: Release) -> None:
        super().__init__(f"This release is {release.state.value}; only an approved one can be scheduled.")


class AlreadyScheduled(Refused):
    """It goes at another time than asked for; cancel or pause first."""

    def __init__(self, release: Release) -> None:
        super().__init__(f"This release is already {release.state.value}, for {release.send_at:%Y-%m-%d %H:%M:%S %Z}.")


class TooLate(Refused):
    """The time asked for is long past."""


def schedule(session: Session, release: Release, at: datetime, *, by: Account) -> datetime:
    """Send this release at the given time, or at its embargo if that is later; the time it will go is returned.

    Asking again for the same time changes nothing. Raises accounts.NotAllowed, NotApproved, AlreadyScheduled, TooLate.
    """
    accounts.require(by, release.sender_id, Role.SEND)
    session.refresh(release, with_for_update=True)
    when = max(at, release.embargo or at)
    if release.state not in (ReleaseState.DRAFT, ReleaseState.APPROVED, ReleaseState.CANCELLED):
        if release.send_at == when:
            return when
        raise AlreadyScheduled(release)
    if release.state is not ReleaseState.APPROVED or release.revision_id is None:
        raise NotApproved(release)
    now = session.scalar(select(func.clock_timestamp())) or at
    if when < now - timedelta(hours=1):
        raise TooLate(f"{when:%Y-%m-%d %H:%M %Z} is past; choose a time from now on.")
    release.send_at = when
    release.state = ReleaseState.SCHEDULED
    session.add(Wave(release_id=release.id, revision_id=release.revision_id, not_before=when))
    audit.write(session, "release scheduled", account=by, release=release, at=when.isoformat())
    db.after_commit(session, lambda: jobs.ring(jobs.Job.TICK))
    return when


def start_due(session: Session, *, at: datetime | None = None) -> int:
    """Turn every release whose time has come from scheduled to sending; how many there were.

    By the database's time, or by its time `at` the check that found its clock sane.
    """
    started = session.scalars(
        update(Release)
        .where(Release.state == ReleaseState.SCHEDULED, Release.send_at <= (at or func.clock_timestamp()))
        .values(state=ReleaseState.SENDING)
        .returning(Release.id)
    ).all()
    for id_ in started:
        audit.write(session, "release started", release_id=id_)
    return len(started)


def due(session: Session, within: timedelta) -> float | None:
    """Seconds until the next scheduled release, if it comes within that time; 0 when it is past."""
    seconds = session.scalar(
        select(func.extract("epoch", func.min(Release.send_at) - func.clock_timestamp())).where(
            Release.state == ReleaseState.SCHEDULED
        )
    )
    if seconds is None or seconds > within.total_seconds():
        return None
    return max(0.0, float(seconds))
