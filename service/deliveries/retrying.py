"""Trying again at a person's word: what had failed, or waits for its next try. Their deadline counts anew from now."""

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, func, select, update
from sqlalchemy.orm import Session

from service import accounts, audit
from service.deliveries.waking import check, locked, wake
from service.errors import Refused
from service.models import Account, Delivery, DeliveryState, Journalist, Release, Role

RETRIED = (DeliveryState.FAILED, DeliveryState.DEFERRED)
MOST_CRASHES = 3
"""Mailman's figure: what ended its process so often is set aside, and not tried again with others, only by itself."""
SET_ASIDE = "Set aside: the process that sent it ended three times"


class NotRetryable(Refused):
    """Only what failed, or waits for its next try, is tried again."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(
            "This delivery is %(state)s; only a failed or deferred one can be tried again.", state=delivery.state
        )


def retry_failed(
    session: Session,
    release: Release,
    *,
    by: Account,
    state: DeliveryState = DeliveryState.FAILED,
    reason: str = "",
    domain: str = "",
) -> int:
    """Queue again whoever's mail failed, or is deferred; how many they are.

    Only those whose reason has these words in it and whose address is at this domain, if given. What was set
    aside is left alone. Raises accounts.NotAllowed, Refused, NotOnItsWay.
    """
    if state not in RETRIED:
        raise Refused("Only the failed and the deferred are tried again.")
    release = locked(session, release.id)
    accounts.require_on(by, release, Role.SEND)
    check(release)
    number = _queue(session, release, _which(state, reason, domain))
    if number:
        audit.write(
            session,
            f"{state.value} deliveries queued again",
            account=by,
            release=release,
            number=number,
            reason=reason,
            domain=domain,
        )
    return number


def retry(session: Session, delivery: Delivery, *, by: Account) -> None:
    """Try this one again now. Raises accounts.NotAllowed, NotOnItsWay, NotRetryable."""
    release = locked(session, delivery.release_id)
    accounts.require_on(by, release, Role.SEND)
    check(release)
    if not _queue(session, release, [Delivery.id == delivery.id, Delivery.state.in_(RETRIED)]):
        session.refresh(delivery)
        raise NotRetryable(delivery)
    session.refresh(delivery)
    audit.write(session, "delivery queued again", account=by, release=release, delivery=str(delivery.id))


def _which(state: DeliveryState, reason: str, domain: str) -> Iterable[ColumnElement[bool]]:
    known = func.coalesce(Delivery.reason, "")
    yield Delivery.state == state
    yield Delivery.crashes < MOST_CRASHES
    if reason:
        yield known.icontains(reason, autoescape=True)
    if domain:
        at = func.split_part(Journalist.address_canonical, "@", -1) == domain.strip().lower()
        yield Delivery.journalist_id.in_(select(Journalist.id).where(at))


def _queue(session: Session, release: Release, which: Iterable[ColumnElement[bool]]) -> int:
    values = {"state": DeliveryState.QUEUED, "reason": None, "due_at": None, "retried_at": func.now()}
    statement = update(Delivery).where(Delivery.release_id == release.id, *which).values(values)
    queued = session.execute(statement, execution_options={"synchronize_session": "fetch"})
    number = cast("CursorResult[Any]", queued).rowcount
    if number:
        # What this very transaction has queued, by its time.
        wake(session, release, Delivery.retried_at == func.now())
    return number
