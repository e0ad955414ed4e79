"""When a release goes. Due work is found by database time, so any number of clocks and bells change nothing."""

from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service import accounts, audit, db, jobs
from service.errors import Refused
from service.models import Account, Release, ReleaseState, Role, Wave
from service.releases import lateness, waves
from service.settings import settings

LONGEST_SPREAD = 1440
LONGEST_DEADLINE = 240
LONGEST_LATENESS = 10_080
SHORTEST_FOR_CLOCKS = 30
"""Hours: it is nine o'clock somewhere a day later at most, and some are left for tries."""


class NotApproved(Refused):
    """Only an approved release can be scheduled."""

    def __init__(self, release: Release) -> None:
        super().__init__("This release is %(state)s; only an approved one can be scheduled.", state=release.state)


class AlreadyScheduled(Refused):
    """It goes at another time than asked for, or otherwise; cancel or pause first."""

    def __init__(self, release: Release) -> None:
        super().__init__(f"This release is already {release.state.value}, for {release.send_at:%Y-%m-%d %H:%M:%S %Z}.")


class TooLate(Refused):
    """The time asked for is long past."""


class BadPace(Refused):
    """A spread, deadline or lateness that cannot be; the message says what can."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a release goes: spread over so many minutes (0: at once), given up so many hours after its time, and held
    for a person's word when it comes to its turn so many minutes late. None: the setting of that name.

    With a `local_time` each reader gets it when it is so late by her own clock, from the release's time on.
    """

    spread_minutes: int = 0
    deadline_hours: int | None = None
    max_late_minutes: int | None = None
    local_time: time | None = None


AT_ONCE = Pace()


def schedule(session: Session, release: Release, at: datetime, *, by: Account, pace: Pace = AT_ONCE) -> datetime:
    """Send this release at the given time, or at its embargo if that is later; the time it will go is returned.

    Asking again for the same changes nothing. Raises accounts.NotAllowed, BadPace, NotApproved, AlreadyScheduled,
    TooLate.
    """
    accounts.require(by, release.sender_id, Role.SEND)
    _check(pace)
    session.refresh(release, with_for_update=True)
    when = max(at, release.embargo or at)
    if release.state not in (ReleaseState.DRAFT, ReleaseState.APPROVED, ReleaseState.CANCELLED):
        if release.send_at == when and pace_of(session, release) == pace:
            return when
        raise AlreadyScheduled(release)
    if release.state is not ReleaseState.APPROVED or release.revision_id is None:
        raise NotApproved(release)
    _check_time(session, when, pace)
    release.send_at = when
    release.deadline_hours = pace.deadline_hours
    release.max_late_minutes = pace.max_late_minutes
    release.state = ReleaseState.SCHEDULED
    session.add_all(waves.of(session, release, when, spread_minutes=pace.spread_minutes, local_time=pace.local_time))
    told = {name: str(value) if isinstance(value, time) else value for name, value in asdict(pace).items()}
    audit.write(session, "release scheduled", account=by, release=release, at=when.isoformat(), pace=told)
    session.flush()
    db.after_commit(session, lambda: jobs.ring(jobs.Job.TICK))
    return when


def pace_of(session: Session, release: Release) -> Pace:
    """How it was scheduled to go; AT_ONCE when it was not."""
    query = select(Wave.spread_minutes, Wave.local_time).where(Wave.release_id == release.id).order_by(Wave.number)
    spread, local = session.execute(query.limit(1)).one_or_none() or (0, None)
    return Pace(spread, release.deadline_hours, release.max_late_minutes, local)


def _check(pace: Pace) -> None:
    if not 0 <= pace.spread_minutes <= LONGEST_SPREAD:
        raise BadPace(f"A release is spread over 0 to {LONGEST_SPREAD} minutes.")
    if pace.deadline_hours is not None and not 1 <= pace.deadline_hours <= LONGEST_DEADLINE:
        raise BadPace(f"A deadline is 1 to {LONGEST_DEADLINE} hours after the release's time.")
    if pace.max_late_minutes is not None and not 1 <= pace.max_late_minutes <= LONGEST_LATENESS:
        raise BadPace(f"A release may be 1 to {LONGEST_LATENESS} minutes late.")
    deadline = pace.deadline_hours or settings().deadline_hours
    if pace.spread_minutes >= deadline * 60:
        raise BadPace(f"Spread over less than its deadline, which is {deadline} hours after its time.")
    if pace.local_time is not None and pace.spread_minutes:
        raise BadPace("Either spread it over minutes, or send it by each reader's own clock.")
    if pace.local_time is not None and deadline < SHORTEST_FOR_CLOCKS:
        raise BadPace(
            "By each reader's own clock it takes a day to be everybody's turn: give it a deadline of %(hours)s hours.",
            hours=SHORTEST_FOR_CLOCKS,
        )


def _check_time(session: Session, when: datetime, pace: Pace) -> None:
    now = session.scalar(select(func.clock_timestamp())) or when
    late = timedelta(minutes=pace.max_late_minutes or settings().max_late_minutes)
    if when < now - min(timedelta(hours=1), late):
        raise TooLate(f"{when:%Y-%m-%d %H:%M %Z} is past; choose a time from now on.")


def start_due(session: Session, *, at: datetime | None = None) -> int:
    """Turn every release whose time has come from scheduled to sending; how many there were.

    One that comes to its turn too late is paused instead. By the database's time, or by its time `at` the check that
    found its clock sane.
    """
    lateness.hold_late(session, at=at)
    started = session.scalars(
        update(Release)
        .where(
            Release.state == ReleaseState.SCHEDULED,
            Release.send_at <= (at or func.clock_timestamp()),
            ~lateness.is_late(Release.send_at, at=at),
        )
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
