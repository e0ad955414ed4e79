"""ninjs 3.1 and 2.2 (IPTC): one story as JSON. It knows no signal: a version, a status and a note say what changed."""

from typing import Any

from service.mail import body
from service.models import NoticeKind
from service.newsroom import places
from service.newsroom.story import File, Story
from service.newsroom.wire import moment
from service.newsroom.wire.feeds import html
from service.newsroom.wire.mediatopics import GENRE, SCHEME, code
from service.releases.revisions import FrozenContact

# IPTC newscodes/urgency: 1 is the highest, 5 is normal.
URGENCY = {NoticeKind.KILL: 1, NoticeKind.HOLD: 2, NoticeKind.CORRECTION: 4}
NORMAL = 5
NEWEST = "3.1"
OLDER = "2.2"


def ninjs_3(story: Story) -> dict[str, Any]:
    """As ninjs 3.1. What was withdrawn has its name, its version and its status, and no word more."""
    found = _head(story)
    if story.withdrawn:
        return found
    edition = story.edition
    texts = {"type": "text", "language": story.language, "title": edition.headline}
    found |= texts | {"by": story.sender.name, "urgency": _urgency(story)}
    found["headlines"] = [_text("main", edition.headline, "text/plain")]
    found["descriptions"] = [_text("summary", edition.subhead or edition.lead, "text/plain")]
    found["bodies"] = [_text("main", plain(story), "text/plain"), _text("main", html(story), "text/html")]
    if edition.place:
        found["located"] = edition.place
    if story.embargo:
        found["embargoedUntil"] = moment(story.embargo)
    found["subjects"] = [_subject(topic.slug, topic.name, topic.media_topic, story) for topic in story.topics]
    found["genres"] = [{"name": "Press Release", "uri": GENRE}]
    found["copyrightHolder"] = story.sender.name
    found["usageTerms"] = "Free for editorial use with credit to the source."
    found["organisations"] = [{"name": story.sender.name, "uri": places.newsroom(story.newsroom), "rel": "author"}]
    found["people"] = [_person(contact) for contact in story.contacts if contact.name]
    found["associations"] = [_association(story, file) for file in story.files]
    return {name: value for name, value in found.items() if value not in ([], "")}


def ninjs_2(story: Story) -> dict[str, Any]:
    """As ninjs 2.2."""
    found: dict[str, Any] = _small(ninjs_3(story))
    return found | {"standard": _standard(OLDER)}


def plain(story: Story) -> str:
    """The text to copy."""
    edition = story.edition
    first = " ".join(filter(None, (edition.dateline, edition.lead)))
    return "\n\n".join(filter(None, (first, body.as_text(edition.body), body.as_text(edition.boilerplate))))


def _head(story: Story) -> dict[str, Any]:
    head: dict[str, Any] = {
        "uri": places.uri(story),
        "standard": _standard(NEWEST),
        "version": str(story.version),
        "firstCreated": moment(story.opens_at or story.changed_at),
        "versionCreated": moment(story.changed_at),
        "pubStatus": "canceled" if story.withdrawn else "withheld" if story.is_held else "usable",
    }
    note = _note(story)
    return head | ({"edNote": note} if note else {})


def _note(story: Story) -> str:
    if story.withdrawn:
        return f"WITHDRAWN, must not be used. {story.withdrawn.reason}".strip()
    return " ".join(f"{one.kind.value.upper()} {one.at:%Y-%m-%d}: {one.headline}" for one in story.said)


def _urgency(story: Story) -> int:
    return URGENCY.get(story.said[-1].kind, NORMAL) if story.said else NORMAL


def _text(role: str, value: str, kind: str) -> dict[str, Any]:
    return {"role": role, "contentType": kind, "value": value}


def _subject(slug: str, name: str, media_topic: str, story: Story) -> dict[str, Any]:
    number = code(media_topic)
    uri = SCHEME + number if number else f"{places.newsroom(story.newsroom)}topics/{slug}"
    return {"name": name, "uri": uri}


def _person(contact: FrozenContact) -> dict[str, Any]:
    ways = {"phone": contact.phone, "email": contact.email}
    reached = [{"type": kind, "value": value} for kind, value in ways.items() if value]
    found: dict[str, Any] = {"name": contact.name, "rel": "media contact"}
    return found | ({"contactInfo": reached} if reached else {})


def _association(story: Story, file: File) -> dict[str, Any]:
    kind = "picture" if file.is_picture else "composite"
    rendition = {
        "name": "original",
        "href": places.file(story, file),
        "contentType": file.type,
        "sizeInBytes": file.size,
        "title": file.name,
    }
    found: dict[str, Any] = {"name": file.key, "uri": places.file(story, file), "type": kind, "renditions": [rendition]}
    if file.caption:
        found["descriptions"] = [_text("caption", file.caption, "text/plain")]
    if file.credit:
        found["copyrightNotice"] = f"© {file.credit}"
        found["by"] = file.credit
    if file.rights:
        found["usageTerms"] = file.rights
    return found


def _standard(version: str) -> dict[str, str]:
    schema = f"http://www.iptc.org/std/ninjs/ninjs-schema_{version}.json#"
    return {"name": "ninjs", "version": version, "schema": schema}


def _small(value: Any) -> Any:
    """The names of 2.x are those of 3.x in small letters, but one."""
    if isinstance(value, dict):
        return {"embargoed" if name == "embargoedUntil" else name.lower(): _small(one) for name, one in value.items()}
    return [_small(one) for one in value] if isinstance(value, list) else value
