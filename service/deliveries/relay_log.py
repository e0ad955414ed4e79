"""Uncertain mails settled by the relay's own log: it names each mail it took by the Message-ID that we gave it."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service import accounts
from service.deliveries.settling import note
from service.deliveries.waking import SENT_AGAIN_IN, locked, wake
from service.errors import Refused
from service.feedback.relay_log import Mention, RelayLog
from service.models import Account, Delivery, DeliveryState, Release, Revision, Role, Wave

S = DeliveryState
TAKEN = "The relay's log shows that it took it"
NOT_TAKEN = "The relay's log shows that it did not take it"


class WrongLog(Refused):
    """A log in which no mail of the release stands proves nothing about those that are missing."""

    def __init__(self) -> None:
        super().__init__(
            "This log does not name a single mail of this release, so it cannot tell which were not taken: "
            "it is another relay's, or of another time."
        )


@dataclass(frozen=True, slots=True)
class Settled:
    """How many uncertain mails the log shows as `taken`, how many as not taken, how many it leaves `open`."""

    taken: int
    not_taken: int
    open: int


def settle_by_log(session: Session, release: Release, log: RelayLog, *, complete: bool, by: Account) -> Settled:
    """Take as accepted what the log shows as taken.

    `complete`: the log covers all the time and every relay, so that what it does not show was not taken. That is
    queued again, and nobody gets it twice; of a cancelled release it has failed. Raises accounts.NotAllowed, WrongLog.
    """
    release = locked(session, release.id)
    accounts.require_on(by, release, Role.SEND)
    found = _uncertain(session, release)
    if complete and found and not any(log.knows(mention.version) for _, mention in found):
        raise WrongLog
    taken = [delivery for delivery, mention in found if mention in log.taken]
    shown = log.taken | log.unclear
    not_taken = [delivery for delivery, mention in found if complete and mention not in shown]
    _accept(session, taken, by)
    _send_again(session, release, not_taken, by)
    return Settled(len(taken), len(not_taken), len(found) - len(taken) - len(not_taken))


def _uncertain(session: Session, release: Release) -> list[tuple[Delivery, Mention]]:
    query = (
        select(Delivery, Revision.digest)
        .join(Wave, Wave.id == Delivery.wave_id)
        .join(Revision, Revision.id == Wave.revision_id)
        .where(Delivery.release_id == release.id, Delivery.state == S.UNCERTAIN)
        .order_by(Delivery.id)
        .with_for_update(of=Delivery)
        .execution_options(populate_existing=True)
    )
    return [(row[0], Mention(row[0].id, row[1].hex()[:8])) for row in session.execute(query)]


def _accept(session: Session, taken: list[Delivery], by: Account) -> None:
    for delivery in taken:
        delivery.state, delivery.reason, delivery.due_at = S.ACCEPTED, TAKEN, None
        note(session, delivery.release_id, delivery.id, S.ACCEPTED, TAKEN, by)
    session.flush()


def _send_again(session: Session, release: Release, not_taken: list[Delivery], by: Account) -> None:
    again = release.state in SENT_AGAIN_IN
    for delivery in not_taken:
        delivery.state, delivery.reason, delivery.due_at = S.QUEUED if again else S.FAILED, NOT_TAKEN, None
        delivery.retried_at = func.now()
        note(session, delivery.release_id, delivery.id, delivery.state, NOT_TAKEN, by)
    session.flush()
    if not_taken and again:
        wake(session, release, Delivery.id.in_([delivery.id for delivery in not_taken]))
