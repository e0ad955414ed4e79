"""RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1 of one list of stories."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from feedgen.feed import FeedGenerator
from markupsafe import Markup

from service.newsroom import places
from service.newsroom.story import Story
from service.newsroom.wire import moment
from service.newsroom.wire.characters import xml

EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
"""What an empty feed was changed at last: a moment of now would make each answer another."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A list of stories with its name and addresses; `hub` is the WebSub hub it is told to, or empty."""

    title: str
    newsroom: str
    here: str
    language: str
    hub: str
    stories: Sequence[Story]

    @property
    def changed_at(self) -> datetime:
        return max((story.changed_at for story in self.stories), default=EPOCH)


def title(story: Story) -> str:
    """The headline; under hold, with the word that says so."""
    return f"HOLD, do not use: {story.edition.headline}" if story.is_held else story.edition.headline


def rss(feed: Feed) -> bytes:
    """As RSS 2.0."""
    made = _generated(feed)
    for story, entry in zip(feed.stories, made.entry(), strict=True):
        for picture in story.pictures[:1]:
            # Not in Atom: feedgen writes the links of its entries without their rel, and this would be the page's.
            entry.enclosure(places.file(story, picture), str(picture.size), picture.type)
    return bytes(made.rss_str())


def atom(feed: Feed) -> bytes:
    """As Atom."""
    return bytes(_generated(feed).atom_str())


def json_feed(feed: Feed) -> dict[str, Any]:
    """As JSON Feed 1.1."""
    found: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": places.newsroom(feed.newsroom),
        "feed_url": feed.here,
        "items": [_json_item(story) for story in feed.stories],
    }
    if feed.language:
        found["language"] = feed.language
    if feed.hub:
        found["hubs"] = [{"type": "WebSub", "url": feed.hub}]
    return found


def _json_item(story: Story) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": places.uri(story),
        "url": places.story(story),
        "title": title(story),
        "summary": story.edition.subhead or story.edition.lead,
        "content_html": html(story),
        "date_published": moment(story.opens_at or story.changed_at),
        "date_modified": moment(story.changed_at),
        "authors": [{"name": story.sender.name, "url": places.newsroom(story.newsroom)}],
        "tags": [topic.name for topic in story.topics],
        "language": story.language,
    }
    if story.files:
        item["attachments"] = [
            {"url": places.file(story, file), "mime_type": file.type, "title": file.name, "size_in_bytes": file.size}
            for file in story.files
        ]
    return item


def html(story: Story) -> str:
    """The whole text, as feed readers show it."""
    edition = story.edition
    said = Markup("").join(
        Markup("<p><strong>{} ({:%Y-%m-%d}):</strong> {}</p>").format(one.kind.value.title(), one.at, one.headline)
        for one in story.said
    )
    lead = Markup("<p><strong>{}</strong> {}</p>").format(edition.dateline, edition.lead)
    return str(said + lead + story.body + story.boilerplate)


def _generated(feed: Feed) -> FeedGenerator:
    made = FeedGenerator()
    made.id(feed.here)
    made.title(xml(feed.title))
    made.description(xml(feed.title))
    made.link(href=feed.here, rel="self")
    if feed.hub:
        made.link(href=feed.hub, rel="hub")
    # The last one is the channel's own link in RSS.
    made.link(href=places.newsroom(feed.newsroom), rel="alternate")
    if feed.language:
        made.language(feed.language)
    made.generator("Dateline")
    made.updated(feed.changed_at)
    made.lastBuildDate(feed.changed_at)
    for story in feed.stories:
        _add(made, story)
    return made


def _add(made: FeedGenerator, story: Story) -> None:
    entry = made.add_entry(order="append")
    entry.id(places.uri(story))
    entry.guid(places.uri(story), permalink=False)
    entry.title(xml(title(story)))
    entry.link(href=places.story(story), rel="alternate", hreflang=story.language)
    entry.summary(xml(story.edition.subhead or story.edition.lead))
    entry.content(xml(html(story)), type="html")
    entry.author(name=xml(story.sender.name), email=story.sender.reply_to)
    entry.published(story.opens_at or story.changed_at)
    entry.updated(story.changed_at)
    for topic in story.topics:
        entry.category(term=topic.slug, label=xml(topic.name))
