"""What journalists subscribe to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import accounts, audit
from service.errors import NotFound, Refused
from service.manuscripts.characters import clean_line
from service.models import Account, Role, Sender, Subscription, SubscriptionState, Topic
from service.senders import SlugTaken, check_slug

LONGEST_NAME = 100


class UnknownTopics(Refused):
    """Name topics this sender has; the message lists both."""

    def __init__(self, unknown: Sequence[str], known: Sequence[str]) -> None:
        asked = ", ".join(ascii(slug) for slug in unknown)
        super().__init__(f"There is no topic {asked}. The topics are: {', '.join(known) or 'none yet'}.")
        self.unknown = tuple(unknown)


class NoName(Refused):
    """Name it: journalists choose by its name."""

    def __init__(self) -> None:
        super().__init__(f"Give the topic a name of 1 to {LONGEST_NAME} characters: journalists choose by it.")


def add(
    session: Session,
    sender: Sender,
    slug: str,
    name: str,
    *,
    names: Mapping[str, str] | None = None,
    media_topic: str = "",
    public: bool = True,
) -> Topic:
    """A new topic; `names` are its names by language. Raises NoName, senders.BadSlug, SlugTaken."""
    values = {
        "sender_id": sender.id,
        "slug": check_slug(slug),
        "name": _named(name),
        "names": {language: clean_line(words) for language, words in (names or {}).items()},
        "media_topic": media_topic,
        "public": public,
    }
    statement = insert(Topic).values(values).on_conflict_do_nothing().returning(Topic)
    topic: Topic | None = session.scalar(statement)
    if topic is None:
        raise SlugTaken(slug)
    return topic


def rename(session: Session, topic: Topic, name: str, *, by: Account) -> None:
    """Another name for it; its slug, and so its addresses, stay. Raises accounts.NotAllowed, NoName."""
    accounts.require(by, topic.sender_id, Role.ADMINISTER)
    topic.name = _named(name)
    audit.write(session, "topic renamed", account=by, topic=topic.slug, topic_id=str(topic.id))
    session.flush()


def close(session: Session, topic: Topic, *, by: Account) -> None:
    """Offer it to nobody any more: neither to readers nor for new releases. Its subscribers stay; `reopen` undoes it.

    Raises accounts.NotAllowed.
    """
    accounts.require(by, topic.sender_id, Role.ADMINISTER)
    if topic.closed_at is None:
        topic.closed_at = func.now()
        audit.write(session, "topic closed", account=by, topic=topic.slug, topic_id=str(topic.id))
        session.flush()


def reopen(session: Session, topic: Topic, *, by: Account) -> None:
    """Offer it again. Raises accounts.NotAllowed."""
    accounts.require(by, topic.sender_id, Role.ADMINISTER)
    if topic.closed_at is not None:
        topic.closed_at = None
        audit.write(session, "topic reopened", account=by, topic=topic.slug, topic_id=str(topic.id))
        session.flush()


def get(session: Session, id_: UUID, *, senders: Collection[UUID]) -> Topic:
    """The topic. Raises NotFound, also when it belongs to none of `senders`."""
    found = session.scalar(select(Topic).where(Topic.id == id_, Topic.sender_id.in_(senders)))
    if found is None:
        raise NotFound("There is no such topic.")
    return found


@dataclass(frozen=True, slots=True)
class Counted:
    """A topic with the people who are subscribed to it now, and those who have still to confirm."""

    topic: Topic
    subscribers: int
    pending: int


def counted(session: Session, sender: Sender) -> list[Counted]:
    """Every topic of the sender with its people, by name; the closed ones last."""
    number = func.count(Subscription.journalist_id)
    query = (
        select(
            Topic,
            number.filter(Subscription.state == SubscriptionState.CONFIRMED),
            number.filter(Subscription.state == SubscriptionState.PENDING),
        )
        .outerjoin(Subscription, Subscription.topic_id == Topic.id)
        .where(Topic.sender_id == sender.id)
        .group_by(Topic.id)
        .order_by(Topic.closed_at.is_not(None), Topic.name, Topic.id)
    )
    return [Counted(topic, confirmed, pending) for topic, confirmed, pending in session.execute(query)]


def open_ones(session: Session, sender: Sender) -> list[Topic]:
    """Those a new release can be for, by slug."""
    return [topic for topic in all(session, sender) if topic.closed_at is None]


def by_slugs(
    session: Session, sender: Sender, slugs: Sequence[str], *, also: Collection[UUID] = frozenset()
) -> list[Topic]:
    """The topics in the order asked for, each once; closed ones only if they are `also` in use.

    Raises UnknownTopics naming every one there is not.
    """
    known = {topic.slug: topic for topic in all(session, sender) if topic.closed_at is None or topic.id in also}
    asked = list(dict.fromkeys(slugs))
    unknown = [slug for slug in asked if slug not in known]
    if unknown:
        raise UnknownTopics(unknown, list(known))
    return [known[slug] for slug in asked]


def all(session: Session, sender: Sender) -> list[Topic]:  # noqa: A001 - topics.all(session, sender) is what it is
    """Every topic of the sender, by slug."""
    return list(session.scalars(select(Topic).where(Topic.sender_id == sender.id).order_by(Topic.slug)))


def _named(name: str) -> str:
    line = clean_line(name)
    if not 1 <= len(line) <= LONGEST_NAME:
        raise NoName
    return line
