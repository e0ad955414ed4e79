"""Who sends what to whom in a benchmark: an invented newsroom, its readers, a release of a stated size."""

from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from statistics import fmean
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.measurement import NotMeasured
from service import accounts, approvals, manuscripts, releases, senders, topics
from service.demo import populate
from service.mail.compose import Person
from service.manuscripts import Manuscript
from service.models import Account, Journalist, Outlet, Release, Revision, Role, Sender, Subscription, Topic
from service.releases.letters import letters

TEXT = Path(__file__).parents[1] / "config" / "demo" / "release.txt"
SMALLEST, LARGEST = 15_000, 15_500
SAMPLE = 200
"""People whose mails are composed to know the size: names and outlets differ by some ten octets."""


@dataclass(frozen=True, slots=True)
class Newsroom:
    """A newsroom with one topic that everybody reads and one that a few read, to warm up with."""

    sender: Sender
    ada: Account
    ben: Account
    everybody: Topic
    warm_up: Topic


def found(session: Session, name: str) -> Newsroom:
    """A newsroom of that name, in which Ada writes and Ben approves."""
    sender = senders.add(
        session, name, "Steppe Rivers Commission", address=f"press@{name}.example", postal_address="1 Embankment Street"
    )
    return Newsroom(
        sender=sender,
        ada=accounts.add(session, f"ada@{name}.example", "Ada", sender=sender, roles=[Role.WRITE, Role.SEND]),
        ben=accounts.add(session, f"ben@{name}.example", "Ben", sender=sender, roles=[Role.APPROVE]),
        everybody=topics.add(session, sender, "water", "Water and rivers"),
        warm_up=topics.add(session, sender, "warm-up", "Floods"),
    )


def fill(session: Session, newsroom: Newsroom, people: int, warm_up: int) -> None:
    """So many readers, some of whom must be left out, as in any real list."""
    populate(session, newsroom.sender, [newsroom.everybody], people, seed=2024)
    populate(session, newsroom.sender, [newsroom.warm_up], warm_up, seed=7)


def approved(session: Session, newsroom: Newsroom, topic: Topic, text: Manuscript) -> Release:
    """A release that Ada wrote and Ben approved."""
    release = releases.write(session, newsroom.sender, [text], by=newsroom.ada, topics=[topic])
    approvals.approve(session, release, by=newsroom.ben)
    return release


def text_of_size(session: Session, newsroom: Newsroom) -> tuple[Manuscript, float]:
    """The example release, with as many more of its own words as make a mail of 15.0 to 15.5 kB, and its mean size.

    Whatever is written for it is rolled back. Raises NotMeasured when it does not come out in that range.
    """
    text = manuscripts.read(TEXT.read_bytes())
    missing = (SMALLEST + LARGEST) / 2 - _size(session, newsroom, text)
    # Each word is in the mail twice: in the plain part and in the HTML.
    longer = replace(text, body=f"{text.body}\n\n{_words(text.body, round(missing / 2))}")
    size = _size(session, newsroom, longer)
    if not SMALLEST <= size <= LARGEST:
        raise NotMeasured(f"a mail has {size:.0f} octets, not {SMALLEST} to {LARGEST}")
    return longer, size


def sample(session: Session, newsroom: Newsroom, most: int) -> list[Person]:
    """Some of those who read the topic of everybody."""
    query = select(Journalist.address, Journalist.name, Outlet.name).outerjoin(
        Outlet, Journalist.outlet_id == Outlet.id
    )
    query = query.join(Subscription, Subscription.journalist_id == Journalist.id)
    query = query.where(Subscription.topic_id == newsroom.everybody.id).order_by(Journalist.id).limit(most)
    topic = newsroom.everybody.name
    return [Person(address, name, outlet or "", topic) for address, name, outlet in session.execute(query)]


def message(session: Session, release: Release, person: Person, delivery: UUID) -> bytes:
    """What this person would get."""
    revision = session.get_one(Revision, release.revision_id)
    letter = next(iter(letters(revision).values()))
    return letter.message(person, delivery, revision.created_at)


def _size(session: Session, newsroom: Newsroom, text: Manuscript) -> float:
    people = sample(session, newsroom, SAMPLE)
    with session.begin_nested() as trial:
        release = approved(session, newsroom, newsroom.everybody, text)
        size = fmean(len(message(session, release, person, uuid4())) for person in people)
        trial.rollback()
    return size


def _words(body: str, characters: int) -> str:
    """So many characters of the body's paragraphs, from its beginning and round again, to the end of a word."""
    taken: list[str] = []
    for word in cycle(body.replace("\n\n", " \n\n ").split(" ")):
        if sum(len(one) + 1 for one in taken) >= characters:
            break
        taken.append(word)
    return " ".join(taken).replace(" \n\n ", "\n\n").strip()
