"""Cleo leaves: by her mail program's one click or by the button, and by nothing else."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.models import Delivery, DeliveryState, Subscription, SubscriptionState
from service.signing import Purpose, sign
from tests.factories import Newsroom
from tests.ledgers import ungoverned
from tests.service.web.office import send_a_release

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def cleo(session: Session, newsroom: Newsroom) -> Delivery:
    """What she got, and can leave by."""
    release = send_a_release(session, newsroom)
    return session.scalars(select(Delivery).filter_by(release_id=release.id, state="accepted")).all()[0]


@pytest.fixture
def link(cleo: Delivery) -> str:
    return f"/leave/{sign(Purpose.LEAVE, cleo.id)}"


def state(session: Session, cleo: Delivery) -> SubscriptionState:
    query = select(Subscription).filter_by(journalist_id=cleo.journalist_id)
    return session.scalars(query.execution_options(populate_existing=True)).one().state


def test_scanners_that_open_every_link_unsubscribe_nobody(
    client: FlaskClient, session: Session, cleo: Delivery, link: str
) -> None:
    for _ in range(25):
        assert client.get(link).status_code == client.head(link).status_code == 200
        client.get(link + "?List-Unsubscribe=One-Click")
        client.options(link)
    assert state(session, cleo) is SubscriptionState.CONFIRMED


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_one_click_of_a_mail_program_unsubscribes(
    client: FlaskClient, session: Session, cleo: Delivery, link: str, content_type: str
) -> None:
    answer = client.post(link, data=ONE_CLICK, content_type=content_type)
    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (200, [])
    assert state(session, cleo) is SubscriptionState.ENDED


def test_the_button_of_the_page_is_the_same_click(
    client: FlaskClient, session: Session, cleo: Delivery, link: str
) -> None:
    page = client.get(link)
    assert f'action="{link}"' in page.text
    assert '<input type="hidden" name="List-Unsubscribe" value="One-Click">' in page.text
    assert page.headers.getlist("Set-Cookie") == []
    assert "csrf_token" not in page.text


def test_leaving_twice_is_leaving_once(client: FlaskClient, session: Session, cleo: Delivery, link: str) -> None:
    first, second = client.post(link, data=ONE_CLICK), client.post(link, data=ONE_CLICK)
    assert (first.status_code, first.text) == (second.status_code, second.text)
    assert "Water" in first.text
    assert state(session, cleo) is SubscriptionState.ENDED


def test_a_post_without_the_words_ends_nothing(
    client: FlaskClient, session: Session, cleo: Delivery, link: str
) -> None:
    assert client.post(link, data={"List-Unsubscribe": "Maybe"}).status_code == 422
    assert client.post(link).status_code == 422
    assert state(session, cleo) is SubscriptionState.CONFIRMED


def test_who_left_by_mistake_comes_back(client: FlaskClient, session: Session, cleo: Delivery, link: str) -> None:
    client.post(link, data=ONE_CLICK)
    assert client.get(link + "/undo").status_code == 405
    assert client.post(link + "/undo").status_code == 200
    assert state(session, cleo) is SubscriptionState.CONFIRMED


def test_every_link_that_is_not_ours_is_answered_by_one_page(client: FlaskClient, cleo: Delivery, link: str) -> None:
    wrong = [
        link[:-1], link + "a", "/leave/x", f"/leave/{sign(Purpose.RETURN, cleo.id)}",
        f"/leave/{sign(Purpose.LEAVE, cleo.journalist_id)}",
    ]  # fmt: skip
    answers = {(answer.status_code, answer.text) for answer in (client.post(path, data=ONE_CLICK) for path in wrong)}
    answers |= {(answer.status_code, answer.text) for answer in (client.get(path) for path in wrong[:4])}
    assert len(answers) == 1
    assert answers.pop()[0] == 404


def test_the_address_with_the_token_is_told_to_nobody(client: FlaskClient, link: str) -> None:
    assert client.get(link).headers["Referrer-Policy"] == "no-referrer"


def test_leaving_by_the_link_of_an_uncertain_mail_shows_that_it_arrived(
    client: FlaskClient, session: Session, cleo: Delivery, link: str
) -> None:
    ungoverned(session, f"UPDATE delivery SET state = 'uncertain' WHERE id = '{cleo.id}'")
    client.get(link)
    assert stands(session, cleo) is DeliveryState.UNCERTAIN, "opening a page shows nothing: scanners do it"
    client.post(link, data=ONE_CLICK)
    assert stands(session, cleo) is DeliveryState.ACCEPTED


def stands(session: Session, cleo: Delivery) -> DeliveryState:
    session.refresh(cleo)
    return cleo.state
