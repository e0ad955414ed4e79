"""What Ada decides on the pages: uncertain mails, failed ones, people who subscribed since, a release held for her."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from service import audit, deliveries, releases
from service.models import Delivery, DeliveryState, Journalist, Release, ReleaseState
from tests.factories import Newsroom, make_journalist, make_newsroom
from tests.ledgers import Ledger, make_ledger
from tests.service.web.conftest import Browser, csrf
from tests.service.web.office import send_a_release

S = DeliveryState
PAGES = ("uncertain", "retry", "later")
STATES = (S.UNCERTAIN, S.UNCERTAIN, S.FAILED, S.FAILED, S.DEFERRED, S.ACCEPTED)


@pytest.fixture
def made(session: Session, newsroom: Newsroom) -> Ledger:
    found = make_ledger(session, newsroom, [(make_journalist(session, newsroom), state) for state in STATES])
    for number, reason in enumerate(("The connection was lost", "A <b>bold</b> reason", "The mailbox is full")):
        found.deliveries[number].reason = reason
    session.flush()
    return found


@pytest.fixture
def ada(signed_in: Browser, newsroom: Newsroom) -> FlaskClient:
    return signed_in(newsroom.ada)


def states(session: Session, made: Ledger) -> list[DeliveryState]:
    session.expire_all()
    return [delivery.state for delivery in made.deliveries]


def address(session: Session, delivery: Delivery) -> str:
    return session.get_one(Journalist, delivery.journalist_id).address


def send(client: FlaskClient, release: Release, page: str, **fields: str) -> int:
    data = csrf(client, "/releases") | fields
    return client.post(f"/releases/{release.id}/{page}", data=data).status_code


@pytest.mark.parametrize("page", PAGES)
def test_only_who_sends_decides(signed_in: Browser, session: Session, made: Ledger, page: str) -> None:
    newsroom = make_newsroom(session)
    stranger = signed_in(newsroom.ada)
    assert stranger.get(f"/releases/{made.release.id}/{page}").status_code == 404
    assert send(stranger, made.release, page, delivery="all", verdict="arrived") == 404
    assert states(session, made) == list(STATES)


@pytest.mark.parametrize("page", PAGES)
def test_who_only_approves_is_told_so(signed_in: Browser, newsroom: Newsroom, made: Ledger, page: str) -> None:
    ben = signed_in(newsroom.ben)
    assert ben.get(f"/releases/{made.release.id}/{page}").status_code == 403
    assert send(ben, made.release, page, delivery="all", verdict="arrived") == 403
    assert "decide" not in ben.get(f"/releases/{made.release.id}").text


def test_the_release_leads_to_what_is_to_be_decided(ada: FlaskClient, made: Ledger) -> None:
    page = ada.get(f"/releases/{made.release.id}").text
    assert "2 journalists: nobody can know whether the mail arrived" in page
    assert "2 journalists did not get it, 1 waits for another try" in page
    for name in ("uncertain", "retry"):
        assert f'href="/releases/{made.release.id}/{name}"' in page


def test_the_uncertain_are_told_with_what_is_known(ada: FlaskClient, session: Session, made: Ledger) -> None:
    page = ada.get(f"/releases/{made.release.id}/uncertain").text
    for delivery in made.deliveries[:2]:
        assert address(session, delivery) in page
    assert address(session, made.deliveries[2]) not in page
    assert "The connection was lost" in page
    assert "A &lt;b&gt;bold&lt;/b&gt; reason" in page
    assert "by relay.example" in page
    assert "All 2 arrived" in page


def test_one_arrived(ada: FlaskClient, session: Session, made: Ledger) -> None:
    assert send(ada, made.release, "uncertain", delivery=str(made.deliveries[0].id), verdict="arrived") == 302
    assert states(session, made)[:2] == [S.ACCEPTED, S.UNCERTAIN]
    assert made.deliveries[0].reason == "Ada Officer knows that it arrived"


def test_all_go_once_more(ada: FlaskClient, session: Session, made: Ledger) -> None:
    assert send(ada, made.release, "uncertain", delivery="all", verdict="again") == 302
    assert states(session, made)[:2] == [S.QUEUED, S.QUEUED]
    assert "Nothing is uncertain" in ada.get(f"/releases/{made.release.id}/uncertain").text
    decided = [entry for entry in audit.of(session, made.release) if entry.act == "delivery settled"]
    assert len(decided) == 2
    assert all(entry.account_id for entry in decided)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"delivery": "all"},
        {"delivery": "all", "verdict": "perhaps"},
        {"delivery": "x", "verdict": "again"},
        {"delivery": "0190b1a4-0000-7000-8000-000000000000", "verdict": "again"},
    ],
)
def test_a_form_that_is_not_ours_decides_nothing(
    ada: FlaskClient, session: Session, made: Ledger, fields: dict[str, str]
) -> None:
    assert send(ada, made.release, "uncertain", **fields) in (404, 422)
    assert states(session, made) == list(STATES)


def test_a_mail_of_another_release_is_not_decided_here(ada: FlaskClient, session: Session, made: Ledger) -> None:
    stranger = make_newsroom(session)
    anothers = make_ledger(session, stranger, [(make_journalist(session, stranger), S.UNCERTAIN)])
    assert send(ada, made.release, "uncertain", delivery=str(anothers.deliveries[0].id), verdict="arrived") == 404
    assert states(session, anothers) == [S.UNCERTAIN]


def test_the_failed_are_tried_again_by_reason(ada: FlaskClient, session: Session, made: Ledger) -> None:
    page = ada.get(f"/releases/{made.release.id}/retry").text
    assert "The mailbox is full" in page
    assert "Try all the failed again" in page
    assert send(ada, made.release, "retry", state="failed", reason="The mailbox is full") == 302
    assert states(session, made)[2:] == [S.QUEUED, S.FAILED, S.DEFERRED, S.ACCEPTED]


def test_all_the_failed_are_tried_again(ada: FlaskClient, session: Session, made: Ledger) -> None:
    assert send(ada, made.release, "retry", state="failed") == 302
    assert states(session, made)[2:] == [S.QUEUED, S.QUEUED, S.DEFERRED, S.ACCEPTED]


def test_one_that_waits_is_tried_now(ada: FlaskClient, session: Session, made: Ledger) -> None:
    assert send(ada, made.release, "retry", delivery=str(made.deliveries[4].id)) == 302
    assert states(session, made)[2:] == [S.FAILED, S.FAILED, S.QUEUED, S.ACCEPTED]


@pytest.mark.parametrize("state", ["", "accepted", "nonsense"])
def test_nothing_else_is_tried_again(ada: FlaskClient, session: Session, made: Ledger, state: str) -> None:
    assert send(ada, made.release, "retry", state=state) == 422
    assert states(session, made) == list(STATES)


def test_what_was_set_aside_has_no_button_with_the_others(ada: FlaskClient, session: Session, made: Ledger) -> None:
    made.deliveries[2].reason = deliveries.SET_ASIDE
    session.flush()
    assert "only one by one" in ada.get(f"/releases/{made.release.id}/retry").text


def test_when_all_arrived_there_is_nothing_to_try(ada: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    release = make_ledger(session, newsroom, [(make_journalist(session, newsroom), S.ACCEPTED)]).release
    assert "Nothing to try again" in ada.get(f"/releases/{release.id}/retry").text


def test_a_sent_release_says_who_subscribed_since_and_goes_to_them_too(
    ada: FlaskClient, session: Session, newsroom: Newsroom, made: Ledger
) -> None:
    made.release.state = ReleaseState.SENT
    session.flush()
    assert "subscribed since" not in ada.get(f"/releases/{made.release.id}").text
    make_journalist(session, newsroom)
    assert "1 journalist subscribed since." in ada.get(f"/releases/{made.release.id}").text
    page = ada.get(f"/releases/{made.release.id}/later").text
    assert re.search(r"Send 1 e-mail\s*<", page)
    assert send(ada, made.release, "later") == 302
    session.refresh(made.release)
    assert made.release.state is ReleaseState.SENDING


def test_to_nobody_new_it_is_not_sent(ada: FlaskClient, session: Session, made: Ledger) -> None:
    page = ada.get(f"/releases/{made.release.id}/later").text
    assert "Nobody has subscribed since" in page
    assert "<form" not in page.partition("<main")[2]
    assert send(ada, made.release, "later") == 422


def test_a_release_held_for_its_lateness_says_why_and_what_resuming_does(
    ada: FlaskClient, session: Session, newsroom: Newsroom
) -> None:
    release = send_a_release(session, newsroom)
    session.execute(text("DELETE FROM delivery WHERE release_id = :id"), {"id": release.id})
    session.execute(
        text("UPDATE wave SET planned_at = NULL, not_before = now() - interval '3 hours' WHERE release_id = :id"),
        {"id": release.id},
    )
    releases.start_due(session)
    page = ada.get(f"/releases/{release.id}").text
    assert "3 hours ago, when the service was down; resume sends it now" in page
    assert "Send it now" in page


def test_a_release_that_goes_little_by_little_says_so(ada: FlaskClient, session: Session, made: Ledger) -> None:
    made.wave.spread_minutes, made.release.deadline_hours = 90, 2
    session.flush()
    page = ada.get(f"/releases/{made.release.id}").text
    assert "Little by little, within 1 hour 30 minutes." in page
    assert "What is not accepted within 2 hours of its time is given up." in page
