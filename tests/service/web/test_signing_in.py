"""Coming in: the first link, the password, and what never lets anybody in."""

from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service import accounts
from service.app import create_app
from service.settings import read
from service.web.database import Transaction
from tests.factories import Newsroom
from tests.service.web.conftest import Browser, csrf, follow, open_browser

PASSWORD = "river levels in autumn"


@pytest.fixture
def ada(signed_in: Browser, newsroom: Newsroom) -> FlaskClient:
    """Ada, who came by her link and has chosen a password."""
    ada = signed_in(newsroom.ada)
    assert ada.post("/password", data={"password": PASSWORD, **csrf(ada, "/password")}).status_code == 302
    return ada


def sign_in(client: FlaskClient, email: str, password: str, **more: str) -> tuple[int, str]:
    data = {"email": email, "password": password, **csrf(client, "/sign-in"), **more}
    answer = client.post("/sign-in", data=data)
    return answer.status_code, answer.location or ""


def test_opening_the_first_link_uses_nothing_up(client: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    link = accounts.sign_in_link(session, newsroom.ada)
    for _ in range(5):
        assert client.get("/sign-in/" + link.rpartition("/")[2]).status_code == 200
        client.head("/sign-in/" + link.rpartition("/")[2])
    answer = follow(client, link)
    assert (answer.status_code, answer.location) == (302, "/password")


def test_the_first_link_signs_in_once(app: Flask, session: Session, newsroom: Newsroom) -> None:
    link = accounts.sign_in_link(session, newsroom.ada)
    ada, thief = open_browser(app), open_browser(app)
    follow(ada, link)
    refused = follow(thief, link)
    assert refused.status_code == 422
    assert "has been used or has expired" in refused.text
    assert thief.get("/releases").location.startswith("/sign-in")
    assert ada.get("/releases").status_code == 200


def test_nothing_of_the_session_before_is_worth_anything_after_the_link(
    app: Flask, session: Session, newsroom: Newsroom
) -> None:
    ada = open_browser(app)
    planted = csrf(ada, "/sign-in")
    follow(ada, accounts.sign_in_link(session, newsroom.ada))
    assert ada.post("/sign-out", data=planted).status_code == 403


def test_who_is_signed_in_is_not_asked_again(signed_in: Browser, newsroom: Newsroom) -> None:
    assert signed_in(newsroom.ada).get("/sign-in").location == "/"


def test_an_invented_link_is_answered_like_a_used_one(client: FlaskClient) -> None:
    assert follow(client, "/sign-in/invented").status_code == 422


def test_a_password_signs_in(ada: FlaskClient, app: Flask, newsroom: Newsroom) -> None:
    assert sign_in(open_browser(app), newsroom.ada.email, PASSWORD) == (302, "/")
    assert newsroom.ada.password is not None
    assert newsroom.ada.password.startswith("$argon2id$")


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(
    ada: FlaskClient, app: Flask, newsroom: Newsroom
) -> None:
    answers = []
    for email, password in ((newsroom.ada.email, "not the password"), ("nobody@rivers.example", PASSWORD)):
        client = open_browser(app)
        data = {"email": email, "password": password, **csrf(client, "/sign-in")}
        answer = client.post("/sign-in", data=data)
        answers.append((answer.status_code, answer.text.replace(email, "").replace(data["csrf_token"], "")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 422
    assert "do not belong together" in answers[0][1]


def test_a_closed_account_gets_no_further(ada: FlaskClient, app: Flask, session: Session, newsroom: Newsroom) -> None:
    newsroom.ada.active = False
    session.flush()
    assert ada.get("/releases").status_code == 302
    assert sign_in(open_browser(app), newsroom.ada.email, PASSWORD)[0] == 422


def test_a_new_password_ends_the_other_sessions(ada: FlaskClient, app: Flask, newsroom: Newsroom) -> None:
    elsewhere = open_browser(app)
    sign_in(elsewhere, newsroom.ada.email, PASSWORD)
    data = {"current": PASSWORD, "password": "snow on the passes", **csrf(elsewhere, "/password")}
    assert elsewhere.post("/password", data=data).status_code == 302
    assert ada.get("/releases").status_code == 302
    assert elsewhere.get("/releases").status_code == 200


def test_who_came_by_password_must_know_it_to_change_it(ada: FlaskClient, app: Flask, newsroom: Newsroom) -> None:
    elsewhere = open_browser(app)
    sign_in(elsewhere, newsroom.ada.email, PASSWORD)
    data = {"current": "a guess of mine", "password": "snow on the passes", **csrf(elsewhere, "/password")}
    refused = elsewhere.post("/password", data=data)
    assert refused.status_code == 422
    assert "not your current password" in refused.text
    assert ada.get("/releases").status_code == 200


def test_a_short_password_is_refused(signed_in: Browser, newsroom: Newsroom) -> None:
    ada = signed_in(newsroom.ada)
    refused = ada.post("/password", data={"password": "eleven char", **csrf(ada, "/password")})
    assert refused.status_code == 422
    assert newsroom.ada.password is None


def test_signing_out_takes_a_post(ada: FlaskClient) -> None:
    assert ada.get("/sign-out").status_code == 405
    assert ada.post("/sign-out", data=csrf(ada, "/releases")).status_code == 302
    assert ada.get("/releases").status_code == 302


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example", "https://evil.example", "https:evil.example", "\t//evil.example", "/\t/evil.example",
        "/\\evil.example", "\\\\evil.example", "http://press.dateline.example@evil.example", "///evil.example",
        "javascript:alert(1)", " //evil.example", "/releases\r\nLocation: //evil.example",
    ],
)  # fmt: skip
def test_next_never_leaves_the_site(ada: FlaskClient, app: Flask, newsroom: Newsroom, elsewhere: str) -> None:
    status, location = sign_in(open_browser(app), newsroom.ada.email, PASSWORD, next=elsewhere)
    assert status == 302
    # Browsers read a backslash as a slash and skip tabs and line ends: none may be left in it.
    assert location.isprintable()
    assert "\\" not in location
    assert urlsplit(urljoin("http://press.dateline.example/", location)).netloc == "press.dateline.example"


def test_next_leads_back_to_the_page_asked_for(ada: FlaskClient, app: Flask, newsroom: Newsroom) -> None:
    client = open_browser(app)
    page = client.get("/password")
    assert page.location == "/sign-in?next=/password"
    assert sign_in(client, newsroom.ada.email, PASSWORD, next="/password") == (302, "/password")


def test_the_session_cookie_is_kept_from_scripts_and_from_http(transaction: Transaction) -> None:
    key = "k" * 32
    settings = read(base_url="https://press.dateline.example", secret_key=key, suppression_key=key)
    cookie = open_browser(create_app(settings, transaction=transaction)).get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("__Host-dateline=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_nobody_is_remembered_beyond_the_session(ada: FlaskClient, app: Flask, newsroom: Newsroom) -> None:
    client = open_browser(app)
    sign_in(client, newsroom.ada.email, PASSWORD, remember="y")
    assert client.get_cookie("remember_token") is None


NEWSROOM = {"newsroom", "wire", "press_kit", "embargo"}


def test_no_page_but_these_can_be_reached_without_signing_in(app: Flask, client: FlaskClient) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    # The newsroom is what everybody may read; what it says before its time is another test's question.
    open_to_all = {str(rule) for rule in rules if rule.endpoint.partition(".")[0] in NEWSROOM}
    public = {str(rule) for rule in rules if _open(client, str(rule))} - open_to_all
    assert public == {
        "/static/<path:filename>",
        "/sign-in",
        "/sign-in/<token>",
        "/sign-in-link",
        "/sign-in-link/asked",
        "/sign-in-passkey",
        "/leave/<token>",
        "/subscribe/<slug>",
        "/subscribe/<slug>/asked",
        "/confirm/<token>",
        "/preferences",
        "/preferences/asked",
        "/preferences/<token>",
        "/preferences/<token>/erase",
        "/address/<token>",
        "/seen/<token>.gif",
        "/to/<token>",
        "/health",
        "/ready",
    }


def _open(client: FlaskClient, rule: str) -> bool:
    path = rule.replace("<uuid:id_>", "0190b1a4-0000-7000-8000-000000000000").replace("<path:filename>", "site.css")
    path = path.replace("<uuid:other>", "0190b1a4-0000-7000-8000-000000000000").replace("<any(csv, xlsx):kind>", "csv")
    answer = client.get(path.replace("<token>", "x").replace("<int:number>", "1"))
    return not (answer.status_code == 302 and answer.location.startswith("/sign-in"))
