"""Holds: a provider that refuses us, a domain that fails authentication, a relay that does not let us in stand still.

A hold for a time ends by itself, and the same trouble again within a day holds twice as long. One without an end is
lifted by a person. The ledger's gate reads them, so that nothing passes once one has been committed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import account_mails, accounts, audit
from service.errors import NotFound
from service.models import Account, AccountMailKind, Hold, HoldScope, Role

log = structlog.get_logger(__name__)

LONGEST = timedelta(hours=8)
FORGIVEN_AFTER = timedelta(days=1)

IN_FORCE = "h.lifted_at IS NULL AND (h.until IS NULL OR h.until > now())"
"""The condition on `hold h` for those who write SQL themselves."""


def put(
    session: Session, scope: HoldScope, key: str, reason: str, *, evidence: str = "", lasting: timedelta | None = None
) -> bool:
    """Let this stand still, `lasting` or until a person lifts it; whether it did not stand still already.

    Administrators are told by mail.
    """
    made = session.scalar(
        insert(Hold)
        .values(scope=scope, key=key, reason=reason, evidence=evidence, until=_after(lasting))
        .on_conflict_do_nothing()
        .returning(Hold.id)
    )
    if made is None and not _prolong(session, scope, key, reason, evidence, lasting):
        return False
    audit.write(session, "hold put", scope=scope.value, key=key, reason=reason)
    for administrator in accounts.administrators(session):
        values = {"held": f"{scope.value} {key}", "reason": reason}
        account_mails.write(session, AccountMailKind.HELD, administrator.email, values=values)
    log.error("held", scope=scope.value, key=key, reason=reason)
    return True


def _after(lasting: timedelta | None) -> ColumnElement[datetime] | None:
    return None if lasting is None else func.now() + lasting


def _prolong(
    session: Session, scope: HoldScope, key: str, reason: str, evidence: str, lasting: timedelta | None
) -> bool:
    """Hold once more what was held before; whether it had come free in between."""
    query = select(Hold, func.now()).where(Hold.scope == scope, Hold.key == key, Hold.lifted_at.is_(None))
    found = session.execute(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        return False
    hold, now = found
    if hold.until is None or hold.until > now:
        return False
    hold.times = hold.times + 1 if now - hold.until < FORGIVEN_AFTER else 1
    hold.since, hold.reason, hold.evidence = now, reason, evidence
    hold.until = None if lasting is None else now + min(lasting * 2 ** (hold.times - 1), LONGEST)
    return True


def in_force(session: Session) -> Sequence[Hold]:
    """All that stands still now, the newest first."""
    running = or_(Hold.until.is_(None), Hold.until > func.now())
    return session.scalars(select(Hold).where(Hold.lifted_at.is_(None), running).order_by(Hold.since.desc())).all()


def concerning(session: Session, domain: str) -> Sequence[Hold]:
    """What stands still of a sender's mail, by the domain of its From address."""
    return [hold for hold in in_force(session) if hold.scope is not HoldScope.SENDER or hold.key == domain]


def find(session: Session, key: str) -> Hold:
    """What stands still under this name: a provider, a domain, a relay. Raises NotFound."""
    found = next((hold for hold in in_force(session) if hold.key == key), None)
    if found is None:
        raise NotFound(f"Nothing of the name {key!a} stands still.")
    return found


def lift(session: Session, hold: Hold, *, by: Account) -> None:
    """Let it go on. Lifting twice is lifting once. Raises accounts.NotAllowed for who administers nothing."""
    if not any(right.role is Role.ADMINISTER for right in by.rights):
        raise accounts.NotAllowed(Role.ADMINISTER)
    session.refresh(hold, with_for_update=True)
    if hold.lifted_at is not None:
        return
    hold.lifted_at, hold.lifted_by = session.scalars(select(func.now())).one(), by.id
    audit.write(session, "hold lifted", account=by, scope=hold.scope.value, key=hold.key)
