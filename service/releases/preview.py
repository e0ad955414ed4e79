"""How a release that is being written will look, made by the renderer of the mail that leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.links import personal
from service.mail.compose import Letter, Person
from service.mail.dkim import Key
from service.models import Journalist, Outlet, Pitch, Release, Subscription, SubscriptionState, Topic
from service.releases.letters import LETTER, context, identity
from service.releases.revisions import frozen_of

NOBODY = UUID(int=0)
"""The delivery there is not: its links lead to a page that says so."""
READER = Person("cleo@daily.example", "Cleo Lindqvist", "The Daily Example", "")
"""Somebody invented, for whom a release is shown until a journalist is chosen."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One test mail: the id its dead links are made of, when it leaves, and what the relay can take."""

    id: UUID
    at: datetime
    eight_bit: bool = True


def preview(session: Session, release: Release, language: str, person: Person) -> EmailMessage:
    """The mail of the edition for a reader of this language, as this person would get it."""
    now = frozen_of(session, release)
    said = context(now, now.edition(language))
    letter = Letter(LETTER, said, identity(now, bytes(8)), personal())
    message = letter.message(person, NOBODY, datetime.now(UTC))
    return message_from_bytes(message, policy=default)


def proof(
    session: Session, release: Release, language: str, person: Person, one: Proof, keys: Sequence[Key] = ()
) -> bytes:
    """The same as a test: it says so in its subject and above everything else."""
    now = frozen_of(session, release)
    said = {**context(now, now.edition(language)), "test": True}
    letter = Letter(LETTER, said, identity(now, bytes(8)), personal(), keys=keys)
    return letter.message(person, one.id, one.at, eight_bit=one.eight_bit)


def reader_of(session: Session, release: Release, journalist: Journalist | None) -> Person:
    """Whom the mail greets: the journalist, by the topic they would get it for and with their note, or somebody
    invented."""
    if journalist is None:
        return READER._replace(note=_note(session, release, None, None))
    outlet = session.get(Outlet, journalist.outlet_id) if journalist.outlet_id else None
    topic = _topic(session, release, journalist)
    note = _note(session, release, journalist.id, topic.id if topic else None)
    return Person(journalist.address, journalist.name, outlet.name if outlet else "", topic.name if topic else "", note)


def _topic(session: Session, release: Release, journalist: Journalist) -> Topic | None:
    wanted = [topic.topic_id for topic in release.topics]
    query = (
        select(Topic)
        .join(Subscription, Subscription.topic_id == Topic.id)
        .where(Subscription.journalist_id == journalist.id, Subscription.state == SubscriptionState.CONFIRMED)
        .where(Topic.id.in_(wanted))
        .order_by(Subscription.since, Topic.id)
    )
    return session.scalars(query.limit(1)).first()


def _note(session: Session, release: Release, journalist: UUID | None, topic: UUID | None) -> str:
    """What is said to this person, else to this topic; for somebody invented, the first that is said at all."""
    query = (
        select(Pitch.note).where(Pitch.release_id == release.id).order_by(Pitch.journalist_id.nulls_last(), Pitch.id)
    )
    if journalist is not None:
        query = query.where((Pitch.journalist_id == journalist) | (Pitch.topic_id == topic))
    return session.scalars(query.limit(1)).first() or ""


def part(message: EmailMessage, kind: str) -> str:
    """Its text ("plain") or its page ("html")."""
    body = message.get_body((kind,))
    return body.get_content() if body else ""
