"""Gil administers a newsroom: who its mails are from, where answers go, how many one gets, what is counted."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import accounts
from service.models import Account, Answers, AuditEntry, Role
from tests.factories import Newsroom, make_account, make_newsroom
from tests.service.web.conftest import Browser, csrf
from tests.service.web.posted_about_people import SETTINGS


@pytest.fixture
def gil(session: Session, newsroom: Newsroom) -> Account:
    account = make_account("Gil Administrator")
    session.add(account)
    session.flush()
    accounts.grant(session, account, newsroom.sender, [Role.ADMINISTER])
    return account


def save(client: FlaskClient, newsroom: Newsroom, **changes: str) -> tuple[int, str]:
    path = f"/newsrooms/{newsroom.sender.slug}/settings"
    answer = client.post(path, data=csrf(client, path) | SETTINGS | changes)
    return answer.status_code, answer.text


def test_all_is_kept_and_written_down_once(
    session: Session, newsroom: Newsroom, gil: Account, signed_in: Browser
) -> None:
    client = signed_in(gil)
    for _ in range(2):
        assert save(client, newsroom, answers="contact", cap_mails="3", cap_days="7", tracking="yes")[0] == 302
    sender = newsroom.sender
    session.refresh(sender)
    assert (sender.name, sender.reply_to) == ("Steppe Rivers Authority", "desk@rivers.example")
    assert (sender.cap_mails, sender.cap_days, sender.tracking, sender.answers) == (3, 7, True, Answers.CONTACT)
    acts = session.execute(select(AuditEntry.act, AuditEntry.detail).where(AuditEntry.account_id == gil.id)).all()
    assert [act for act, _ in acts if act != "signed in" and "link" not in act] == [
        "newsroom described",
        "frequency capped",
        "answers directed",
        "tracking switched on",
    ]
    assert "desk@" not in str(acts)
    page = client.get(f"/newsrooms/{sender.slug}/settings").text
    assert "2 Embankment, Astana" in page
    assert sender.name in client.get("/newsrooms").text


def test_a_fault_is_named_at_its_field_and_nothing_is_kept(
    session: Session, newsroom: Newsroom, gil: Account, signed_in: Browser
) -> None:
    client = signed_in(gil)
    wrong = {
        "name": {"name": " "},
        "address": {"address": "nobody"},
        "reply_to": {"reply_to": "nobody"},
        "postal_address": {"postal_address": ""},
        "answers": {"answers": "moon"},
        "cap_mails": {"cap_mails": "3"},
    }
    for field, changes in wrong.items():
        status, page = save(client, newsroom, tracking="yes", **changes)
        assert (status, f'id="{field}-fault"' in page) == (422, True), field
        session.refresh(newsroom.sender)
        assert (newsroom.sender.name, newsroom.sender.tracking) == ("Steppe Rivers Commission", False)


def test_another_newsroom_is_not_there(session: Session, gil: Account, signed_in: Browser) -> None:
    other = make_newsroom(session)
    assert signed_in(gil).get(f"/newsrooms/{other.sender.slug}/settings").status_code == 404
    assert signed_in(other.ada).get("/newsrooms").status_code == 403
