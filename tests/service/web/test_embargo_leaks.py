"""Before its instant a release does not exist: every public answer is the same bytes, be it there or not."""

import re
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from itertools import product
from random import randrange
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import BuildError, Rule

from service.app import create_app
from service.models import NoticeKind, Publication, Release
from service.newsroom import publishing
from service.settings import read
from service.web import shelf
from service.web.security import PUBLIC, PUBLIC_BLUEPRINTS
from tests.factories import Newsroom
from tests.service.newsroom import stories
from tests.service.web.conftest import open_browser

CANARY = "quixotically"
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
AGO = "Thu, 01 Jan 2026 00:00:00 GMT"
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"Accept": "application/json"},
    {"Accept": "application/ld+json, text/markdown;q=0.5"},
    {"Accept": "image/webp", "Accept-Language": "ru"},
    {"Range": "bytes=0-"},
    {"Range": "bytes=5-10"},
    {"If-None-Match": "*"},
    {"If-Match": "*"},
    {"If-Modified-Since": AGO},
    {"If-Unmodified-Since": AGO},
    {"X-Requested-With": "XMLHttpRequest", "Origin": "https://evil.example"},
    {"X-HTTP-Method-Override": "GET", "X-Forwarded-Host": "evil.example"},
)
QUERIES = ("", "?preview=1&format=amp&draft=true", f"?q={CANARY}&topic=water&language=en&page=1")
UNKNOWN = "0" * 32
PASSING = ("Date", "Expires", "Set-Cookie")
"""Headers that differ each time: Expires is on style sheets only, cookies and CSRF tokens are on the sign-in forms."""
TOKEN = re.compile(rb'name="(csrf_token|stamp)" value="[^"]+"')
"""What a form carries of its own moment."""
Answer = tuple[int, tuple[tuple[str, str], ...], bytes]


def routes(app: Flask) -> Iterator[Rule]:
    """Every route that asks nobody to sign in, those that are not written yet among them."""
    for rule in app.url_map.iter_rules():
        blueprint = rule.endpoint.partition(".")[0]
        if rule.endpoint in PUBLIC or blueprint in PUBLIC_BLUEPRINTS:
            yield rule


def values(room: Newsroom, publication: Publication, key: str) -> dict[str, list[Any]]:
    """What stands in an address, for each part of it that has a name."""
    hour = publication.opens_at
    assert hour is not None
    return {
        "newsroom": [room.sender.slug],
        "sender": [room.sender.slug],
        "slug": [publication.slug, room.sender.slug],
        "topic": ["water"],
        "language": ["en", "ru"],
        "form": ["rss", "atom", "json", "ninjs.json", "ninjs-2.json", "newsml.xml", "article.jsonld", "txt", "pdf"],
        "key": [key],
        "name": ["river.jpg"],
        "year": [hour.year],
        "month": [hour.month],
        "token": [publication.release_id.hex + "0" * 20],
        "filename": ["site.css"],
        "id_": [publication.release_id],
    }


def addresses(app: Flask, known: dict[str, list[Any]]) -> list[str]:
    """Each route with each of these values; and, of releases, spelt in ways that a sloppy look-up would take."""
    adapter = app.url_map.bind("press.dateline.example")
    found: dict[str, None] = {}
    for rule in routes(app):
        names = sorted(rule.arguments)
        for chosen in product(*(known.get(name, [known["slug"][0]]) for name in names)):
            with suppress(BuildError, ValueError):  # a form that this route does not have
                found[adapter.build(rule.endpoint, dict(zip(names, chosen, strict=True)))] = None
    slug = known["slug"][0]
    for path in list(found):
        if slug in path:
            found |= dict.fromkeys(
                (path + "/", path.replace(slug, slug.upper()), path.replace(slug, slug + "%2e"), "/" + path)
            )
    return list(found)


def ask(client: FlaskClient, path: str, method: str, headers: dict[str, str]) -> Answer:
    body = {"embargo": "accept", "file": UNKNOWN} if method in ("POST", "PUT", "PATCH") else None
    answer = client.open(path, method=method, headers=headers, data=body)
    kept = tuple(sorted((name, value) for name, value in answer.headers if name not in PASSING))
    return answer.status_code, kept, TOKEN.sub(b"", answer.get_data())


def questions(path: str) -> Iterator[tuple[str, str, int]]:
    """What is asked of an address: query, method, and which headers.

    Who asks for a page gets all of them; a method no route takes, and a spelling none has, need fewer.
    """
    queries = QUERIES if is_ours(path) else QUERIES[::2]
    for query in queries:
        yield from ((query, "GET", number) for number in range(0, len(HEADERS), 4 if query else 1))
    for query in queries if is_ours(path) else QUERIES[:1]:
        yield from ((query, "HEAD", number) for number in range(0, len(HEADERS), 12 if query else 3))
    for method in METHODS[2:]:
        yield from ((query, method, 0) for query in (QUERIES[::2] if is_ours(path) else QUERIES[:1]))


def is_ours(path: str) -> bool:
    """Whether we would spell an address so."""
    return not path.startswith("//") and not path.endswith("/") and "%" not in path and path == path.lower()


def ask_everything(app: Flask, paths: list[str]) -> dict[tuple[str, str, int], Answer]:
    found = {}
    shelf.equip(app)  # what was kept of one world is not to be shown as the other's
    client = open_browser(app)
    # From a network of its own, so that what strangers may ask for is counted alike for both.
    client.environ_base["REMOTE_ADDR"] = f"10.{randrange(256)}.{randrange(256)}.1"
    for path in paths:
        for query, method, number in questions(path):
            found[path + query, method, number] = ask(client, path + query, method, HEADERS[number])
    return found


@pytest.fixture
def app(session: Session) -> Flask:
    """Without a savepoint around each of ten thousand requests: that took a quarter of the time, and none writes."""
    return create_app(read(base_url="http://press.dateline.example"), transaction=lambda: nullcontext(session))


@pytest.mark.timeout(300)
def test_no_public_answer_tells_that_there_is_an_embargoed_release(
    app: Flask, session: Session, newsroom: Newsroom
) -> None:
    earlier = stories.publish(session, newsroom, "The river was measured")
    with session.begin_nested() as there:
        until, others = stories.in_an_hour(), [("ru", f"{CANARY} вода")]
        release = stories.write(session, newsroom, f"Levels {CANARY} fall", embargo=until, others=others)
        key = stories.attach(session, newsroom, release).key
        before = session.get_one(Release, earlier.release_id)
        publishing.is_about(session, release, before, NoticeKind.KILL, by=newsroom.ada)
        hidden = stories.approve(session, newsroom, release, until)
        assert hidden.opens_at == until
        paths = addresses(app, values(newsroom, hidden, key))
        with_it = ask_everything(app, paths)
        there.rollback()
    session.expire_all()
    without = ask_everything(app, paths)
    assert session.get(Publication, release.id) is None
    assert len(with_it) >= 5000
    different = [asked for asked, answer in with_it.items() if without[asked] != answer]
    assert [(asked, with_it[asked], without[asked]) for asked in different[:3]] == []
    assert different == []
    # A search says what was searched for, and a page about subscribing links to itself: the visitor's own words.
    said = {asked for asked, (_, _, body) in with_it.items() if CANARY.encode() in body}
    assert not [asked for asked in said if "q=" not in asked[0] and not asked[0].lstrip("/").startswith("subscribe/")]
    statuses = {status for status, _, _ in with_it.values()}
    assert {200, 206, 304, 404, 405, 412} <= statuses
    assert max(statuses) < 500
