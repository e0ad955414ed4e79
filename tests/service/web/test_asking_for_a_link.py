"""A sign-in link by mail: whoever asks gets the same answer, and learns nothing of who works here."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from service.accounts import LINKS_AN_HOUR
from service.models import AccountMail
from tests.factories import Newsroom
from tests.service.web.conftest import csrf, open_browser
from tests.service.web.reader import network

PAGE = "/sign-in-link"


def ask(client: FlaskClient, email: str, language: str = "") -> tuple[int, str, str]:
    headers = {"Accept-Language": language} if language else {}
    client.environ_base["REMOTE_ADDR"] = network()
    answer = client.post(PAGE, data={"email": email, **csrf(client, PAGE)}, headers=headers)
    shown = client.get(answer.location).text if answer.location else answer.text
    return answer.status_code, answer.location or "", shown


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """All that is asked of the database meanwhile."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def test_the_sign_in_page_leads_there(client: FlaskClient) -> None:
    assert f'href="{PAGE}"' in client.get("/sign-in").text
    assert client.get(PAGE).status_code == 200


def test_who_works_here_is_written_to(client: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    status, location, shown = ask(client, newsroom.ada.email)
    assert (status, location) == (302, "/sign-in-link/asked")
    assert "Look into your mail" in shown
    mail = session.scalars(select(AccountMail)).one()
    assert (mail.address, mail.values, mail.language) == (newsroom.ada.email, {}, "en")


def test_the_mail_speaks_the_browsers_language(client: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    ask(client, newsroom.ada.email, "de, kk;q=0.9, ru;q=0.8, en;q=0.5")
    assert session.scalars(select(AccountMail.language)).one() == "kk"


def test_a_stranger_gets_the_same_answer_by_the_same_work(app: Flask, newsroom: Newsroom, database: Engine) -> None:
    seen = []
    for address in (newsroom.ada.email, "nobody@rivers.example"):
        client = open_browser(app)
        with statements(database) as asked:
            answer = ask(client, address)
        seen.append((answer, [statement for statement in asked if "SAVEPOINT" not in statement]))
    assert seen[0] == seen[1]
    assert [statement for statement in seen[0][1] if statement.startswith("INSERT INTO account_mail")]


def test_too_many_requests_are_answered_alike_and_write_nothing(client: FlaskClient, session: Session) -> None:
    answers = {ask(client, "ada@rivers.example") for _ in range(LINKS_AN_HOUR + 2)}
    assert len(answers) == 1
    assert len(session.scalars(select(AccountMail.id)).all()) == LINKS_AN_HOUR


@pytest.mark.parametrize("typed", ["", "ada", "ada@rivers.example\nBcc: eve@evil.example", "<script>@x.example"])
def test_what_is_no_address_is_said_so(client: FlaskClient, session: Session, typed: str) -> None:
    status, _, shown = ask(client, typed)
    assert status == 422
    assert "This is not an e-mail address" in shown
    assert "<script>" not in shown
    assert session.scalars(select(AccountMail.id)).all() == []


def test_it_takes_the_pages_own_form(client: FlaskClient, session: Session) -> None:
    assert client.post(PAGE, data={"email": "ada@rivers.example"}).status_code in (400, 403)
    assert session.scalars(select(AccountMail.id)).all() == []
