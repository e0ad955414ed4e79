"""No GET, HEAD, OPTIONS or prefetch of any address of ours changes a row of any table, whatever token it holds."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from service import preferences
from service.addresses import fingerprint
from service.models import AccountMailKind, Delivery, Journalist, Release
from service.signing import Purpose, sign
from tests.factories import Newsroom
from tests.service.web.conftest import Browser
from tests.service.web.office import send_a_release
from tests.service.web.reader import mails, network, sent, somebody, subscribe
from tests.service.web.rows import snapshot

PREFETCHES: tuple[dict[str, str], ...] = (
    {"Sec-Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch"},
    {"X-Moz": "prefetch"},
)
QUERIES = ("", "?List-Unsubscribe=One-Click", "?topics=&frequency=weekly", "?lang=kk&newsroom=x")


@pytest.fixture
def release(session: Session, newsroom: Newsroom) -> Release:
    return send_a_release(session, newsroom)


@pytest.fixture
def tokens(session: Session, newsroom: Newsroom, release: Release, client: FlaskClient) -> list[str]:
    """One of each kind that opens something, and some that open nothing."""
    delivery = session.query(Delivery).filter_by(release_id=release.id, state="accepted").all()[0]
    journalist = session.get_one(Journalist, delivery.journalist_id)
    journalist.address = journalist.address_canonical = address = somebody()
    journalist.fingerprint = fingerprint(address)
    session.flush()
    subscribe(client, newsroom, somebody())
    preferences.mail_link(session, journalist)
    preferences.change_address(session, journalist, somebody(), language="en")
    found = [sign(Purpose.LEAVE, delivery.id), sign(Purpose.PREFERENCES, delivery.id), "0" * 52]
    for mail, link in sent(session):
        assert mail.kind in AccountMailKind
        found.append(link.rpartition("/")[2])
    assert len(found) == 7
    return found


def addresses(app: Flask, newsroom: Newsroom, release: Release, tokens: list[str]) -> Iterator[tuple[str, str]]:
    """Every rule with every value it can be given, by method."""
    adapter = app.url_map.bind("press.dateline.example")
    for rule in app.url_map.iter_rules():
        for token in tokens if "token" in rule.arguments else [""]:
            values: dict[str, object] = {
                "id_": release.id,
                "filename": "public.css",
                "token": token,
                "number": 1,
                "other": release.id,
            }
            values |= {
                "slug": newsroom.sender.slug,
                "newsroom": newsroom.sender.slug,
                "topic": "water",
                "language": "en",
            }
            values |= {
                "key": "0" * 32,
                "name": "a.jpg",
                "year": 2026,
                "month": 11,
                "reader": release.id,
                "provider": "ses",
            }
            given = {name: values[name] for name in rule.arguments if name in values} | form_of(rule)
            yield rule.endpoint, adapter.build(rule.endpoint, given, method=next(iter(rule.methods or {"GET"})))


def form_of(rule: Rule) -> dict[str, str]:
    """The first form of a route that has several."""
    found = re.search(r"<any\(['\"]?([a-z0-9.-]+).*?\):(\w+)>", rule.rule)
    return {found[2]: found[1]} if found else {}


def questions(*, thoroughly: bool) -> Iterator[tuple[str, str, dict[str, str]]]:
    """What is asked of an address: query, method, headers; of one that holds a token all there is."""
    yield from ((query, "GET", {}) for query in QUERIES[: None if thoroughly else 2])
    yield from (("", "GET", headers) for headers in PREFETCHES[: None if thoroughly else 1])
    yield from ((query, "HEAD", {}) for query in QUERIES[: 2 if thoroughly else 1])
    yield "", "OPTIONS", {}


def test_looking_changes_no_row_of_any_table(
    app: Flask,
    session: Session,
    newsroom: Newsroom,
    release: Release,
    signed_in: Browser,
    client: FlaskClient,
    tokens: list[str],
) -> None:
    ada = signed_in(newsroom.ada)
    before, opened, asked = snapshot(session), set(), 0
    # Who is signed in is asked for every page; that a token is theirs to use changes nothing of what it opens.
    for browser, held in ((client, tokens), (ada, tokens[:2])):
        for endpoint, path in addresses(app, newsroom, release, held):
            for query, method, headers in questions(thoroughly=path.split("/")[-1] in held):
                answer = browser.open(path + query, method=method, headers=headers)
                asked += 1
                if method == "GET" and answer.status_code == 200:
                    opened.add(endpoint)
        assert snapshot(session) == before
    assert asked > 1000
    assert {"leave.ask", "subscribe.form", "subscribe.confirmation", "preferences.show", "person.agreement"} <= opened
    assert {"person.ask_to_erase", "releases.show"} <= opened


def test_the_snapshot_sees_what_a_button_does(
    session: Session, newsroom: Newsroom, client: FlaskClient, tokens: list[str]
) -> None:
    before = snapshot(session)
    client.environ_base["REMOTE_ADDR"] = network()
    assert client.post(f"/leave/{tokens[0]}", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    after = snapshot(session)
    assert {table for table in before if before[table] != after[table]} == {"subscription"}
    assert mails(session)
