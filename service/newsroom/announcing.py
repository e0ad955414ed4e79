"""Telling programs of others that a release became public, or was withdrawn: what is due stands in the database."""

import json
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.models import Announced, Announcement, Publication, Revision, Sender
from service.newsroom import places
from service.newsroom.reading import Missing, compose
from service.newsroom.story import Story
from service.newsroom.visible import NOW, current, opened
from service.newsroom.wire import moment
from service.newsroom.wire.ninjs import ninjs_3
from service.settings import Settings

LOOK_BACK = timedelta(days=2)
"""What opened before is old news: a hub that is set today is not told of ten years."""
RETRIES = tuple(timedelta(seconds=s) for s in (5, 300, 1800, 7200, 18_000, 36_000, 50_400))
"""After which failure it is tried again when, as Standard Webhooks recommends."""
CLAIMED_FOR = timedelta(minutes=5)
HUB, WEBHOOK = "hub", "webhook"
IN_ONE_GO = 5


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell one address. `target` names its kind and a digest of the address, as addresses hold secrets."""

    id: UUID
    target: str
    url: str
    attempts: int
    body: bytes
    content_type: str

    @property
    def is_signed(self) -> bool:
        return self.target.startswith(WEBHOOK)


def targets(settings: Settings) -> dict[str, str]:
    """Who is told, by a name that does not show the address."""
    hubs = [(HUB, url) for url in settings.websub_hub.split()]
    hooks = [(WEBHOOK, url) for url in settings.newsroom_webhooks.split()]
    return {f"{kind}:{sha256(url.encode()).hexdigest()[:16]}": url for kind, url in hubs + hooks}


def find(session: Session, settings: Settings) -> int:
    """Write down what has become due to be told since the last look; how many. Twice is the same as once."""
    found = 0
    for target in targets(settings):
        since = func.statement_timestamp() - LOOK_BACK
        opening = current() & (Publication.opens_at > since)
        found += _write(session, Announced.PUBLISHED, target, opening)
        taken = opened() & Publication.withdrawn_at.is_not(None) & (Publication.withdrawn_at > since)
        found += _write(session, Announced.WITHDRAWN, target, taken)
    return found


def due(session: Session) -> bool:
    """Whether anything is to be told now."""
    query = select(Announcement.id).where(Announcement.due_at <= NOW).limit(1)
    return session.scalar(query) is not None


def claim(session: Session, settings: Settings, limit: int = IN_ONE_GO) -> list[Message]:
    """What is to be told now; nobody else takes it for five minutes. Who is no longer to be told is not."""
    query = (
        select(Announcement, Publication, Revision, Sender.slug)
        .join(Publication, Publication.release_id == Announcement.release_id)
        .join(Revision, Revision.id == Publication.revision_id)
        .join(Sender, Sender.id == Publication.sender_id)
        .where(Announcement.due_at <= NOW, opened())
        .order_by(Announcement.due_at)
        .limit(limit)
        .with_for_update(of=Announcement, skip_locked=True)
    )
    urls, claimed = targets(settings), []
    for announcement, publication, revision, newsroom in session.execute(query).all():
        announcement.due_at = func.clock_timestamp() + CLAIMED_FOR
        url = urls.get(announcement.target)
        try:
            story = compose(session, publication, revision, newsroom, language="")
        except Missing:
            url = None
        if url is None:
            announcement.due_at, announcement.answer = None, "no longer to be told"
            continue
        claimed.append(_message(announcement, url, story))
    session.flush()
    return claimed


def settle(session: Session, id_: UUID, *, told: bool, answer: str) -> None:
    """Note what came of telling it: done, again later, or given up after a day and more."""
    found = session.get_one(Announcement, id_, with_for_update=True)
    found.answer = answer[:200]
    if told:
        found.done_at, found.due_at = func.clock_timestamp(), None
    elif found.attempts < len(RETRIES):
        found.due_at = func.clock_timestamp() + RETRIES[found.attempts]
    else:
        found.due_at = None
    found.attempts += 1
    session.flush()


def _write(session: Session, event: Announced, target: str, which: Any) -> int:
    there = (
        select(Announcement.id)
        .where(Announcement.release_id == Publication.release_id, Announcement.event == event)
        .where(Announcement.target == target)
    )
    rows = select(
        Publication.release_id,
        literal(event, Announcement.event.type),
        literal(target),
        func.statement_timestamp(),
        literal(0),
        literal(""),
    ).where(which, ~there.exists())
    names = ["release_id", "event", "target", "due_at", "attempts", "answer"]
    statement = insert(Announcement).from_select(names, rows).on_conflict_do_nothing().returning(Announcement.id)
    return len(session.scalars(statement).all())


def _message(announcement: Announcement, url: str, story: Story) -> Message:
    if announcement.target.startswith(HUB):
        body, content_type = _ping(story), "application/x-www-form-urlencoded"
    else:
        body, content_type = _told(announcement, story), "application/json"
    return Message(announcement.id, announcement.target, url, announcement.attempts, body, content_type)


def _ping(story: Story) -> bytes:
    """WebSub 0.4, 7: a publisher names the topics that changed."""
    here = places.newsroom(story.newsroom)
    changed = [f"{here}feed.{form}" for form in ("atom", "rss", "json")]
    pairs = [("hub.mode", "publish"), *(("hub.url", url) for url in changed)]
    return urlencode(pairs).encode()


def _told(announcement: Announcement, story: Story) -> bytes:
    """The type, moment and data of Standard Webhooks; the data is the story as ninjs."""
    said = {
        "type": f"release.{announcement.event.value}",
        "timestamp": moment(story.changed_at),
        "data": {"url": places.story(story), "languages": story.languages, "item": ninjs_3(story)},
    }
    return json.dumps(said, ensure_ascii=False).encode()
