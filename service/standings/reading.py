"""Why an address stands as it does: every change, and the evidence that counts now."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service.models import Account, Burst, BurstState, Evidence, StandingChange, Suppression

MOST = 100


@dataclass(frozen=True, slots=True)
class Change:
    """One change, and who made it; "" when it was the service itself."""

    change: StandingChange
    who: str


@dataclass(frozen=True, slots=True)
class Against:
    """One verdict, and what a person said of the burst it is in, if it is in one."""

    evidence: Evidence
    burst: BurstState | None


@dataclass(frozen=True, slots=True)
class History:
    """What keeps mail from the address now, the newest change and verdict first."""

    now: tuple[Suppression, ...]
    changes: tuple[Change, ...]
    evidence: tuple[Against, ...]


def history(session: Session, fingerprint: bytes, sender_id: UUID) -> History:
    """All that is known of an address for a sender; nothing of an erased one."""
    if not fingerprint:
        return History((), (), ())
    return History(
        tuple(_now(session, fingerprint, sender_id)),
        tuple(_changes(session, fingerprint, sender_id)),
        tuple(_evidence(session, fingerprint, sender_id)),
    )


def _now(session: Session, fingerprint: bytes, sender_id: UUID) -> list[Suppression]:
    theirs = or_(Suppression.sender_id == sender_id, Suppression.sender_id.is_(None))
    return list(session.scalars(select(Suppression).where(Suppression.fingerprint == fingerprint, theirs)))


def _changes(session: Session, fingerprint: bytes, sender_id: UUID) -> list[Change]:
    theirs = or_(StandingChange.sender_id == sender_id, StandingChange.sender_id.is_(None))
    query = (
        select(StandingChange, Account.name)
        .outerjoin(Account, Account.id == StandingChange.account_id)
        .where(StandingChange.fingerprint == fingerprint, theirs)
        .order_by(StandingChange.id.desc())
        .limit(MOST)
    )
    return [Change(change, who or "") for change, who in session.execute(query)]


def _evidence(session: Session, fingerprint: bytes, sender_id: UUID) -> list[Against]:
    query = (
        select(Evidence, Burst.state)
        .outerjoin(Burst, Burst.id == Evidence.burst_id)
        .where(Evidence.fingerprint == fingerprint, Evidence.sender_id == sender_id)
        .order_by(Evidence.at.desc())
        .limit(MOST)
    )
    return [Against(evidence, burst) for evidence, burst in session.execute(query)]
