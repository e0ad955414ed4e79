"""What programs read: feeds, ninjs, NewsML-G2, sitemaps. The same rules as for pages: open, withdrawn, or not there."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from service.models import Sender
from service.newsroom import lists, places, reading, surroundings
from service.newsroom.changes import Standing
from service.newsroom.lists import Chosen
from service.newsroom.story import Story
from service.newsroom.wire import feeds, newsml, ninjs, schema_org, sitemaps
from service.settings import settings
from service.web import answers, shelf
from service.web.answers import Made
from service.web.database import transaction
from service.web.newsroom import Language, Slug, asked

bp = Blueprint("wire", __name__)

JSON = "application/json; charset=utf-8"
XML = "application/xml; charset=utf-8"
FEEDS: dict[str, tuple[Any, str]] = {
    "rss": (feeds.rss, "application/rss+xml; charset=utf-8"),
    "atom": (feeds.atom, "application/atom+xml; charset=utf-8"),
    "json": (lambda feed: _json(feeds.json_feed(feed)), "application/feed+json; charset=utf-8"),
}
ITEMS: dict[str, tuple[Any, str]] = {
    "ninjs.json": (lambda story: _json(ninjs.ninjs_3(story)), JSON),
    "ninjs-2.json": (lambda story: _json(ninjs.ninjs_2(story)), JSON),
    "newsml.xml": (newsml.item, XML),
    "article.jsonld": (lambda story: _json(schema_org.article(story)), "application/ld+json; charset=utf-8"),
}
NEWS_FOR = timedelta(days=2)
"""What Google reads of a news sitemap."""


@bp.get("/newsroom/<slug:newsroom>/feed.<any(rss, atom, json):form>")
def feed(newsroom: str, form: str) -> Response:
    """The newest releases, of one topic or in one language if asked."""
    write, content_type = FEEDS[form]

    def make(session: Session, standing: Standing) -> Made:
        found = _feed(session, standing.sender, form)
        links = [f'<{found.here}>; rel="self"', *([f'<{found.hub}>; rel="hub"'] if found.hub else [])]
        return answers.made(write(found), content_type, found.changed_at, tuple(links))

    return shelf.answer(newsroom, make)


@bp.get(
    "/newsroom/<slug:newsroom>/releases/<slug:slug>/<language:language>/"
    "<any('ninjs.json', 'ninjs-2.json', 'newsml.xml', 'article.jsonld'):form>"
)
def item(newsroom: str, slug: str, language: str, form: str) -> Response:
    """One edition. What was withdrawn says so: 410, and a status in the formats that have one."""
    write, content_type = ITEMS[form]

    def make(session: Session, _standing: Standing) -> Made | Response:
        story = reading.story(session, newsroom, slug, language)
        if not story.withdrawn:
            return answers.made(write(story), content_type, story.changed_at)
        if form == "article.jsonld":
            return Response(_json({"@context": "https://schema.org", "@id": places.uri(story)}), 410, content_type=JSON)
        return Response(write(story), 410, content_type=content_type)

    return shelf.answer(newsroom, make)


@bp.get("/newsroom/<slug:newsroom>/wire/<any('ninjs.json', 'ninjs-2.json', 'newsml.xml'):form>")
def wire(newsroom: str, form: str) -> Response:
    """The newest editions, and what was withdrawn lately, as one document: ninjs items in an array, a newsMessage."""

    def make(session: Session, standing: Standing) -> Made:
        found = _editions(session, standing.sender)
        if form == "newsml.xml":
            return answers.made(newsml.message(found, newsroom), XML)
        write = ninjs.ninjs_3 if form == "ninjs.json" else ninjs.ninjs_2
        return answers.made(_json([write(story) for story in found]), JSON)

    return shelf.answer(newsroom, make)


@bp.get("/newsroom/<slug:newsroom>/sitemap-<int(min=1900, max=9998):year>.xml")
def sitemap(newsroom: str, year: int) -> Response:
    """Every edition of a year's releases."""

    def make(session: Session, standing: Standing) -> Made:
        found = lists.all_entries(session, standing.sender, Chosen(year=year))
        return answers.made(sitemaps.releases(newsroom, found), XML)

    return shelf.answer(newsroom, make)


@bp.get("/newsroom/<slug:newsroom>/news-sitemap.xml")
def news_sitemap(newsroom: str) -> Response:
    """The releases of the last two days, as news."""
    with transaction() as session:
        sender = lists.newsroom(session, newsroom)
        recent = [
            entry for entry in lists.entries(session, sender).entries if entry.opens_at > datetime.now(UTC) - NEWS_FOR
        ]
    return answers.kept(sitemaps.news(newsroom, sender.name, recent), XML)


@bp.get("/sitemap.xml")
def sitemap_index() -> Response:
    """The sitemaps of all newsrooms."""
    with transaction() as session:
        found = []
        for sender in lists.newsrooms(session):
            here = places.newsroom(sender.slug)
            found.append((f"{here}news-sitemap.xml", None))
            found += [(f"{here}sitemap-{year}.xml", None) for year in lists.years(session, sender)]
    return answers.kept(sitemaps.index(found), XML)


@bp.get("/robots.txt")
def robots() -> Response:
    """Newsrooms are for everybody; links that hold a token are for nobody's index."""
    lines = ["User-agent: *", "Allow: /newsroom/", "Disallow: /", "", f"Sitemap: {settings().base_url}/sitemap.xml"]
    return answers.kept("\n".join(lines) + "\n", "text/plain; charset=utf-8")


def _feed(session: Session, sender: Sender, form: str) -> feeds.Feed:
    topic, language = asked("topic", Slug), asked("language", Language)
    found = lists.topic(session, sender, topic) if topic else None
    chosen = Chosen(topic=found.id if found else None, language=language)
    entries = lists.entries(session, sender, chosen).entries
    query = "&".join(f"{name}={value}" for name, value in (("topic", topic), ("language", language)) if value)
    return feeds.Feed(
        title=": ".join(filter(None, (sender.name, surroundings.name_of(found, language) if found else ""))),
        newsroom=sender.slug,
        here=f"{places.newsroom(sender.slug)}feed.{form}{'?' if query else ''}{query}",
        language=language or sole_language(entries),
        hub=settings().websub_hub,
        stories=reading.stories(session, [(entry.release_id, entry.language) for entry in entries]),
    )


def sole_language(entries: tuple[lists.Entry, ...]) -> str:
    """The language of all of them, or empty."""
    found = {entry.language for entry in entries}
    return found.pop() if len(found) == 1 else ""


def _editions(session: Session, sender: Sender) -> list[Story]:
    newest = lists.newest(session, sender)
    return reading.stories(session, [(id_, language) for id_, languages in newest for language in languages])


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
