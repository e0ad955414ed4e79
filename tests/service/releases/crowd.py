"""A press corps made by chance, with every reason to be left out."""

from datetime import timedelta
from random import Random

from sqlalchemy.orm import Session

from service import suppressions
from service.models import (
    Frequency,
    Journalist,
    Outlet,
    Subscription,
    SubscriptionState,
    SuppressionReason,
    Topic,
)
from tests.factories import Newsroom, make_journalist, now

LANGUAGES = ("en", "ru", "kk", "de")
COUNTRIES = ("KZ", "DE", "")


def gather(session: Session, room: Newsroom, chance: Random, size: int = 60) -> list[Journalist]:
    """So many people, each with a few traits; two topics and two outlets beside the newsroom's own."""
    topics = [room.topic, *(_topic(session, room, name) for name in ("energy", "health"))]
    outlets = [None, *(_outlet(session, room, name) for name in ("Daily", "Weekly"))]
    found = []
    for number in range(size):
        person = make_journalist(
            session,
            room,
            f"Reader {number}",
            language=chance.choice(LANGUAGES),
            country=chance.choice(COUNTRIES),
            outlet=chance.choice(outlets),
            subscribed=None,
        )
        _subscribe(session, person, topics, chance)
        _colour(session, person, chance)
        found.append(person)
    session.flush()
    return found


def _topic(session: Session, room: Newsroom, slug: str) -> Topic:
    topic = Topic(sender_id=room.sender.id, slug=slug, name=slug.title())
    session.add(topic)
    session.flush()
    return topic


def _outlet(session: Session, room: Newsroom, name: str) -> Outlet:
    outlet = Outlet(sender_id=room.sender.id, name=name)
    session.add(outlet)
    session.flush()
    return outlet


def _subscribe(session: Session, person: Journalist, topics: list[Topic], chance: Random) -> None:
    for topic in chance.sample(topics, chance.randint(0, len(topics))):
        state = chance.choices(list(SubscriptionState), (1, 6, 1))[0]
        session.add(Subscription(journalist_id=person.id, topic_id=topic.id, state=state))


def _colour(session: Session, person: Journalist, chance: Random) -> None:
    person.tier = chance.choice((1, 2, 3))
    person.also_reads = [language for language in chance.sample(LANGUAGES, 2) if language != person.language]
    person.frequency = chance.choices(list(Frequency), (8, 1, 1))[0]
    person.do_not_contact = chance.random() < 0.05
    person.paused_until = now() + timedelta(days=chance.choice((-1, 3))) if chance.random() < 0.2 else None
    if chance.random() < 0.1:
        reason = chance.choice((SuppressionReason.BOUNCE, SuppressionReason.RESTING, SuppressionReason.COMPLAINT))
        everywhere = None if chance.random() < 0.5 else person.sender_id
        suppressions.add(session, person.fingerprint, reason, sender=everywhere, evidence="refused")
