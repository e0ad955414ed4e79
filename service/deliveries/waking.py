"""Sending again what had come to rest: the release is opened once more, and the chunks concerned are due now."""

from uuid import UUID

from sqlalchemy import ColumnElement, Exists, func, select, update
from sqlalchemy.orm import Session

from service import db, jobs
from service.errors import Refused
from service.models import Chunk, Delivery, Release, ReleaseState, Wave

SENT_AGAIN_IN = (ReleaseState.SENDING, ReleaseState.PAUSED, ReleaseState.SENT)


class NotOnItsWay(Refused):
    """A release that was cancelled, or has not begun to leave, sends nothing again."""

    def __init__(self, release: Release) -> None:
        super().__init__("This release is %(state)s; nothing of it can be sent again.", state=release.state)


def locked(session: Session, release_id: UUID) -> Release:
    """The release, so that it is not called sent while something of it is woken."""
    return session.get_one(Release, release_id, with_for_update=True, populate_existing=True)


def check(release: Release) -> None:
    """Raises NotOnItsWay when nothing of this release may be sent again."""
    if release.state not in SENT_AGAIN_IN:
        raise NotOnItsWay(release)


def wake(session: Session, release: Release, *rows: ColumnElement[bool]) -> None:
    """Let the chunks of these rows be due now, whoever rang for them or works on them.

    A new epoch, so that a worker giving one back at this moment does not write down that nothing is left in it.
    """
    if release.state is ReleaseState.SENT:
        release.state = ReleaseState.SENDING
        release.finished_at = None
    session.flush()
    waves = select(Wave.id).where(Wave.release_id == release.id)
    session.execute(
        update(Chunk)
        .where(Chunk.wave_id.in_(waves), _holds(*rows))
        .values(due_at=func.now(), rung_at=None, epoch=Chunk.epoch + 1),
        execution_options={"synchronize_session": False},
    )
    db.after_commit(session, lambda: jobs.ring(jobs.Job.TICK))


def _holds(*rows: ColumnElement[bool]) -> Exists:
    in_chunk = Delivery.id.between(Chunk.first_id, Chunk.last_id)
    return select(Delivery.id).where(Delivery.wave_id == Chunk.wave_id, in_chunk, *rows).correlate(Chunk).exists()
