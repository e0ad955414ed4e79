"""A second factor stands between the password and the pages: a code, once; a recovery code, once; and no way around."""

import re
import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import accounts
from service.app import create_app
from service.models import Place, Role
from service.settings import read
from service.web.database import Transaction
from tests.factories import Newsroom
from tests.service.web.conftest import Browser, csrf, follow, open_browser
from tests.service.web.reader import network

PASSWORD = "river levels in autumn"
KEY = re.compile(r'<code class="key">([A-Z0-9 -]+)</code>')
RECOVERY = re.compile(r"<li><code>([a-z0-9-]+)</code></li>")


def post(client: FlaskClient, path: str, page: str = "", **data: str) -> Any:
    return client.post(path, data={**csrf(client, page or path), **data})


def set_up(client: FlaskClient) -> tuple[TOTP, list[str]]:
    """Set up an app; what it makes codes of, and the recovery codes."""
    assert post(client, "/account/codes").location == "/account/codes/new"
    found = KEY.search(client.get("/account/codes/new").text)
    assert found is not None
    app = TOTP(key=found[1])
    answer = post(client, "/account/codes/new", code=app.generate().token)
    assert answer.status_code == 200
    return app, RECOVERY.findall(answer.text)


@pytest.fixture
def ada(signed_in: Browser, newsroom: Newsroom) -> FlaskClient:
    """Ada, who has a password."""
    ada = signed_in(newsroom.ada)
    post(ada, "/password", password=PASSWORD)
    return ada


def begin(app: Flask, newsroom: Newsroom) -> FlaskClient:
    """A browser in which Ada has given her password."""
    client = open_browser(app)
    client.environ_base["REMOTE_ADDR"] = network()
    answer = post(client, "/sign-in", email=newsroom.ada.email, password=PASSWORD, next="/releases")
    assert answer.location.startswith("/sign-in-code")
    return client


def next_code(app: TOTP) -> str:
    return str(app.generate(time=time.time() + 30).token)


def test_after_the_password_a_code_is_asked_for_and_each_is_good_once(
    app: Flask, ada: FlaskClient, newsroom: Newsroom
) -> None:
    totp, recovery = set_up(ada)
    assert len(recovery) == 10
    client = begin(app, newsroom)
    assert client.get("/releases").location.startswith("/sign-in")
    used = post(client, "/sign-in-code", code=totp.generate().token)
    assert used.status_code == 422  # it was shown when the app was set up
    code = next_code(totp)
    assert post(client, "/sign-in-code", code=code, next="/releases").location == "/releases"
    assert client.get("/releases").status_code == 200
    again = begin(app, newsroom)
    assert post(again, "/sign-in-code", code=code).status_code == 422


def test_a_recovery_code_lets_in_once(app: Flask, ada: FlaskClient, newsroom: Newsroom) -> None:
    _, recovery = set_up(ada)
    client = begin(app, newsroom)
    assert post(client, "/sign-in-recovery", code=recovery[0].upper()).status_code == 302
    assert client.get("/releases").status_code == 200
    again = begin(app, newsroom)
    assert post(again, "/sign-in-recovery", code=recovery[0]).status_code == 422
    assert "k7fm" not in again.get("/account").text


def test_a_link_by_mail_does_not_stand_in_for_the_second_factor(
    app: Flask, ada: FlaskClient, session: Session, newsroom: Newsroom
) -> None:
    totp, _ = set_up(ada)
    client = open_browser(app)
    answer = follow(client, accounts.sign_in_link(session, newsroom.ada))
    assert answer.location.startswith("/sign-in-code")
    assert client.get("/password").location.startswith("/sign-in")
    assert post(client, "/sign-in-code", code=next_code(totp), next="/password").location == "/password"
    assert "Current password" not in client.get("/password").text


def test_codes_cannot_be_guessed(app: Flask, ada: FlaskClient, newsroom: Newsroom) -> None:
    totp, recovery = set_up(ada)
    client = begin(app, newsroom)
    answers = [post(client, "/sign-in-code", code="000000") for _ in range(7)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 2
    assert answers[-1].headers["Retry-After"] == "900"
    elsewhere = begin(app, newsroom)
    assert post(elsewhere, "/sign-in-code", code=next_code(totp)).status_code == 429
    # Recovery codes are counted by themselves: who guesses codes does not keep her out for good.
    assert post(elsewhere, "/sign-in-recovery", code=recovery[1]).status_code == 302


def test_passwords_cannot_be_guessed_and_the_owner_is_not_locked_out(
    app: Flask, ada: FlaskClient, newsroom: Newsroom
) -> None:
    for email in (newsroom.ada.email, "nobody@rivers.example"):
        thief = open_browser(app)
        thief.environ_base["REMOTE_ADDR"] = network()
        answers = [post(thief, "/sign-in", email=email, password="a guess of mine").status_code for _ in range(12)]
        assert answers == [422] * 10 + [429] * 2
    owner = open_browser(app)
    owner.environ_base["REMOTE_ADDR"] = network()
    assert post(owner, "/sign-in", email=newsroom.ada.email, password=PASSWORD).status_code == 302


def test_what_signs_in_is_changed_only_by_who_has_just_shown_who_she_is(ada: FlaskClient, newsroom: Newsroom) -> None:
    with ada.session_transaction() as kept:
        kept["fs_paa"] = time.time() - 3600
    for path in ("/account/codes", "/account/recovery-codes"):
        assert post(ada, path).location == "/account/again?next=/account"
    assert ada.get("/account/passkeys").location == "/account/again?next=/account/passkeys"
    assert post(ada, "/account/again", password="a guess of mine").status_code == 422
    assert post(ada, "/account/again", password=PASSWORD, next="/account/passkeys").location == "/account/passkeys"
    assert ada.get("/account/passkeys").status_code == 200


def test_each_place_is_listed_and_can_be_ended(
    app: Flask, ada: FlaskClient, session: Session, newsroom: Newsroom
) -> None:
    elsewhere = open_browser(app)
    agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"}
    data = {"email": newsroom.ada.email, "password": PASSWORD, **csrf(elsewhere, "/sign-in")}
    elsewhere.post("/sign-in", data=data, headers=agent)
    assert "Firefox, Linux" in ada.get("/account").text
    place = session.scalars(select(Place).where(Place.browser == "Firefox, Linux")).one()
    assert post(ada, f"/account/places/{place.id}/end", page="/account").status_code == 302
    assert elsewhere.get("/releases").location.startswith("/sign-in")
    assert ada.get("/releases").status_code == 200


def test_signing_out_everywhere_else_stays_here(app: Flask, ada: FlaskClient, newsroom: Newsroom) -> None:
    elsewhere = open_browser(app)
    post(elsewhere, "/sign-in", email=newsroom.ada.email, password=PASSWORD)
    assert post(ada, "/account/places/end", page="/account").status_code == 302
    assert elsewhere.get("/releases").status_code == 302
    assert ada.get("/releases").status_code == 200


def test_a_cookie_kept_from_before_signing_out_there_is_worth_nothing(ada: FlaskClient, app: Flask) -> None:
    cookie = ada.get_cookie("dateline")
    assert cookie is not None
    post(ada, "/account/places/end", page="/account")
    with app.test_client() as thief:
        thief.environ_base["HTTP_HOST"] = "press.dateline.example"
        thief.set_cookie("dateline", cookie.value)
        assert thief.get("/releases").status_code == 200  # the same place: it was not ended
    post(ada, "/password", current=PASSWORD, password="snow on the passes")
    with app.test_client() as thief:
        thief.environ_base["HTTP_HOST"] = "press.dateline.example"
        thief.set_cookie("dateline", cookie.value)
        assert thief.get("/releases").status_code == 302


def test_who_may_send_needs_a_second_factor_where_it_is_said(
    transaction: Transaction, session: Session, newsroom: Newsroom
) -> None:
    settings = read(base_url="http://press.dateline.example", second_factor_for="send, administer")
    strict = create_app(settings, transaction=transaction)
    ada, ben = open_browser(strict), open_browser(strict)
    follow(ada, accounts.sign_in_link(session, newsroom.ada))
    follow(ben, accounts.sign_in_link(session, newsroom.ben))
    assert ben.get("/releases").status_code == 200  # he only approves
    assert ada.get("/releases").location == "/account?needed=yes"
    assert "You need a second factor" in ada.get("/account").text
    set_up(ada)
    assert ada.get("/releases").status_code == 200


def test_an_administrator_takes_the_factors_of_who_lost_her_phone_away(
    app: Flask, ada: FlaskClient, session: Session, newsroom: Newsroom, signed_in: Browser
) -> None:
    set_up(ada)
    accounts.grant(session, newsroom.ben, newsroom.sender, [Role.ADMINISTER])
    ben, path = signed_in(newsroom.ben), f"/people/{newsroom.ada.id}/factors"
    assert post(ben, path).status_code == 302
    client = open_browser(app)
    assert post(client, "/sign-in", email=newsroom.ada.email, password=PASSWORD).location == "/"
    assert post(ben, f"/people/{newsroom.ben.id}/factors").status_code == 422


def test_a_page_between_the_factors_signs_nobody_out(ada: FlaskClient) -> None:
    for path in ("/sign-in-code", "/sign-in-second", "/sign-in-recovery", "/sign-in-passkey"):
        assert ada.get(path).status_code == 302
    assert ada.get("/releases").status_code == 200
