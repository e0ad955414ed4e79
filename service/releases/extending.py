"""A further wave: the same approved revision to those who subscribed after the audience was counted."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service import accounts, audit, db, jobs
from service.errors import Refused
from service.models import Account, Approval, Decision, Kind, Release, ReleaseState, Role, Wave
from service.releases.reach import newcomers

LATER = "added later"
BEGUN = (ReleaseState.SENDING, ReleaseState.PAUSED, ReleaseState.SENT)


class NotExtendable(Refused):
    """Only what has begun to leave, and is still approved, goes to more people."""


class NobodyNew(Refused):
    """Everybody who reads its topics has a row in it."""

    def __init__(self) -> None:
        super().__init__("Nobody has subscribed since this release was sent, so there is nobody to send it to.")


def extend(session: Session, release: Release, *, by: Account) -> Wave:
    """Send the release to those who subscribed since, at once; the wave they are.

    Asking again before that wave is planned changes nothing. Raises accounts.NotAllowed, NotExtendable, NobodyNew.
    """
    accounts.require(by, release.sender_id, Role.SEND)
    session.refresh(release, with_for_update=True)
    _check(session, release)
    waiting = session.scalar(select(Wave).where(Wave.release_id == release.id, Wave.planned_at.is_(None)).limit(1))
    if waiting is not None and waiting.stage is None:
        return waiting
    if waiting is not None:
        raise NotExtendable("A wave of this release has not left yet: whoever subscribed since gets it with that one.")
    people = newcomers(session, release)
    if not people:
        raise NobodyNew
    wave = _add(session, release)
    audit.write(session, "release extended", account=by, release=release, wave=str(wave.id), people=people)
    db.after_commit(session, lambda: jobs.ring(jobs.Job.TICK))
    return wave


def _add(session: Session, release: Release) -> Wave:
    last = session.scalar(select(func.max(Wave.number)).where(Wave.release_id == release.id)) or 0
    wave = Wave(
        release_id=release.id,
        number=last + 1,
        name=LATER,
        revision_id=release.revision_id,
        not_before=func.clock_timestamp(),
    )
    session.add(wave)
    if release.state is ReleaseState.SENT:
        release.state = ReleaseState.SENDING
        release.finished_at = None
    session.flush()
    return wave


def _check(session: Session, release: Release) -> None:
    if release.kind is Kind.DIGEST:
        raise NotExtendable("A digest goes to those it was made for, and to nobody else.")
    if release.state not in BEGUN:
        raise NotExtendable(
            "This release is %(state)s; only one that has left goes to more people.", state=release.state
        )
    planned = select(Wave.id).where(Wave.release_id == release.id, Wave.planned_at.is_not(None))
    if session.scalar(planned.limit(1)) is None:
        raise NotExtendable("The audience is not counted yet: whoever subscribes before that gets it anyway.")
    query = select(Approval.decision).where(Approval.revision_id == release.revision_id)
    if session.scalar(query.order_by(Approval.id.desc()).limit(1)) is not Decision.APPROVED:
        raise NotExtendable("The approval of this release is void; nothing more of it may leave.")
