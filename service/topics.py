"""What journalists subscribe to."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.errors import Refused
from service.manuscripts.characters import clean_line
from service.models import Sender, Topic
from service.senders import SlugTaken, check_slug


class UnknownTopics(Refused):
    """Name topics this sender has; the message lists both."""

    def __init__(self, unknown: Sequence[str], known: Sequence[str]) -> None:
        asked = ", ".join(ascii(slug) for slug in unknown)
        super().__init__(f"There is no topic {asked}. The topics are: {', '.join(known) or 'none yet'}.")
        self.unknown = tuple(unknown)


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
    """A new topic; `names` are its names by language. Raises senders.BadSlug, SlugTaken."""
    values = {
        "sender_id": sender.id,
        "slug": check_slug(slug),
        "name": clean_line(name),
        "names": {language: clean_line(words) for language, words in (names or {}).items()},
        "media_topic": media_topic,
        "public": public,
    }
    statement = insert(Topic).values(values).on_conflict_do_nothing().returning(Topic)
    topic: Topic | None = session.scalar(statement)
    if topic is None:
        raise SlugTaken(slug)
    return topic


def by_slugs(session: Session, sender: Sender, slugs: Sequence[str]) -> list[Topic]:
    """The topics in the order asked for, each once. Raises UnknownTopics naming every one there is not."""
    known = {topic.slug: topic for topic in all(session, sender)}
    asked = list(dict.fromkeys(slugs))
    unknown = [slug for slug in asked if slug not in known]
    if unknown:
        raise UnknownTopics(unknown, list(known))
    return [known[slug] for slug in asked]


def all(session: Session, sender: Sender) -> list[Topic]:  # noqa: A001 - topics.all(session, sender) is what it is
    """Every topic of the sender, by slug."""
    return list(session.scalars(select(Topic).where(Topic.sender_id == sender.id).order_by(Topic.slug)))
