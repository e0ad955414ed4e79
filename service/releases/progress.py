"""How far a release is, counted from the ledger at the moment of asking."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Text, cast, func, select, text
from sqlalchemy.orm import Session

from service.models import Attempt, Delivery, DeliveryState, Exclusion

S = DeliveryState
LATELY = 10
"""Seconds over which the rate is taken: long enough to be calm, short enough to show a pause."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """People whose mail is not through for one reason, with the relay's own words to one of them."""

    state: DeliveryState
    reason: str
    people: int
    reply: str


@dataclass(frozen=True, slots=True)
class Progress:
    """People by state and by reason of exclusion; `lately` were accepted in the last ten seconds."""

    states: Mapping[DeliveryState, int]
    exclusions: Mapping[Exclusion, int]
    lately: int
    troubles: tuple[Trouble, ...]

    @property
    def people(self) -> int:
        """How many it goes to."""
        return sum(self.states.values()) - self.excluded

    @property
    def excluded(self) -> int:
        return self.states.get(S.EXCLUDED, 0)

    @property
    def accepted(self) -> int:
        """How many a mail server took and has not returned."""
        return self.states.get(S.ACCEPTED, 0) + self.states.get(S.COMPLAINED, 0)

    @property
    def gone(self) -> int:
        """How many hold it, or may: what nobody can recall."""
        return sum(self.states.get(state, 0) for state in (S.ACCEPTED, S.BOUNCED, S.COMPLAINED, S.UNCERTAIN))

    @property
    def waiting(self) -> int:
        """How many mails something is still to be done for."""
        return sum(self.states.get(state, 0) for state in (S.QUEUED, S.ATTEMPTING, S.DEFERRED))

    @property
    def per_second(self) -> float:
        return self.lately / LATELY

    @property
    def seconds_left(self) -> float | None:
        """None while nothing moves. The deferred wait for their own hour and are not in it."""
        ahead = self.states.get(S.QUEUED, 0) + self.states.get(S.ATTEMPTING, 0)
        return ahead / self.per_second if self.lately and ahead else None


def progress(session: Session, release_id: UUID) -> Progress:
    """How far the release is: one pass over its deliveries, one look at an attempt for each trouble."""
    lately = Delivery.attempted_at > func.clock_timestamp() - text(f"interval '{LATELY} seconds'")
    rows = session.execute(
        select(
            Delivery.state,
            Delivery.exclusion,
            Delivery.reason,
            func.count().label("people"),
            func.count().filter(Delivery.state == S.ACCEPTED, lately).label("lately"),
            func.max(cast(Delivery.id, Text)).filter(Delivery.reason.is_not(None)).label("example"),
        )
        .where(Delivery.release_id == release_id)
        .group_by(Delivery.state, Delivery.exclusion, Delivery.reason)
    ).all()
    states: Counter[DeliveryState] = Counter()
    exclusions: Counter[Exclusion] = Counter()
    for row in rows:
        states[row.state] += row.people
        if row.exclusion:
            exclusions[row.exclusion] += row.people
    wanting = [row for row in rows if row.reason and row.state in (S.DEFERRED, S.FAILED, S.UNCERTAIN, S.BOUNCED)]
    replies = _replies(session, [UUID(row.example) for row in wanting])
    troubles = [Trouble(row.state, row.reason, row.people, replies.get(UUID(row.example), "")) for row in wanting]
    troubles.sort(key=lambda trouble: -trouble.people)
    return Progress(states, exclusions, sum(row.lately for row in rows), tuple(troubles))


def accepted_lately(session: Session, release_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many mails of each of these releases were accepted in the last ten seconds."""
    recent = Delivery.attempted_at > func.clock_timestamp() - text(f"interval '{LATELY} seconds'")
    query = select(Delivery.release_id, func.count().label("number")).where(
        Delivery.release_id.in_(release_ids), Delivery.state == S.ACCEPTED, recent
    )
    rows = session.execute(query.group_by(Delivery.release_id))
    return {row.release_id: row.number for row in rows}


def _replies(session: Session, deliveries: list[UUID]) -> dict[UUID, str]:
    query = (
        select(Attempt.delivery_id, Attempt.reply)
        .where(Attempt.delivery_id.in_(deliveries))
        .order_by(Attempt.delivery_id, Attempt.number)
    )
    return {row.delivery_id: row.reply for row in session.execute(query)}
