"""Preferences: by the link in any mail, or by one that is asked for; what is theirs alone, by the latter."""

import json
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service import consents, journalists, preferences, senders, subscriptions, suppressions
from service.models import (
    AddressChange,
    Delivery,
    Frequency,
    Journalist,
    SubscriptionState,
    SuppressionReason,
    Topic,
)
from service.signing import Purpose, sign
from service.web import visitors
from tests.factories import Newsroom, make_journalist, make_newsroom
from tests.ledgers import S, one_delivery, ungoverned
from tests.service.web.conftest import open_browser
from tests.service.web.reader import mails, network, sent, somebody

SAVED = {"language": "en", "frequency": "at-once", "zone": "UTC", "topics": ["water"]}


@pytest.fixture
def cleo(session: Session, newsroom: Newsroom) -> Journalist:
    return make_journalist(session, newsroom, address=somebody())


@pytest.fixture
def delivery(session: Session, newsroom: Newsroom, cleo: Journalist) -> Delivery:
    return one_delivery(session, newsroom, cleo, S.ACCEPTED)


@pytest.fixture
def wide(delivery: Delivery) -> str:
    """The link in a release."""
    return f"/preferences/{sign(Purpose.PREFERENCES, delivery.id)}"


@pytest.fixture
def theirs(session: Session, cleo: Journalist) -> str:
    """The link mailed to her alone."""
    preferences.mail_link(session, cleo)
    [(_, link)] = sent(session)
    return link


@pytest.fixture(autouse=True)
def _somewhere(client: FlaskClient) -> None:
    client.environ_base["REMOTE_ADDR"] = network()


def ask(client: FlaskClient, email: str) -> tuple[int, str, str]:
    stamp = visitors.stamp(datetime.now(UTC).timestamp() - 60)
    answer = client.post("/preferences", data={"email": email, "stamp": stamp, "website": ""})
    return answer.status_code, answer.location, answer.text


def test_the_page_shows_what_she_gets_and_why_and_no_whole_address(
    client: FlaskClient, cleo: Journalist, wide: str
) -> None:
    page = client.get(wide)
    assert page.status_code == 200
    assert cleo.address not in page.text
    assert "c…@daily.example" in page.text
    assert "“River levels fall” came to you by the topic “Water”." in page.text
    assert re.search(r'name="topics" value="water" checked', page.text)
    assert page.headers.getlist("Set-Cookie") == []
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert len(page.data) < 60_000


def test_topics_are_switched_on_and_off(
    client: FlaskClient, session: Session, newsroom: Newsroom, cleo: Journalist, wide: str
) -> None:
    session.add(Topic(sender_id=newsroom.sender.id, slug="energy", name="Energy"))
    session.flush()
    page = client.post(wide, data=SAVED | {"topics": ["energy"], "frequency": "daily", "zone": "Asia/Almaty"})
    assert 'role="status">Saved.' in page.text
    lines = preferences.lines(session, preferences.open_(session, wide.rpartition("/")[2]))
    assert [line.topic.slug for line in lines if line.is_read] == ["energy"]
    session.refresh(cleo)
    assert (cleo.frequency, cleo.zone) == (Frequency.DAILY, "Asia/Almaty")
    [proof] = [each.proof for each in subscriptions.of(session, cleo) if each.state is SubscriptionState.CONFIRMED]
    assert proof["how"] == "preferences"
    assert proof["delivery"]


@pytest.mark.parametrize("weeks", [1, 12])
def test_a_pause_lasts_as_many_weeks_as_were_chosen_and_can_be_kept_or_ended(
    client: FlaskClient, session: Session, cleo: Journalist, wide: str, weeks: int
) -> None:
    client.post(wide, data=SAVED | {"pause": str(weeks)})
    session.refresh(cleo)
    until = cleo.paused_until
    assert until is not None
    assert abs(until - datetime.now(UTC) - timedelta(weeks=weeks)) < timedelta(minutes=5)
    client.post(wide, data=SAVED | {"pause": "keep"})
    session.refresh(cleo)
    assert cleo.paused_until == until
    client.post(wide, data=SAVED | {"pause": ""})
    session.refresh(cleo)
    assert cleo.paused_until is None


def test_an_unknown_zone_is_told_and_nothing_is_kept(
    client: FlaskClient, session: Session, cleo: Journalist, wide: str
) -> None:
    answer = client.post(wide, data=SAVED | {"zone": "Moon/Base", "frequency": "weekly"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    session.refresh(cleo)
    assert cleo.frequency is Frequency.AT_ONCE


def test_a_link_that_may_have_been_passed_on_opens_nothing_that_is_hers_alone(
    client: FlaskClient, session: Session, cleo: Journalist, wide: str
) -> None:
    for act in ("data", "erase", "address"):
        assert client.post(f"{wide}/{act}", data={"email": somebody()}).status_code == 404
    assert client.get(f"{wide}/erase").status_code == 404
    session.refresh(cleo)
    assert cleo.erased_at is None
    assert client.post(f"{wide}/link").status_code == 200
    [(mail, link)] = sent(session)
    assert mail.address == cleo.address
    assert client.post(f"{link}/data").status_code == 200


def test_her_data_is_all_of_hers_and_nobody_elses(
    client: FlaskClient, session: Session, newsroom: Newsroom, cleo: Journalist, delivery: Delivery, theirs: str
) -> None:
    other = make_journalist(session, newsroom, "Dana Reader", address=somebody())
    answer = client.post(f"{theirs}/data")
    data = json.loads(answer.text)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert data["person"]["address"] == cleo.address
    assert [each["headline"] for each in data["mails"]] == ["River levels fall"]
    assert data["mails"][0]["attempts"]
    assert data["subscriptions"][0]["topic"] == "Water"
    assert data["single_mails"][0]["kind"] == "preferences"
    assert other.address not in answer.text
    assert str(other.id) not in answer.text


def test_after_erasing_no_row_of_any_table_knows_her(
    client: FlaskClient, session: Session, cleo: Journalist, theirs: str, newsroom: Newsroom
) -> None:
    address, print_ = cleo.address, cleo.fingerprint
    cleo.name = "Cleopatra Unmistakable"
    ask(client, address)
    preferences.change_address(session, cleo, somebody(), language="en")
    session.flush()
    assert client.get(f"{theirs}/erase").status_code == 200
    assert "You are erased" in client.post(f"{theirs}/erase").text
    tables = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
    for table in tables:
        rows = session.scalars(text(f'SELECT t::text FROM "{table}" t')).all()
        for word in (address, "Cleopatra"):
            assert not [row for row in rows if word in row], table
        if table not in ("suppression", "standing_change"):  # who and why, by the fingerprint
            assert not [row for row in rows if print_.hex() in row], table
    assert suppressions.reason(session, print_, newsroom.sender) is SuppressionReason.ERASED
    assert client.get(theirs).status_code == 404


def test_a_new_address_holds_once_both_have_said_so(
    client: FlaskClient, session: Session, newsroom: Newsroom, cleo: Journalist, theirs: str
) -> None:
    old, new = cleo.address, somebody()
    assert client.post(f"{theirs}/address", data={"email": new}).status_code == 200
    found = {mail.address: link for mail, link in sent(session)}
    assert found.keys() == {old, new}
    for link in found.values():
        page = client.get(link)
        assert page.status_code == 200
        assert old not in page.text
        assert new not in page.text
    client.post(found[new])
    client.post(found[new])
    session.refresh(cleo)
    assert cleo.address == old, "one mailbox alone has said so, twice"
    client.post(found[old])
    session.refresh(cleo)
    assert cleo.address == new
    assert journalists.by_address(session, newsroom.sender, new).id == cleo.id
    assert client.post(found[old]).status_code == client.get(theirs).status_code == 404
    assert session.scalars(select(AddressChange)).all() == []


def test_an_address_somebody_has_here_is_not_taken_from_them(
    client: FlaskClient, session: Session, newsroom: Newsroom, cleo: Journalist, theirs: str
) -> None:
    dana = make_journalist(session, newsroom, "Dana Reader", address=somebody())
    old = cleo.address
    client.post(f"{theirs}/address", data={"email": dana.address})
    pages = [client.post(link).text for _, link in sent(session)]
    assert "Nothing was changed" in pages[-1]
    session.refresh(cleo)
    assert cleo.address == old


def test_her_no_goes_with_her_to_the_new_address(session: Session, newsroom: Newsroom, cleo: Journalist) -> None:
    new = somebody()
    subscriptions.end_all(session, cleo)
    preferences.change_address(session, cleo, new, language="en")
    for _, link in sent(session):
        preferences.agree(session, link.rpartition("/")[2])
    assert cleo.address == new
    assert suppressions.reason(session, new, newsroom.sender) is SuppressionReason.UNSUBSCRIBED


def test_leaving_all_by_the_page_outlives_an_import(
    client: FlaskClient, session: Session, newsroom: Newsroom, cleo: Journalist, wide: str
) -> None:
    assert client.post(f"{wide}/leave").status_code == 200
    assert suppressions.holds(session, cleo.address, newsroom.sender)
    client.post(wide, data=SAVED)
    assert not suppressions.holds(session, cleo.address, newsroom.sender), "her own word takes it back"


def test_the_answer_to_who_asks_for_a_link_is_the_same_for_all(
    client: FlaskClient, session: Session, cleo: Journalist
) -> None:
    assert len({ask(client, each) for each in (cleo.address, somebody(), somebody())}) == 1
    assert [mail.address for mail, _ in sent(session)] == [cleo.address]
    assert ask(client, "no address")[0] == 422


def test_who_is_known_to_two_newsrooms_chooses_which(
    client: FlaskClient, session: Session, newsroom: Newsroom, cleo: Journalist
) -> None:
    other = make_newsroom(session)
    other.sender.name = "Mountain Office"
    make_journalist(session, other, address=cleo.address)
    ask(client, cleo.address)
    [(_, link)] = sent(session)
    assert "Mountain Office" in client.get(link).text
    page = client.get(f"{link}?newsroom={other.sender.slug}").text
    assert "Mountain Office" in page
    assert newsroom.sender.name not in page
    assert client.get(f"{link}?newsroom=no-such").status_code == 404


@pytest.mark.parametrize("age", ["25 hours", "31 days"])
def test_a_link_that_was_asked_for_is_good_for_a_day(
    client: FlaskClient, session: Session, theirs: str, age: str
) -> None:
    assert client.get(theirs).status_code == 200
    session.execute(text(f"UPDATE account_mail SET created_at = now() - interval '{age}'"))
    session.expire_all()
    page = client.get(theirs)
    assert page.status_code == 404
    assert 'action="/preferences"' in page.text, "it offers a new one"


def test_the_link_in_a_release_of_last_year_is_old(
    client: FlaskClient, session: Session, delivery: Delivery, wide: str
) -> None:
    assert client.get(wide).status_code == 200
    a_year_ago = UUID(int=delivery.id.int - (366 * 86_400_000 << 80))
    ungoverned(session, f"UPDATE delivery SET id = '{a_year_ago}' WHERE id = '{delivery.id}'")
    session.expunge_all()
    assert client.get(f"/preferences/{sign(Purpose.PREFERENCES, a_year_ago)}").status_code == 404
    assert client.get(f"/leave/{sign(Purpose.LEAVE, a_year_ago)}").status_code == 200, "leaving works for ever"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(Purpose)), st.uuids(), st.integers(0, 51), st.sampled_from("0123456789abcdef"))
def test_no_token_but_the_right_one_opens_anything(
    app: Flask, delivery: Delivery, purpose: Purpose, id_: UUID, position: int, digit: str
) -> None:
    client = open_browser(app)
    right = sign(Purpose.PREFERENCES, delivery.id)
    altered = right[:position] + digit + right[position + 1 :]
    tokens = [sign(purpose, id_), altered if altered != right else "x"]
    tokens += [sign(purpose, delivery.id)] if purpose is not Purpose.PREFERENCES else []
    for token in tokens:
        for path in (f"/preferences/{token}", f"/confirm/{token}", f"/address/{token}"):
            assert client.get(path).status_code == client.post(path, data=SAVED).status_code == 404


def test_robots_and_strangers_at_the_form_leave_nothing(client: FlaskClient, session: Session) -> None:
    client.post("/preferences", data={"email": somebody(), "stamp": visitors.stamp()})
    assert mails(session) == []


def test_being_counted_is_asked_only_where_a_newsroom_counts_and_each_word_of_it_is_kept(
    client: FlaskClient, session: Session, newsroom: Newsroom, cleo: Journalist, wide: str
) -> None:
    assert 'name="tracking"' not in client.get(wide).text
    client.post(wide, data=SAVED | {"tracking": "yes"})
    assert not cleo.tracking_agreed, "nobody agrees to what was not asked"

    senders.track(session, newsroom.sender, on=True)
    page = client.get(wide).text
    assert 'name="tracking" value="yes">' in page, "off until they switch it on"
    client.post(wide, data=SAVED | {"tracking": "yes"})
    [given] = consents.of(session, cleo)
    assert cleo.tracking_agreed
    assert given.proof["words"].split(".")[0] in page
    assert {"form", "at", "language", "delivery"} < given.proof.keys()

    senders.track(session, newsroom.sender, on=False)
    client.post(wide, data=SAVED)
    assert cleo.tracking_agreed, "where it is not asked, what they said before stands"
    senders.track(session, newsroom.sender, on=True)
    client.post(wide, data=SAVED)
    assert not cleo.tracking_agreed
    [kept] = consents.of(session, cleo)
    assert kept.withdrawn_at is not None
