"""What a person looks at while everything is held, and her word that it may leave."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service import accounts, audit, db, jobs
from service.errors import Refused
from service.installation import keeping
from service.installation.fingerprint import fingerprint
from service.models import Account, Chunk, Delivery, DeliveryState, Edition, Installation, Release, ReleaseState, Role

STRIDE = 1_000_000
"""Beats by which a confirmed database leaves behind whatever a witness on some other machine may still remember."""


class NotHeld(Refused):
    """There is nothing to confirm."""

    def __init__(self) -> None:
        super().__init__("Nothing is held: there is nothing to confirm.")


@dataclass(frozen=True, slots=True)
class Leaving:
    """A release that would leave; `people` still wait for it, None when nobody was planned yet."""

    id: UUID
    state: ReleaseState
    headline: str
    send_at: datetime | None
    people: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether anything is held, how new the database is, and what would leave it."""

    held_at: datetime | None
    reason: str
    worked_until: datetime | None
    newest_row: datetime | None
    confirmed_at: datetime | None
    leaving: tuple[Leaving, ...]


def standing(session: Session) -> Standing:
    """How the installation stands. `worked_until`: its last beat, which in an old backup is when that was made."""
    found = session.scalar(select(Installation))
    newest = select(func.uuid_extract_timestamp(Delivery.id)).order_by(Delivery.id.desc()).limit(1)
    return Standing(
        held_at=found.held_at if found else None,
        reason=found.held_reason if found else "",
        worked_until=found.beat_at if found else None,
        newest_row=session.scalar(newest),
        confirmed_at=found.confirmed_at if found else None,
        leaving=_leaving(session),
    )


def confirm(session: Session, *, by: Account) -> None:
    """Let this database be ours as it is: from now on what is due in it leaves. Raises accounts.NotAllowed, NotHeld."""
    accounts.require_anywhere(by, Role.ADMINISTER)
    found = keeping.known(session)
    if found.held_at is None:
        raise NotHeld
    audit.write(session, "installation confirmed", account=by, reason=found.held_reason)
    found.fingerprint = fingerprint(session)
    found.beat += STRIDE
    found.held_at, found.held_reason = None, ""
    found.confirmed_at, found.confirmed_by = session.scalar(select(func.clock_timestamp())), by.id
    # A clock that went back left chunks due in a future that is none. Whoever takes one too early puts it back.
    session.execute(update(Chunk).where(Chunk.due_at > func.now()).values(due_at=func.now(), rung_at=None))
    db.after_commit(session, lambda: jobs.ring(jobs.Job.TICK))


def _leaving(session: Session) -> tuple[Leaving, ...]:
    waiting = (DeliveryState.QUEUED, DeliveryState.DEFERRED, DeliveryState.ATTEMPTING)
    people = (
        select(func.count(Delivery.id).filter(Delivery.state.in_(waiting)))
        .where(Delivery.release_id == Release.id)
        .having(func.count() > 0)
        .scalar_subquery()
    )
    headline = (
        select(Edition.headline).where(Edition.release_id == Release.id).order_by(Edition.position).limit(1)
    ).scalar_subquery()
    rows = session.execute(
        select(Release.id, Release.state, headline, Release.send_at, people)
        .where(Release.state.in_(keeping.LEAVING))
        .order_by(Release.send_at, Release.id)
    )
    return tuple(Leaving(row[0], row[1], row[2] or "", row[3], row[4]) for row in rows)
