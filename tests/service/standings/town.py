"""People whose mails come back: deliveries that left on a day, and what is said about them."""

from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import bounces
from service.bounces import Effect
from service.feedback import Event, Kind, Verdict
from service.models import (
    Attempt,
    AttemptOutcome,
    Delivery,
    DeliveryState,
    Journalist,
    StandingChange,
    Suppression,
    SuppressionReason,
)
from tests.factories import Newsroom, make_journalist, make_newsroom, now
from tests.ledgers import one_delivery

REPORTS = count(1)
S = DeliveryState


class Person:
    """A journalist of a newsroom, mailed on some day and answered for."""

    def __init__(self, session: Session, newsroom: Newsroom | None = None, address: str = "") -> None:
        self.session = session
        self.room = newsroom or make_newsroom(session)
        self.journalist: Journalist = make_journalist(session, self.room, address=address)

    def mailed(self, days_ago: float, state: DeliveryState = S.ACCEPTED) -> Delivery:
        """A release that left for her so many days ago."""
        delivery = one_delivery(self.session, self.room, self.journalist, state)
        delivery.attempted_at = ago(days_ago)
        self.session.flush()
        return delivery

    def bounced(self, days_ago: float, verdict: Verdict = Verdict.HARD, *, after: float = 0.01) -> Effect:
        """A mail of that day came back `after` so many days more, with a valid tag."""
        event = Event(Kind.BOUNCE, verdict, status="5.1.1", reply="550 no", reason="There is no such mailbox")
        return self.heard(self.mailed(days_ago), event, days_ago - after)

    def heard(self, delivery: Delivery, event: Event, days_ago: float) -> Effect:
        """Something came back about a mail so many days ago."""
        name = f"{next(REPORTS)}"
        return bounces.apply(self.session, delivery.id, event, "town", name, at=ago(days_ago)).effect

    def refused(self, days_ago: float, code: int = 550, enhanced: str = "5.1.1", reply: str = "no such user") -> None:
        """Refused in session, with the row that the ledger leaves; the sweep has yet to come."""
        delivery = self.mailed(days_ago, S.QUEUED)
        self.session.add(refusal(delivery, ago(days_ago), code, enhanced, reply))
        self.session.flush()

    @property
    def reason(self) -> SuppressionReason | None:
        """Why she is not mailed, whether her rest is over or not."""
        return self.row.reason if self.row else None

    @property
    def row(self) -> Suppression | None:
        theirs = (Suppression.fingerprint == self.journalist.fingerprint, Suppression.sender_id == self.room.sender.id)
        return self.session.scalar(select(Suppression).where(*theirs).execution_options(populate_existing=True))

    @property
    def changes(self) -> list[str]:
        """What became of her, in order."""
        query = select(StandingChange.became).where(StandingChange.fingerprint == self.journalist.fingerprint)
        return [word.value for word in self.session.scalars(query.order_by(StandingChange.id))]


def ago(days: float) -> datetime:
    return now() - timedelta(days=days)


def refusal(delivery: Delivery, at: datetime, code: int, enhanced: str, reply: str, stage: str = "rcpt") -> Attempt:
    return Attempt(
        delivery_id=delivery.id,
        number=1,
        began_at=at - timedelta(milliseconds=50),
        ended_at=at,
        relay="relay.example",
        outcome=AttemptOutcome.REJECTED,
        stage=stage,
        code=code,
        enhanced=enhanced,
        reply=reply,
    )
