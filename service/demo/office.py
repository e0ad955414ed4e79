"""The invented press office: its newsroom, its two people, its topics and the release they send."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service import accounts, approvals, releases, senders, topics
from service.demo.population import populate
from service.manuscripts import Manuscript
from service.models import Account, Delivery, Event, Journalist, Release, Role, Sender, Topic

TOPICS = (
    ("water", "Water and rivers"),
    ("environment", "Environment"),
    ("diplomacy", "Diplomacy"),
    ("economy", "Economy"),
    ("youth", "Youth"),
)
ANSWERED = ("+bounce@", "+complain@", "+away@")
"""Addresses the development relay writes back for, once it has accepted their mail."""


@dataclass(frozen=True, slots=True)
class Office:
    """A newsroom in which Ada writes and Ben approves."""

    sender: Sender
    ada: Account
    ben: Account
    topics: list[Topic]


def open_office(session: Session) -> Office:
    """An invented commission with a writer and an approver."""
    sender = senders.add(
        session,
        "steppe-rivers",
        "Steppe Rivers Commission",
        address="press@steppe-rivers.example",
        postal_address="1 Embankment Street, Astana, Kazakhstan",
    )
    return Office(
        sender=sender,
        ada=accounts.add(
            session,
            "ada@steppe-rivers.example",
            "Ada Writer",
            sender=sender,
            roles=[Role.WRITE, Role.SEND, Role.REPORTS],
        ),
        ben=accounts.add(session, "ben@steppe-rivers.example", "Ben Approver", sender=sender, roles=[Role.APPROVE]),
        topics=[topics.add(session, sender, slug, name) for slug, name in TOPICS],
    )


def fill(session: Session, office: Office, count: int) -> None:
    """The press corps."""
    populate(session, office.sender, office.topics, count, seed=2024)


def send(session: Session, office: Office, texts: Sequence[Manuscript], *, seconds: int) -> tuple[Release, datetime]:
    """Ada writes, Ben approves, Ada schedules: it leaves when its embargo ends, in so many seconds."""
    now = session.execute(select(func.clock_timestamp())).scalar_one()
    embargo = (now + timedelta(seconds=seconds)).replace(microsecond=0)
    release = releases.write(session, office.sender, texts, by=office.ada, topics=office.topics, embargo=embargo)
    approvals.approve(session, release, by=office.ben, note="Approved for the demonstration.")
    return release, releases.schedule(session, release, embargo, by=office.ada)


def returns_to_come(session: Session, release_id: UUID) -> int:
    """How many bounces, complaints and replies the development relay still owes us."""
    answered = func.substring(Journalist.address, r"\+[a-z]+@").in_(ANSWERED)
    query = (
        select(func.count())
        .select_from(Delivery)
        .join(Journalist, Journalist.id == Delivery.journalist_id)
        .where(Delivery.release_id == release_id, answered, Delivery.state == "accepted")
        .where(~select(Event.id).where(Event.delivery_id == Delivery.id).exists())
    )
    return session.scalar(query) or 0
