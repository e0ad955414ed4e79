"""The newsroom for everybody: no account, no cookie. What is not open yet is answered like what is not there."""

import re
from dataclasses import replace
from typing import Any

from flask import Blueprint, Flask, Response, request, url_for
from sqlalchemy.orm import Session
from werkzeug.routing import BaseConverter

from service.models import Sender
from service.newsroom import lists, places, reading
from service.newsroom.changes import Standing
from service.newsroom.lists import Chosen
from service.newsroom.reading import Missing
from service.newsroom.story import Story
from service.newsroom.wire import schema_org
from service.settings import settings
from service.web import answers, languages, pages, shelf
from service.web.answers import Made
from service.web.database import transaction

bp = Blueprint("newsroom", __name__)


class Slug(BaseConverter):
    """A slug as senders, topics and releases have it; nothing else reaches the database."""

    regex = r"[a-z0-9][a-z0-9-]{0,120}"
    part_isolating = True


class Language(BaseConverter):
    """A language tag (BCP 47)."""

    regex = r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}"
    part_isolating = True


class Key(BaseConverter):
    """What stands in a file's address: 128 bits in hexadecimal digits."""

    regex = r"[0-9a-f]{32}"
    part_isolating = True


def convert(app: Flask) -> None:
    """Let the routes of this application use them."""
    app.url_map.converters.update(slug=Slug, language=Language, key=Key)
    app.jinja_env.globals.update(at=at, address_here=address)


@bp.get("/newsroom/")
def index() -> Response:
    """The newsrooms there are."""
    with transaction() as session:
        return answers.page(pages.plain("newsroom/index.html", newsrooms=lists.newsrooms(session)))


@bp.get("/newsroom/<slug:newsroom>/")
def front(newsroom: str) -> Response:
    """Its latest releases, its topics, and whom to call."""
    language = asked("language", Language)

    def make(session: Session, standing: Standing) -> Made:
        sender = standing.sender
        context = {
            "topics": lists.topics(session, sender),
            "languages": lists.languages(session, sender),
            "hub": settings().websub_hub,
            "contacts": lists.contacts(session, sender),
            "language": language,
        }
        return _listed(session, standing, "newsroom/front.html", Chosen(language=language), **context)

    return shelf.answer(newsroom, make)


@bp.get("/newsroom/<slug:newsroom>/topics/<slug:topic>")
def topic(newsroom: str, topic: str) -> Response:
    """Its releases on one topic."""

    def make(session: Session, standing: Standing) -> Made:
        found = lists.topic(session, standing.sender, topic)
        return _listed(session, standing, "newsroom/topic.html", Chosen(topic=found.id), topic=found)

    return shelf.answer(newsroom, make)


@bp.get("/newsroom/<slug:newsroom>/search")
def search(newsroom: str) -> Response:
    """What its releases say: words, "phrases", or, -without."""
    words = lists.searched(request.args.get("q", ""))

    def make(session: Session, standing: Standing) -> Made:
        if not words:
            nothing = lists.Listed((), 1, more=False)
            return answers.made(pages.plain("newsroom/search.html", sender=standing.sender, words="", found=nothing))
        return _listed(session, standing, "newsroom/search.html", Chosen(words=words), words=words)

    return shelf.answer(newsroom, make)


@bp.get("/newsroom/<slug:newsroom>/archive")
def archive(newsroom: str) -> Response:
    """The months in which it released something."""

    def make(session: Session, standing: Standing) -> Made:
        months = lists.months(session, standing.sender)
        content = pages.plain("newsroom/archive.html", sender=standing.sender, months=months)
        return answers.made(content, changed=standing.changed_at)

    return shelf.answer(newsroom, make)


@bp.get("/newsroom/<slug:newsroom>/archive/<int(min=1900, max=9998):year>/<int(min=1, max=12):month>")
def month(newsroom: str, year: int, month: int) -> Response:
    """One month of it."""

    def make(session: Session, standing: Standing) -> Made:
        chosen = Chosen(year=year, month=month)
        return _listed(session, standing, "newsroom/month.html", chosen, month=lists.Month(year, month, 0))

    return shelf.answer(newsroom, make)


@bp.get("/newsroom/<slug:newsroom>/releases/<slug:slug>")
def release(newsroom: str, slug: str) -> Response:
    """A release at its permanent address, in its first language."""
    return _release(newsroom, slug, "")


@bp.get("/newsroom/<slug:newsroom>/releases/<slug:slug>/<language:language>")
def edition(newsroom: str, slug: str, language: str) -> Response:
    """The same in another language."""
    return _release(newsroom, slug, language)


def _release(newsroom: str, slug: str, language: str) -> Response:
    def make(session: Session, standing: Standing) -> Made | Response:
        story = reading.story(session, newsroom, slug, language)
        languages.of_content(story.language)
        if story.withdrawn:
            return gone(story)
        context = {
            "story": story,
            "sender": standing.sender,
            "places": places,
            "data": schema_org.block(story),
            "about": reading.about(session, story.release_id),
            "related": _related(session, standing.sender, story),
        }
        return answers.made(pages.plain("newsroom/release.html", **context), changed=story.changed_at)

    return shelf.answer(newsroom, make)


def gone(story: Story) -> Response:
    """It was here and was taken back: said, with its reason, and none of its words."""
    languages.of_content(story.language)
    return Response(pages.plain("newsroom/gone.html", story=story), 410)


def asked(name: str, kind: type[BaseConverter]) -> str:
    """A part of the query, empty if it is not there. Raises Missing for what cannot be one."""
    value = request.args.get(name, "")
    if value and not re.fullmatch(kind.regex, value):
        raise Missing
    return value


def page_number() -> int:
    """Which page of a list is asked for; the first, when that is no number."""
    asked = request.args.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def _related(session: Session, sender: Sender, story: Story) -> tuple[lists.Entry, ...]:
    wanted = [topic.id for topic in lists.topics(session, sender) if topic.slug in {one.slug for one in story.topics}]
    return lists.related(session, sender, story.release_id, wanted) if wanted else ()


def _listed(session: Session, standing: Standing, template: str, chosen: Chosen, **context: Any) -> Made:
    chosen = replace(chosen, preferred=languages.asked() or "")
    found = lists.entries(session, standing.sender, chosen, page=page_number())
    if found.page > 1 and not found.entries:
        raise Missing
    content = pages.plain(template, sender=standing.sender, found=found, **context)
    return answers.made(content, changed=standing.changed_at)


def at(**changes: Any) -> str:
    """The address of this page with these changes to what its newsroom reads of a query; None leaves a part out."""
    kept = {name: request.args[name] for name in shelf.PARAMETERS if name in request.args}
    values: dict[str, Any] = {**(request.view_args or {}), **kept, **changes}
    return url_for(request.endpoint or "newsroom.index", **values)


def address(**changes: Any) -> str:
    """The same, whole: made from our own base address and never from Host."""
    return settings().base_url + at(**changes)
