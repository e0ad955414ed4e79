"""What holds for every answer, whatever was asked: headers, CSRF, hosts, no inline script, no word of our insides."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session, object_session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from service.app import create_app
from service.models import Publication, Release, Sender
from service.settings import read
from service.signing import Purpose, sign
from service.web.database import Transaction
from service.web.headers import CONTENT_SECURITY_POLICY
from service.web.writing import PREVIEW_POLICY
from tests.factories import Newsroom, make_newsroom
from tests.service.web.conftest import Browser, csrf, open_browser
from tests.service.web.office import send_a_release

ADDRESS = "@".join(("cleo", "daily.example"))  # written so that no line of code shown in a trace holds it
OPEN = {"leave", "subscribe", "preferences", "person", "webhooks", "newsroom", "wire", "press_kit", "embargo"}
"""Blueprints without a session that another site could ride on."""
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:|<meta http-equiv|"
    # A data block runs nothing: the policy refuses it no more than it refuses text.
    r"<script(?! type=\"application/ld\+json\">)(?![^>]*\ssrc=\"/static/)",
    re.I,
)


@pytest.fixture
def release(session: Session, newsroom: Newsroom) -> Release:
    return send_a_release(session, newsroom)


@pytest.fixture
def ada(signed_in: Browser, newsroom: Newsroom) -> FlaskClient:
    return signed_in(newsroom.ada)


@pytest.fixture
def broken(app: Flask) -> Flask:
    """An application with one page that fails while it holds somebody's address."""

    @app.get("/releases/broken")
    def fail() -> str:
        raise ValueError(ADDRESS)

    return app


def paths(app: Flask, release: Release, method: str) -> dict[str, str]:
    """A real address for every route that takes this method, by endpoint."""
    values = {
        "id_": release.id,
        "other": release.id,
        "filename": "site.css",
        "token": sign(Purpose.LEAVE, release.id),
        "provider": "ses",
        "number": 1,
        "language": "en",
        "slug": "rivers",
        **public(release),
    }
    found = {}
    with app.test_request_context(headers={"Host": "press.dateline.example"}):
        for rule in app.url_map.iter_rules():
            if method in (rule.methods or ()):
                adapter = app.url_map.bind("press.dateline.example")
                found[rule.endpoint] = adapter.build(
                    rule.endpoint, {name: values[name] for name in rule.arguments if name in values} | forms(rule)
                )
    return found


def public(release: Release) -> dict[str, Any]:
    """What stands in the addresses of the newsroom."""
    session = object_session(release)
    assert session is not None
    publication = session.get_one(Publication, release.id)
    newsroom = session.get_one(Sender, release.sender_id).slug
    here = {"newsroom": newsroom, "slug": publication.slug, "topic": "water", "language": "en"}
    return here | {"key": "0" * 32, "name": "a.jpg", "year": 2026, "month": 11, "reader": release.id}


def forms(rule: Rule) -> dict[str, str]:
    """The first form of a route that has several."""
    found = re.search(r"<any\(['\"]?([a-z0-9.-]+).*?\):(\w+)>", rule.rule)
    return {found[2]: found[1]} if found else {}


def policy_of(answer: TestResponse) -> str:
    """A mail is shown with its own styles, in a frame that can do nothing else."""
    shown = "/preview/" in answer.request.path and answer.status_code == 200
    return PREVIEW_POLICY if shown else CONTENT_SECURITY_POLICY


def answers(app: Flask, ada: FlaskClient, release: Release) -> Iterator[TestResponse]:
    for client in (ada, open_browser(app)):
        for path in [
            *paths(app, release, "GET").values(),
            "/nowhere",
            "/releases/",
            "/static/nowhere",
            "/releases/broken",
        ]:
            yield client.get(path)
            yield client.post(path)
            yield client.delete(path)


def test_the_security_headers_are_on_every_answer(broken: Flask, ada: FlaskClient, release: Release) -> None:
    statuses = set()
    for answer in answers(broken, ada, release):
        statuses.add(answer.status_code)
        headers = answer.headers
        assert headers["Content-Security-Policy"] == policy_of(answer)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")
        assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store" or is_kept(answer)
        assert "Access-Control-Allow-Origin" not in headers
        assert "Strict-Transport-Security" not in headers
    assert {200, 302, 403, 404, 405, 500} <= statuses


def is_kept(answer: TestResponse) -> bool:
    """Whether anybody may see it, so that caches may keep it for a moment."""
    path = answer.request.path
    kept = path.startswith(("/static/", "/newsroom/")) or path in ("/robots.txt", "/sitemap.xml")
    return kept and answer.status_code < 400


def test_behind_https_browsers_are_told_to_stay_there(transaction: Transaction) -> None:
    key = "k" * 32
    settings = read(base_url="https://press.dateline.example", secret_key=key, suppression_key=key)
    client = open_browser(create_app(settings, transaction=transaction))
    for path in ("/sign-in", "/nowhere", "/static/site.css"):
        assert client.get(path).headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_no_page_holds_inline_script_or_style(broken: Flask, ada: FlaskClient, release: Release) -> None:
    seen = 0
    for answer in answers(broken, ada, release):
        if answer.mimetype == "text/html" and "</main>" in answer.text:
            seen += 1
            assert not INLINE.search(answer.text), (answer.request.path, INLINE.search(answer.text))
            assert '<html lang="en" dir="ltr"' in answer.text
            assert answer.text.count("<h1") == 1
    assert seen > 20


@pytest.mark.parametrize("attack", ["none", "anothers", "query", "json"])
def test_every_post_without_this_sessions_token_is_refused(
    app: Flask, ada: FlaskClient, signed_in: Browser, session: Session, release: Release, attack: str
) -> None:
    token = csrf(signed_in(make_newsroom(session).ada), "/releases")["csrf_token"]
    posts = {
        endpoint: path
        for endpoint, path in paths(app, release, "POST").items()
        if endpoint.partition(".")[0] not in OPEN
    }
    assert {"releases.pause", "releases.stop", "security.login", "security.logout"} <= set(posts)
    for endpoint, path in posts.items():
        answer = {
            "none": lambda path=path: ada.post(path),
            "anothers": lambda path=path: ada.post(path, data={"csrf_token": token}),
            "query": lambda path=path: ada.post(f"{path}?csrf_token={token}"),
            "json": lambda path=path: ada.post(path, data=b'{"csrf_token": ""}', content_type="text/plain"),
        }[attack]()
        assert answer.status_code == 403, endpoint
    assert ada.get("/releases").status_code == 200
    assert release.state.value == "sending"


def test_nothing_changes_by_asking(app: Flask, ada: FlaskClient, session: Session, release: Release) -> None:
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(statement)

    event.listen(session.connection(), "before_cursor_execute", note)
    for path in paths(app, release, "GET").values():
        ada.get(path)
        ada.head(path)
    assert written == []
    ada.post(f"/releases/{release.id}/pause", data=csrf(ada, "/releases"))
    assert written != []


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "press.dateline.example.evil.example", "a b", ""])
def test_another_host_is_not_served(client: FlaskClient, host: str) -> None:
    for path in ("/sign-in", "/releases", "/static/site.css", "/nowhere"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.text
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_forwarded_hosts_are_not_believed(client: FlaskClient) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Forwarded-Proto": "https"}
    for path in ("/", "/sign-in", "/releases"):
        answer = client.get(path, headers=forged)
        assert "evil" not in answer.text + str(answer.headers)


def test_a_fault_of_ours_shows_a_number_and_nothing_of_our_insides(
    broken: Flask, ada: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    page = ada.get("/releases/broken")
    assert page.status_code == 500
    number = re.search(r"<code>([0-9a-f]{16})</code>", page.text)
    assert number is not None
    for word in ("cleo", "ValueError", "Traceback", ".py"):
        assert word not in page.text
    said = capsys.readouterr()
    assert number[1] in said.out + said.err
    assert ADDRESS not in said.out + said.err


def test_while_the_database_is_away_every_page_says_so(ada: FlaskClient, app: Flask, release: Release) -> None:
    away = open_browser(create_app(read(base_url="http://press.dateline.example"), transaction=_away))
    cookie = ada.get_cookie("dateline")
    assert cookie is not None
    away.set_cookie("dateline", cookie.value)
    token = sign(Purpose.LEAVE, release.id)
    asked = [away.get("/releases"), away.get(f"/releases/{release.id}/report.json")]
    asked.append(away.post(f"/leave/{token}", data={"List-Unsubscribe": "One-Click"}))
    for answer in asked:
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        assert "Try again in a moment" in answer.text
        assert "psycopg" not in answer.text
    assert away.get("/static/public.css").status_code == 200
    assert away.get("/health").text == "alive\n"
    assert away.get(f"/leave/{token}").status_code == 200


@contextmanager
def _away() -> Iterator[Session]:
    with Session(create_engine("postgresql+psycopg://nobody@127.0.0.1:1/away")) as session, session.begin():
        yield session


def test_a_request_too_large_is_refused(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data=b"x" * (3 * 1024 * 1024), content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
