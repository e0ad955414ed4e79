"""What the last days came to, and what a new newsroom has still to do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.models import (
    Delivery,
    DeliveryState,
    Journalist,
    Release,
    ReleaseState,
    Subscription,
    SubscriptionState,
    Topic,
)

S = DeliveryState
OPENED = (ReleaseState.SENDING, ReleaseState.PAUSED, ReleaseState.SENT, ReleaseState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Week:
    """Numbers of the last days: releases that were due, their mails, and who came and left."""

    days: int
    releases: int
    mails: int
    accepted: int
    failed: int
    bounced: int
    complained: int
    joined: int
    left: int


def week(session: Session, *, senders: Collection[UUID], days: int = 7) -> Week:
    """What the last days came to for these senders."""
    now = func.clock_timestamp()
    since = now - timedelta(days=days)
    due = (
        select(Release.id)
        .where(Release.sender_id.in_(senders), Release.state.in_(OPENED), Release.send_at.between(since, now))
        .subquery()
    )
    mails = session.execute(
        select(
            func.count().filter(Delivery.state != S.EXCLUDED),
            *(
                func.count().filter(Delivery.state == state)
                for state in (S.ACCEPTED, S.FAILED, S.BOUNCED, S.COMPLAINED)
            ),
        ).where(Delivery.release_id.in_(select(due.c.id)))
    ).one()
    theirs = select(Topic.id).where(Topic.sender_id.in_(senders))
    confirmed = Subscription.state == SubscriptionState.CONFIRMED
    people = session.execute(
        select(
            func.count().filter(confirmed, Subscription.since >= since),
            func.count().filter(Subscription.ended_at >= since),
        ).where(Subscription.topic_id.in_(theirs))
    ).one()
    releases = session.scalar(select(func.count()).select_from(due)) or 0
    return Week(days, releases, *[int(number) for number in (*mails, *people)])


@dataclass(frozen=True, slots=True)
class Beginning:
    """Which of the first steps of a newsroom have been taken, in their order."""

    sender: bool
    topic: bool
    journalists: bool
    release: bool
    sent: bool

    @property
    def over(self) -> bool:
        """Whether nothing of it is left to do."""
        return self.sent


def beginning(session: Session, *, senders: Collection[UUID]) -> Beginning:
    """How far these senders have come."""
    releases = select(Release.id).where(Release.sender_id.in_(senders))
    steps = (
        select(Topic.id).where(Topic.sender_id.in_(senders)),
        select(Journalist.id).where(Journalist.sender_id.in_(senders), Journalist.erased_at.is_(None)),
        releases,
        releases.where(Release.state == ReleaseState.SENT),
    )
    found = session.execute(select(*[step.exists() for step in steps])).one()
    return Beginning(bool(senders), *[bool(taken) for taken in found])
