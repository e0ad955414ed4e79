"""The waves of a release: the stages of its approved audience, by time or by a person's word, and where they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service import accounts, audiences, audit, db, jobs
from service.audiences import Stage
from service.errors import Refused
from service.models import Account, Delivery, DeliveryState, Release, ReleaseState, Revision, Role, Wave


class NotWaiting(Refused):
    """Only a wave that has not begun is started or dropped, and only once those before it have begun."""


@dataclass(frozen=True, slots=True)
class Stands:
    """A wave and how many people it has: none yet before it begins; `is_next` says that it may be started by hand."""

    wave: Wave
    people: int
    is_next: bool


def of(
    session: Session, release: Release, when: datetime, *, spread_minutes: int, local_time: time | None
) -> Iterator[Wave]:
    """The waves of a release that leaves then, one for each stage of its approved audience."""
    revision = session.get_one(Revision, release.revision_id)
    stages = audiences.read(revision.content.get("audience", {})).stages
    pace = {"revision_id": revision.id, "spread_minutes": spread_minutes, "local_time": local_time}
    if not stages:
        yield Wave(release_id=release.id, not_before=when, **pace)
    for number, stage in enumerate(stages):
        yield Wave(
            release_id=release.id,
            number=number + 1,
            name=stage.name,
            stage=number,
            not_before=_time_of(stage, when),
            after_minutes=stage.after_minutes,
            **pace,
        )


def _time_of(stage: Stage, when: datetime) -> datetime | None:
    return None if stage.after_minutes is None else when + timedelta(minutes=stage.after_minutes)


def catch_up(session: Session, release: Release, now: datetime) -> None:
    """Let waves that are overdue have their time now; those after the first of them keep their distance to it, so that
    an exclusive stays one."""
    query = select(Wave).where(Wave.release_id == release.id, Wave.planned_at.is_(None), Wave.not_before.is_not(None))
    waiting = [(wave, wave.not_before) for wave in session.scalars(query.order_by(Wave.number)) if wave.not_before]
    late = max((now - at for _, at in waiting), default=timedelta())
    if late <= timedelta():
        return
    for wave, at in waiting:
        wave.not_before = max(now, at + late)
    session.flush()


def waves_of(session: Session, release: Release) -> list[Stands]:
    """All waves in their order."""
    query = select(Wave).where(Wave.release_id == release.id).order_by(Wave.number)
    found = list(session.scalars(query.execution_options(populate_existing=True)))
    wanted = (Delivery.release_id == release.id, Delivery.state != DeliveryState.EXCLUDED)
    counted = select(Delivery.wave_id, func.count()).where(*wanted).group_by(Delivery.wave_id)
    people = dict(session.execute(counted).all())
    first = next((wave for wave in found if wave.planned_at is None), None)
    begun = release.state is ReleaseState.SENDING and any(wave.planned_at for wave in found)
    return [Stands(wave, people.get(wave.id, 0), begun and wave is first) for wave in found]


def start_wave(session: Session, release: Release, number: int, *, by: Account) -> None:
    """Let this wave leave now: it waits for this word, or its time is later.

    Raises accounts.NotAllowed, NotWaiting.
    """
    wave = _waiting(session, release, number, by)
    if release.state is not ReleaseState.SENDING:
        raise NotWaiting("This release is %(state)s; a wave is started while it is being sent.", state=release.state)
    before = select(Wave.id).where(Wave.release_id == release.id, Wave.number < number, Wave.planned_at.is_(None))
    if number == 1 or session.scalar(before.limit(1)):
        raise NotWaiting("The wave before this one has not begun yet.")
    now = session.scalars(select(func.clock_timestamp())).one()
    if wave.not_before is None or wave.not_before > now:
        wave.not_before = now
    audit.write(session, "wave started", account=by, release=release, wave=str(wave.id), number=number)
    session.flush()
    db.after_commit(session, lambda: jobs.ring(jobs.Job.TICK))


def drop_wave(session: Session, release: Release, number: int, *, by: Account) -> None:
    """This wave and those after it do not leave; who has got it already keeps it.

    Raises accounts.NotAllowed, NotWaiting.
    """
    _waiting(session, release, number, by)
    if number == 1:
        raise NotWaiting("The first wave is the release itself: stop the release instead.")
    later = select(Wave).where(Wave.release_id == release.id, Wave.number >= number, Wave.planned_at.is_(None))
    for wave in session.scalars(later.with_for_update()):
        session.delete(wave)
    audit.write(session, "waves dropped", account=by, release=release, number=number)
    session.flush()
    db.after_commit(session, lambda: jobs.ring(jobs.Job.TICK))


def _waiting(session: Session, release: Release, number: int, by: Account) -> Wave:
    """The wave, locked; planning holds the same lock, so it has either begun or waits for what is done here."""
    accounts.require(by, release.sender_id, Role.SEND)
    session.refresh(release, with_for_update=True)
    query = select(Wave).where(Wave.release_id == release.id, Wave.number == number).with_for_update()
    wave = session.scalar(query.execution_options(populate_existing=True))
    if wave is None or wave.planned_at is not None:
        raise NotWaiting("This wave has begun or was dropped.")
    if release.state not in (ReleaseState.SCHEDULED, ReleaseState.SENDING, ReleaseState.PAUSED):
        raise NotWaiting("This release is %(state)s; none of its waves is waiting.", state=release.state)
    return wave
