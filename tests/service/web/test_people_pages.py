"""The people of a newsroom, before whoever administers it."""

import csv
from io import StringIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import accounts
from service.models import Account, Role
from tests.factories import Newsroom, make_newsroom
from tests.service.web.conftest import Browser, csrf


@pytest.fixture
def ada(signed_in: Browser, session: Session, newsroom: Newsroom) -> FlaskClient:
    """Ada, who administers the newsroom besides."""
    accounts.grant(session, newsroom.ada, newsroom.sender, [Role.ADMINISTER])
    return signed_in(newsroom.ada)


def test_rights_are_sentences_and_the_list_is_narrowed(ada: FlaskClient, newsroom: Newsroom) -> None:
    page = ada.get("/people").text
    assert "May write releases, send releases, and administer for Steppe Rivers Commission." in page
    assert "invited, has not come yet" in page
    narrowed = ada.get("/people?q=ben&standing=invited").text
    assert newsroom.ben.email in narrowed
    assert f">{newsroom.ada.name}</bdi></a>" not in narrowed
    assert "Nobody is like that" in ada.get("/people?q=zz").text
    assert ada.get("/people?standing=asleep").status_code == 422


def test_an_invitation_names_what_is_missing_by_its_field(
    ada: FlaskClient, session: Session, newsroom: Newsroom
) -> None:
    form = {"sender": newsroom.sender.slug, "name": "Flo", "email": "flo@rivers.example", "roles": "write"}
    for wrong, said in (
        ({"email": "flo"}, "not an e-mail address"),
        ({"name": " "}, "Write a name"),
        ({"roles": "king"}, "Say what"),
    ):
        refused = ada.post("/people/invite", data={**csrf(ada, "/people/invite"), **form, **wrong})
        assert refused.status_code == 422
        assert said in refused.text
    about = f"{newsroom.topic.id}:approve"
    answer = ada.post("/people/invite", data={**csrf(ada, "/people/invite"), **form, "about": about})
    flo = session.scalars(select(Account).where(Account.email == "flo@rivers.example")).one()
    assert answer.location == f"/people/{flo.id}"
    page = ada.get(answer.location).text
    assert "May write releases for Steppe Rivers Commission. May approve releases about Water" in page


def test_the_topics_of_another_newsroom_give_nothing(ada: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    other = make_newsroom(session)
    path = f"/people/{newsroom.ben.id}/rights/{newsroom.sender.slug}"
    data = {"roles": ["approve"], "about": [f"{other.topic.id}:write", "nonsense", f"{newsroom.topic.id}:administer"]}
    assert ada.post(path, data={**csrf(ada, path), **data}).status_code == 302
    assert [(right.role, right.topic_id) for right in newsroom.ben.rights] == [(Role.APPROVE, None)]


def test_nobody_raises_herself_on_the_page_either(ada: FlaskClient, newsroom: Newsroom) -> None:
    path = f"/people/{newsroom.ada.id}/rights/{newsroom.sender.slug}"
    for roles, said in ((["write", "approve", "administer"], "to themselves"), (["write"], "Nobody else administers")):
        refused = ada.post(path, data={**csrf(ada, path), "roles": roles})
        assert refused.status_code == 422
        assert said in refused.text


def test_people_of_other_newsrooms_do_not_exist_here(ada: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    other = make_newsroom(session)
    missing = ada.get("/people/0190b1a4-0000-7000-8000-000000000000")
    for path in (
        f"/people/{other.ben.id}",
        f"/people/{other.ben.id}/close",
        f"/people/{newsroom.ben.id}/rights/{other.sender.slug}",
    ):
        answer = ada.get(path)
        assert (answer.status_code, answer.text) == (404, missing.text)
    assert other.ben.email not in ada.get("/people").text


def test_the_log_shows_what_was_done_here_and_nothing_of_others(
    ada: FlaskClient, session: Session, newsroom: Newsroom
) -> None:
    other = make_newsroom(session)
    accounts.grant(session, other.ben, other.sender, [Role.SEND], by=other.ada)
    path = f"/people/{newsroom.ben.id}/rights/{newsroom.sender.slug}"
    ada.post(path, data={**csrf(ada, path), "roles": ["approve", "reports"]})
    page = ada.get(f"/people/audit?who={newsroom.ben.id}").text
    assert "Roles given" in page
    assert other.sender.slug not in ada.get("/people/audit").text
    table = ada.get("/people/audit.csv?act=roles+given").get_data(as_text=True).lstrip("\ufeff")
    rows = list(csv.DictReader(StringIO(table)))
    assert rows[0]["who"] == newsroom.ada.name
    assert rows[0]["whom"] == newsroom.ben.name
    assert "reports" in rows[0]["detail"]
    assert ada.get("/people/audit?since=yesterday").status_code == 422


def test_who_administers_nothing_is_told_so(signed_in: Browser, newsroom: Newsroom) -> None:
    ben = signed_in(newsroom.ben)
    for path in ("/people", "/people/invite", "/people/audit", "/people/audit.csv", f"/people/{newsroom.ada.id}"):
        assert ben.get(path).status_code == 403, path
    assert "/people" not in ben.get("/account").text


def test_ones_own_page_keeps_name_language_and_zone(ada: FlaskClient, newsroom: Newsroom) -> None:
    data = {"name": "Ada Lovelace", "language": "ru", "zone": "Asia/Almaty"}
    answer = ada.post("/account", data={**csrf(ada, "/account"), **data})
    assert answer.status_code == 302
    assert (newsroom.ada.name, newsroom.ada.language, newsroom.ada.zone) == ("Ada Lovelace", "ru", "Asia/Almaty")
    assert '<html lang="ru"' in ada.get("/account").text
    refused = ada.post("/account", data={**csrf(ada, "/account"), **data, "zone": "Mars/Base"})
    assert refused.status_code == 422
