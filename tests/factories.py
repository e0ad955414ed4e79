"""The cast: Ada writes releases, Ben approves them, Cleo, Dana and Eli read the news."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from uuid import uuid4

from sqlalchemy.orm import Session

from service import addresses
from service.models import (
    Account,
    Delivery,
    DeliveryState,
    Edition,
    Journalist,
    Outlet,
    Release,
    ReleaseTopic,
    Revision,
    Right,
    Role,
    Sender,
    Subscription,
    SubscriptionState,
    Topic,
    Wave,
)

NUMBERS = count(1)


@dataclass
class Newsroom:
    """A sender with its writer, its approver and one topic."""

    sender: Sender
    ada: Account
    ben: Account
    topic: Topic


def make_newsroom(session: Session) -> Newsroom:
    """A newsroom of its own, whatever else the database holds."""
    number = next(NUMBERS)
    sender = Sender(
        slug=f"rivers-{number}",
        name="Steppe Rivers Commission",
        address="press@rivers.example",
        reply_to="press@rivers.example",
        postal_address="1 Embankment, Astana",
    )
    ada, ben = make_account("Ada Officer"), make_account("Ben Approver")
    session.add_all([sender, ada, ben])
    session.flush()
    topic = Topic(sender_id=sender.id, slug="water", name="Water")
    for account, role in ((ada, Role.WRITE), (ada, Role.SEND), (ben, Role.APPROVE)):
        session.add(Right(account_id=account.id, sender_id=sender.id, role=role))
    session.add(topic)
    session.flush()
    return Newsroom(sender, ada, ben, topic)


def make_account(name: str) -> Account:
    """A person who can sign in; not added to a session yet."""
    return Account(
        email=f"{name.split()[0].lower()}-{next(NUMBERS)}@rivers.example", name=name, fs_uniquifier=uuid4().hex
    )


def make_journalist(
    session: Session,
    newsroom: Newsroom,
    name: str = "Cleo Reader",
    *,
    address: str = "",
    language: str = "en",
    outlet: Outlet | None = None,
    country: str = "KZ",
    subscribed: SubscriptionState | None = SubscriptionState.CONFIRMED,
) -> Journalist:
    """A journalist, subscribed to the newsroom's topic unless told otherwise."""
    address = address or f"{name.split()[0].lower()}-{next(NUMBERS)}@daily.example"
    journalist = Journalist(
        sender_id=newsroom.sender.id,
        address=address,
        address_canonical=addresses.canonical(address),
        fingerprint=addresses.fingerprint(address),
        name=name,
        language=language,
        country=country,
        outlet_id=outlet.id if outlet else None,
    )
    session.add(journalist)
    session.flush()
    if subscribed is not None:
        session.add(Subscription(journalist_id=journalist.id, topic_id=newsroom.topic.id, state=subscribed))
        session.flush()
    return journalist


def make_release(
    session: Session, newsroom: Newsroom, *, headline: str = "River levels fall", embargo: datetime | None = None
) -> Release:
    """A draft in English for the newsroom's topic."""
    release = Release(sender_id=newsroom.sender.id, written_by=newsroom.ada.id, embargo=embargo)
    release.editions = [
        Edition(
            language="en", headline=headline, place="Astana", dateline="Astana, 22 January 2024 –", lead="Levels fell."
        )
    ]
    release.topics = [ReleaseTopic(topic_id=newsroom.topic.id)]
    session.add(release)
    session.flush()
    return release


def now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


def make_delivery(
    session: Session, newsroom: Newsroom, journalist: Journalist, *, topic: Topic | None = None
) -> Delivery:
    """A release of the newsroom on its way to the journalist, who gets it for the topic given, or for no single one."""
    release = make_release(session, newsroom)
    revision = Revision(
        release_id=release.id, number=1, content={}, digest=b"", topic_ids=[], written_by=newsroom.ada.id
    )
    session.add(revision)
    session.flush()
    wave = Wave(release_id=release.id, revision_id=revision.id, not_before=now())
    session.add(wave)
    session.flush()
    delivery = Delivery(
        release_id=release.id,
        wave_id=wave.id,
        journalist_id=journalist.id,
        topic_id=topic.id if topic else None,
        language="en",
        state=DeliveryState.QUEUED,
    )
    session.add(delivery)
    session.flush()
    return delivery
