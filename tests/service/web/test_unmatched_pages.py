"""What found no delivery is an administrator's to look at; whatever stands in it, it is text."""

from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import accounts
from service.models import AuditEntry, Delivery, DeliveryState, Journalist, Received, Role, Way
from tests.factories import Newsroom, make_journalist, make_newsroom, now
from tests.ledgers import one_delivery
from tests.service.web.conftest import Browser, csrf

HOSTILE = (
    b"From: <script>alert(1)</script>\r\nSubject: x\x1b[31m\x00\xff \xe2\x80\xae\r\n\r\n"
    b"</pre><img src=x onerror=alert(1)>"
)
POSTMASTER = "postmaster@bounces.dateline.example"


@pytest.fixture
def boss(signed_in: Browser, session: Session, newsroom: Newsroom) -> FlaskClient:
    accounts.grant(session, newsroom.ben, newsroom.sender, [Role.ADMINISTER])
    return signed_in(newsroom.ben)


def unmatched(
    session: Session, message: bytes = HOSTILE, recipient: str = "postmaster@bounces.dateline.example"
) -> UUID:
    row = Received(
        way=Way.SMTP,
        recipient=recipient,
        message=message,
        sorted_at=now(),
        verdict="bounce: about no delivery of ours",
        unmatched=True,
    )
    session.add(row)
    session.flush()
    return row.id


def state(session: Session, id_: UUID) -> tuple[bool, bool, bool]:
    """(unmatched, sorted, set aside)."""
    row = session.get_one(Received, id_, populate_existing=True)
    return row.unmatched, row.sorted_at is not None, row.aside_at is not None


def acts(session: Session) -> list[str]:
    return [
        act
        for act in session.scalars(select(AuditEntry.act).order_by(AuditEntry.id))
        if "matched" in act or "raw" in act
    ]


def test_nothing_unmatched_is_said(boss: FlaskClient) -> None:
    assert "Nothing is unmatched" in boss.get("/feedback/unmatched").text


def test_each_says_why_it_is_here_and_shows_its_source_as_text(boss: FlaskClient, session: Session) -> None:
    id_ = unmatched(session, recipient="<script>@bounces.dateline.example")
    page = boss.get("/feedback/unmatched").text
    assert "Bounce: about no delivery of ours" in page
    assert "<script>@" not in page
    shown = boss.get(f"/feedback/unmatched/{id_}").text
    assert "&lt;/pre&gt;&lt;img src=x onerror=alert(1)&gt;" in shown
    assert "<img src=x" not in shown
    assert r"\u001b[31m\u0000\xff \u202e" in shown
    assert acts(session) == ["raw message read"]


def test_the_source_is_downloaded_as_text_byte_for_byte(boss: FlaskClient, session: Session) -> None:
    answer = boss.get(f"/feedback/unmatched/{unmatched(session)}/source")
    assert answer.data == HOSTILE
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=received-")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert acts(session) == ["raw message read"]


def test_one_and_all_are_read_again(boss: FlaskClient, session: Session) -> None:
    first, second = unmatched(session), unmatched(session)
    token = csrf(boss, "/feedback/unmatched")
    assert boss.post(f"/feedback/unmatched/{first}/again", data=token).status_code == 302
    assert (state(session, first), state(session, second)) == ((False, False, False), (True, True, False))
    boss.post("/feedback/unmatched/again", data=token)
    assert state(session, second) == (False, False, False)
    assert acts(session) == ["unmatched read again"] * 2


def test_one_is_set_aside_and_can_still_be_read(boss: FlaskClient, session: Session) -> None:
    id_ = unmatched(session)
    token = csrf(boss, "/feedback/unmatched")
    assert boss.post(f"/feedback/unmatched/{id_}/aside", data=token).status_code == 302
    assert state(session, id_) == (False, True, True)
    assert boss.post(f"/feedback/unmatched/{id_}/aside", data=token).status_code == 404
    assert boss.get(f"/feedback/unmatched/{id_}").status_code == 200


def test_one_is_assigned_to_the_delivery_of_a_release_to_an_address(
    boss: FlaskClient, session: Session, newsroom: Newsroom
) -> None:
    delivery = one_delivery(session, newsroom, make_journalist(session, newsroom), DeliveryState.ACCEPTED)
    address = session.get_one(Journalist, delivery.journalist_id).address
    id_ = unmatched(session)
    form = {**csrf(boss, "/feedback/unmatched"), "release": str(delivery.release_id)[:36], "address": address.upper()}
    assert boss.post(f"/feedback/unmatched/{id_}/assign", data=form).status_code == 302
    assert session.get_one(Received, id_, populate_existing=True).assigned_id == delivery.id
    assert state(session, id_) == (False, False, False)
    assert acts(session) == ["unmatched assigned"]


def test_nothing_is_assigned_to_another_newsrooms_release(boss: FlaskClient, session: Session) -> None:
    other = make_newsroom(session)
    theirs: Delivery = one_delivery(session, other, make_journalist(session, other), DeliveryState.ACCEPTED)
    address = session.get_one(Journalist, theirs.journalist_id).address
    id_ = unmatched(session)
    form = {**csrf(boss, "/feedback/unmatched"), "release": str(theirs.release_id), "address": address}
    assert boss.post(f"/feedback/unmatched/{id_}/assign", data=form).status_code == 404
    assert state(session, id_) == (True, True, False)


def test_only_an_administrator_sees_any_of_it(signed_in: Browser, session: Session, newsroom: Newsroom) -> None:
    ada, id_ = signed_in(newsroom.ada), unmatched(session)
    for page in ("", f"/{id_}", f"/{id_}/source"):
        assert ada.get(f"/feedback/unmatched{page}").status_code == 403
    token = csrf(ada, "/releases")
    for act in ("again", f"{id_}/again", f"{id_}/aside", f"{id_}/assign"):
        assert ada.post(f"/feedback/unmatched/{act}", data=token).status_code == 403
    assert (state(session, id_), acts(session)) == ((True, True, False), [])


def test_what_found_its_delivery_has_no_page_here(boss: FlaskClient, session: Session) -> None:
    row = Received(recipient="b.x@bounces.dateline.example", message=HOSTILE, sorted_at=now())
    session.add(row)
    session.flush()
    assert boss.get(f"/feedback/unmatched/{row.id}").status_code == 404
