"""What became of an uncertain mail: decided by a person, or shown by something that could not be otherwise."""

from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service import accounts, audit
from service.deliveries.waking import check, locked, wake
from service.errors import Refused
from service.models import Account, Delivery, DeliveryState, Release, Role

S = DeliveryState
LINK_USED = "Its reader used the link in it, so it arrived"


class NotUncertain(Refused):
    """Only a delivery whose fate nobody knows is settled by a person."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__("This delivery is %(state)s; there is nothing to settle.", state=delivery.state)


def settle(session: Session, delivery: Delivery, *, accepted: bool, by: Account) -> DeliveryState:
    """A person decides what became of an uncertain mail; the state it has now.

    Accepted, or sent once more with the same Message-ID. What was sent once more and is uncertain again has failed.
    Raises accounts.NotAllowed, NotUncertain, NotOnItsWay.
    """
    release = locked(session, delivery.release_id)
    accounts.require_on(by, release, Role.SEND)
    session.refresh(delivery, with_for_update=True)
    if delivery.state is not S.UNCERTAIN:
        raise NotUncertain(delivery)
    _decide(session, release, [delivery], accepted=accepted, by=by)
    return delivery.state


def settle_all(session: Session, release: Release, *, accepted: bool, by: Account) -> int:
    """Decide the same for every uncertain mail of a release; how many they were.

    Raises accounts.NotAllowed, NotOnItsWay.
    """
    release = locked(session, release.id)
    accounts.require_on(by, release, Role.SEND)
    query = select(Delivery).where(Delivery.release_id == release.id, Delivery.state == S.UNCERTAIN)
    query = query.order_by(Delivery.id).with_for_update().execution_options(populate_existing=True)
    found = list(session.scalars(query))
    _decide(session, release, found, accepted=accepted, by=by)
    return len(found)


def prove(session: Session, delivery_id: UUID, evidence: str) -> bool:
    """Take an uncertain mail as accepted for this reason; whether it was uncertain."""
    release_id = session.scalar(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == S.UNCERTAIN)
        .values(state=S.ACCEPTED, reason=evidence, due_at=None)
        .returning(Delivery.release_id)
    )
    if release_id is None:
        return False
    note(session, release_id, delivery_id, S.ACCEPTED, evidence)
    return True


def note(
    session: Session, release_id: UUID, delivery: UUID, became: DeliveryState, evidence: str, by: Account | None = None
) -> None:
    """Who settled which mail, as what, for which reason."""
    audit.write(
        session,
        "delivery settled",
        account=by,
        release_id=release_id,
        delivery=str(delivery),
        became=became.value,
        evidence=evidence,
    )


def _decide(session: Session, release: Release, found: list[Delivery], *, accepted: bool, by: Account) -> None:
    again = [one for one in found if not accepted and not one.maybe_twice]
    if again:
        check(release)
    for delivery in found:
        _decide_one(session, delivery, accepted=accepted, by=by)
    session.flush()
    if again:
        wake(session, release, Delivery.id.in_([one.id for one in again]))


def _decide_one(session: Session, delivery: Delivery, *, accepted: bool, by: Account) -> None:
    if accepted:
        state, words = S.ACCEPTED, f"{by.name} knows that it arrived"
    elif delivery.maybe_twice:
        state, words = S.FAILED, f"{by.name} knows that it did not arrive, tried twice"
    else:
        state, words = S.QUEUED, f"{by.name} had it sent once more, since nobody could know"
        delivery.maybe_twice = True
        delivery.retried_at = func.now()
    delivery.state, delivery.reason, delivery.due_at = state, words, None
    note(session, delivery.release_id, delivery.id, state, words, by)
