"""Whoever lacks the role, works for another newsroom or for another topic changes nothing, at any route there is."""

from collections.abc import Iterable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service import accounts
from service.accounts import BY_TOPIC
from service.models import Account, Release, Role, Sender, Topic
from tests.factories import Newsroom, make_account, make_newsroom, make_release
from tests.service.web.conftest import Browser, csrf
from tests.service.web.office import send_a_release
from tests.service.web.posts_of_routes import ABOUT_NO_RELEASE_YET, NEEDS, NOT_THERE, OF_THE_SERVICE, body, mutating
from tests.service.web.rows import snapshot

REFUSED = (403, 404)


@pytest.fixture
def sent(session: Session, newsroom: Newsroom) -> Release:
    return send_a_release(session, newsroom)


@pytest.fixture
def paths(app: Flask, session: Session, newsroom: Newsroom, sent: Release) -> dict[str, str]:
    """Where each route changes something of our newsroom; an argument nobody gave a value is a KeyError."""
    draft = make_release(session, newsroom)
    known: dict[str, object] = {
        "releases.id_": sent.id,
        "deliveries.id_": sent.id,
        "readers.id_": sent.id,
        "readers.reader": sent.id,
        "writing.id_": draft.id,
        "writing.language": "en",
        "people.id_": newsroom.ben.id,
        "people.slug": newsroom.sender.slug,
        # Nothing of theirs is in this scene.
        **dict.fromkeys(("stories.id_", "feedback.id_", "unmatched.id_", "suppressions.id_"), sent.id),
    }
    adapter = app.url_map.bind("press.dateline.example")
    found = {}
    for endpoint, rule in mutating(app).items():
        values = {name: known[f"{endpoint.partition('.')[0]}.{name}"] for name in rule.arguments}
        method = "POST" if "POST" in (rule.methods or ()) else "DELETE"
        found[endpoint] = adapter.build(endpoint, values, method=method)
    return found


def somebody(session: Session, sender: Sender, roles: Iterable[Role], topic: UUID | None = None) -> Account:
    account = make_account("Sly Somebody")
    session.add(account)
    session.flush()
    about = session.get(Topic, topic) if topic else None
    accounts.grant(session, account, sender, roles, topic=about)
    return account


def post(client: FlaskClient, endpoint: str, path: str, sender: Sender) -> int:
    return client.post(path, data=csrf(client, "/account") | body(endpoint, sender)).status_code


def test_who_lacks_the_role_changes_nothing(
    session: Session, newsroom: Newsroom, signed_in: Browser, paths: dict[str, str]
) -> None:
    browsers = {
        needed: signed_in(somebody(session, newsroom.sender, [role for role in Role if role not in needed]))
        for needed in set(NEEDS.values())
    }
    before = snapshot(session)
    answers = {
        endpoint: post(browsers[NEEDS[endpoint]], endpoint, path, newsroom.sender) for endpoint, path in paths.items()
    }
    assert {endpoint: status for endpoint, status in answers.items() if status not in REFUSED} == {}
    assert snapshot(session) == before


def test_who_may_everything_elsewhere_changes_nothing_here(
    session: Session, newsroom: Newsroom, signed_in: Browser, paths: dict[str, str]
) -> None:
    other = make_newsroom(session)
    browser = signed_in(somebody(session, other.sender, list(Role)))
    before = snapshot(session)
    here = {endpoint: path for endpoint, path in paths.items() if endpoint not in OF_THE_SERVICE}
    answers = {endpoint: post(browser, endpoint, path, newsroom.sender) for endpoint, path in here.items()}
    answers.pop("writing.write")  # it opens for her own newsroom
    assert {endpoint: status for endpoint, status in answers.items() if status not in REFUSED} == {}
    assert snapshot(session) == before


def test_who_may_everything_about_another_topic_changes_nothing_of_this_one(
    session: Session, newsroom: Newsroom, signed_in: Browser, paths: dict[str, str]
) -> None:
    energy = Topic(sender_id=newsroom.sender.id, slug="energy", name="Energy")
    session.add(energy)
    session.flush()
    browser = signed_in(somebody(session, newsroom.sender, BY_TOPIC, energy.id))
    before = snapshot(session)
    about = {endpoint: path for endpoint, path in paths.items() if endpoint not in ABOUT_NO_RELEASE_YET}
    answers = {endpoint: post(browser, endpoint, path, newsroom.sender) for endpoint, path in about.items()}
    assert {endpoint: status for endpoint, status in answers.items() if status not in REFUSED} == {}
    assert snapshot(session) == before


def test_who_has_just_the_role_is_let_in(
    session: Session, newsroom: Newsroom, signed_in: Browser, paths: dict[str, str]
) -> None:
    """So that the refusals above are about roles, and not about what is not there."""
    browsers = {needed: signed_in(somebody(session, newsroom.sender, needed)) for needed in set(NEEDS.values())}
    there = {endpoint: path for endpoint, path in paths.items() if endpoint not in NOT_THERE}
    answers = {
        endpoint: post(browsers[NEEDS[endpoint]], endpoint, path, newsroom.sender) for endpoint, path in there.items()
    }
    assert {endpoint: status for endpoint, status in answers.items() if status in (*REFUSED, 405, 500)} == {}
