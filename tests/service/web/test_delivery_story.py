"""A delivery's story: every word a server said, where the address stands, and the raw message as text only."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import accounts, bounces
from service.feedback import Event, Kind, Verdict
from service.models import AuditEntry, Delivery, Received, Role
from service.models import Event as EventRow
from tests.factories import Newsroom, make_account, make_newsroom
from tests.service.standings.town import Person
from tests.service.web.conftest import Browser, csrf

RAW = b"From: MAILER-DAEMON\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script> \xff</pre>\r\n"


@pytest.fixture
def cleo(session: Session, newsroom: Newsroom) -> Person:
    return Person(session, newsroom)


@pytest.fixture
def delivery(session: Session, cleo: Person) -> Delivery:
    """One that was accepted and came back, with the message that said so."""
    found = cleo.mailed(1)
    received = Received(recipient="b.x@bounces.dateline.example", message=RAW)
    session.add(received)
    session.flush()
    event = Event(Kind.BOUNCE, Verdict.HARD, reply="550 <b>no</b> such user", reason="There is no such mailbox")
    bounces.apply(session, found.id, event, "smtp", "1", received_id=received.id)
    return found


@pytest.fixture
def fay(session: Session, signed_in: Browser, newsroom: Newsroom) -> FlaskClient:
    account = make_account("Fay Keeper")
    session.add(account)
    session.flush()
    accounts.grant(session, account, newsroom.sender, [Role.REPORTS])
    return signed_in(account)


def event_of(session: Session, delivery: Delivery) -> EventRow:
    return session.scalars(select(EventRow).where(EventRow.delivery_id == delivery.id)).one()


def read(session: Session) -> list[dict[str, object]]:
    return [each.detail for each in session.scalars(select(AuditEntry).where(AuditEntry.act == "raw message read"))]


def test_it_tells_every_attempt_everything_that_came_back_and_where_the_address_stands(
    fay: FlaskClient, cleo: Person, delivery: Delivery
) -> None:
    page = fay.get(f"/deliveries/{delivery.id}").text
    assert cleo.journalist.address in page
    assert "250 Ok: queued as 17" in page
    assert "550 &lt;b&gt;no&lt;/b&gt; such user" in page
    assert "The address was refused on" in page
    assert "Counted: the address is dead" in page
    assert "Put to rest" in page
    assert "alert(1)" not in page


def test_nothing_has_come_back_and_nothing_is_known(fay: FlaskClient, cleo: Person) -> None:
    page = fay.get(f"/deliveries/{cleo.mailed(1).id}").text
    assert "Nothing has come back." in page
    assert "Nothing is known against it." in page


def test_the_message_is_shown_as_text_and_that_somebody_read_it_is_noted(
    fay: FlaskClient, session: Session, delivery: Delivery
) -> None:
    event = event_of(session, delivery)
    page = fay.post(f"/events/{event.id}/raw", data=csrf(fay, "/releases"))
    assert page.status_code == 200
    assert "&lt;script&gt;alert(1)&lt;/script&gt; \\xff&lt;/pre&gt;" in page.text
    assert "<script>alert" not in page.text
    assert [detail["received"] for detail in read(session)] == [str(event.received_id)]
    assert fay.get(f"/events/{event.id}/raw").status_code == 405


def test_the_download_is_text_that_no_browser_runs(fay: FlaskClient, session: Session, delivery: Delivery) -> None:
    answer = fay.post(f"/events/{event_of(session, delivery).id}/raw.txt", data=csrf(fay, "/releases"))
    assert answer.data == RAW
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=message-")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert len(read(session)) == 1


def test_a_message_that_is_no_longer_kept_is_not_there(fay: FlaskClient, session: Session, delivery: Delivery) -> None:
    event = event_of(session, delivery)
    session.delete(session.get_one(Received, event.received_id))
    session.flush()
    session.expire_all()
    assert fay.post(f"/events/{event.id}/raw", data=csrf(fay, "/releases")).status_code == 404
    assert "the message is no longer kept" in fay.get(f"/deliveries/{delivery.id}").text
    assert read(session) == []


def test_another_newsroom_finds_nothing_and_who_only_approves_is_told_so(
    session: Session, signed_in: Browser, newsroom: Newsroom, delivery: Delivery
) -> None:
    event = event_of(session, delivery)
    stranger, ben = signed_in(make_newsroom(session).ada), signed_in(newsroom.ben)
    for client, status in ((stranger, 404), (ben, 403)):
        assert client.get(f"/deliveries/{delivery.id}").status_code == status
        assert client.post(f"/events/{event.id}/raw", data=csrf(client, "/releases")).status_code == status
        assert client.post(f"/events/{event.id}/raw.txt", data=csrf(client, "/releases")).status_code == status
    assert read(session) == []
