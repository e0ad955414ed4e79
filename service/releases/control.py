"""Steering a release that is on its way: the ledger asks for its state before each mail, so a word here is enough."""

from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from service import account_mails, accounts, audit, db, jobs
from service.errors import Refused
from service.models import Account, AccountMailKind, Chunk, Release, ReleaseState, Role, Sender, Wave
from service.releases import waves
from service.settings import settings


class NotSending(Refused):
    """Only what is scheduled or being sent can be paused, and only what is paused resumed."""

    def __init__(self, release: Release, act: str) -> None:
        super().__init__("This release is %(state)s; it cannot be %(act)s.", state=release.state, act=act)


class AlreadyLeft(Refused):
    """All of it is out: nothing is left to cancel."""

    def __init__(self, release: Release) -> None:
        super().__init__(
            "This release is %(state)s: nothing is left to cancel. Send a correction instead.", state=release.state
        )


class Resuming(StrEnum):
    """What a paused release does when it is resumed."""

    GOES_ON = "goes on where it stopped"
    LEAVES_NOW = "leaves now, for its time has passed"
    PAST_DEADLINE = "goes on, though its deadline has passed"


def pause(session: Session, release: Release, *, by: Account | None, reason: str = "") -> None:
    """Nothing new starts once this has committed; without an account it is the service itself, and tells who may send.

    Raises accounts.NotAllowed, NotSending.
    """
    if by is not None:
        accounts.require(by, release.sender_id, Role.SEND)
    session.refresh(release, with_for_update=True)
    if release.state is ReleaseState.PAUSED:
        return
    if release.state not in (ReleaseState.SCHEDULED, ReleaseState.SENDING):
        raise NotSending(release, "paused")
    release.state = ReleaseState.PAUSED
    release.reason = reason
    audit.write(session, "release paused", account=by, release=release, reason=reason)
    if by is None:
        _alarm(session, release, reason)
    session.flush()


def _alarm(session: Session, release: Release, reason: str) -> None:
    newsroom = session.get_one(Sender, release.sender_id).name
    # No word of the release itself: its embargo binds the mail of officers too.
    values = {"release": str(release.id), "newsroom": newsroom, "reason": reason}
    for officer in accounts.who_may(session, release.sender_id, Role.SEND):
        account_mails.write(session, AccountMailKind.ALARM, officer.email, values=values)


def resume(session: Session, release: Release, *, by: Account) -> None:
    """Go on where it stopped, or leave now if its time passed meanwhile. Raises accounts.NotAllowed, NotSending."""
    accounts.require(by, release.sender_id, Role.SEND)
    session.refresh(release, with_for_update=True)
    if release.state is not ReleaseState.PAUSED:
        raise NotSending(release, "resumed")
    planned = session.scalar(select(func.count()).where(Wave.release_id == release.id, Wave.planned_at.is_not(None)))
    _catch_up(session, release, begun=bool(planned))
    release.state = ReleaseState.SENDING if planned else ReleaseState.SCHEDULED
    release.reason = ""
    audit.write(session, "release resumed", account=by, release=release)
    session.flush()
    db.after_commit(session, lambda: jobs.ring(jobs.Job.TICK))


def _catch_up(session: Session, release: Release, *, begun: bool) -> None:
    """Let what is overdue have its time now: its person's word is newer than its lateness and its deadline.

    Times only move forward, so never before an embargo.
    """
    now = session.scalars(select(func.clock_timestamp())).one()
    if not begun and release.send_at is not None and release.send_at < now:
        release.send_at = now
    waves.catch_up(session, release, now)
    session.execute(
        update(Wave).where(Wave.release_id == release.id, _given_up(release)).values(not_before=now),
        execution_options={"synchronize_session": "fetch"},
    )


def _given_up(release: Release) -> ColumnElement[bool]:
    """The planned waves whose deadline is past."""
    deadline = timedelta(hours=release.deadline_hours or settings().deadline_hours)
    return and_(Wave.planned_at.is_not(None), Wave.not_before < func.clock_timestamp() - deadline)


def resuming(session: Session, release: Release) -> Resuming:
    """What resuming this release would do."""
    theirs = select(Wave.id).where(Wave.release_id == release.id)
    if session.scalar(theirs.where(_given_up(release)).limit(1)):
        return Resuming.PAST_DEADLINE
    overdue = theirs.where(Wave.planned_at.is_(None), Wave.not_before < func.clock_timestamp())
    return Resuming.LEAVES_NOW if session.scalar(overdue.limit(1)) else Resuming.GOES_ON


def cancel(session: Session, release: Release, *, by: Account, reason: str = "") -> None:
    """Nothing new starts once this has committed; the workers then mark who got nothing.

    Raises accounts.NotAllowed, AlreadyLeft.
    """
    accounts.require(by, release.sender_id, Role.SEND)
    session.refresh(release, with_for_update=True)
    if release.state is ReleaseState.CANCELLED:
        return
    if release.state is ReleaseState.SENT:
        raise AlreadyLeft(release)
    release.state = ReleaseState.CANCELLED
    release.reason = reason
    theirs = Chunk.wave_id.in_(select(Wave.id).where(Wave.release_id == release.id))
    session.execute(update(Chunk).where(theirs, Chunk.due_at.is_not(None)).values(due_at=func.now(), rung_at=None))
    audit.write(session, "release cancelled", account=by, release=release, reason=reason)
    db.after_commit(session, lambda: jobs.ring(jobs.Job.TICK))


def finish(session: Session) -> int:
    """Call every release sent of which nothing is left to do; how many there were.

    Locked first and looked at then: whoever wakes a chunk again holds the release's lock, and is seen this way.
    """
    sending = select(Release.id).where(Release.state == ReleaseState.SENDING).with_for_update(skip_locked=True)
    locked = session.scalars(sending).all()
    unplanned = select(Wave.id).where(Wave.release_id == Release.id, Wave.planned_at.is_(None))
    working = select(Chunk.id).join(Wave).where(Wave.release_id == Release.id, Chunk.due_at.is_not(None))
    finished = session.scalars(
        update(Release)
        .where(Release.id.in_(locked), ~unplanned.exists(), ~working.exists())
        .values(state=ReleaseState.SENT, finished_at=func.now())
        .returning(Release.id)
    ).all()
    for id_ in finished:
        audit.write(session, "release sent", release_id=id_)
    return len(finished)
