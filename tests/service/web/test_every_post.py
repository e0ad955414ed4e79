"""Whoever lacks the role, works for another newsroom or for another topic changes nothing, at any route there is."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from service import accounts
from service.accounts import BY_TOPIC
from service.models import Account, Role, Sender, Topic
from tests.factories import Newsroom, make_account, make_newsroom
from tests.service.web.conftest import Browser, csrf
from tests.service.web.posted_about import Subject, Subjects, releases_to_come, releases_under_way
from tests.service.web.posted_about_people import (
    imports_of_them,
    people_of_the_newsroom,
    people_of_the_press,
    what_came_back,
)
from tests.service.web.posts_of_routes import (
    ABOUT_NO_RELEASE_YET,
    BOTH,
    NEEDS,
    OF_HER_OWN,
    OF_THE_SERVICE,
    ONLY_READ,
    OR_WITH,
    mutating,
)
from tests.service.web.rows import snapshot

REFUSED = (403, 404)
CHANGE = re.compile(r"\b(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b")


class Posts:
    """Every post there is, each with something of our newsroom to be about."""

    def __init__(self, app: Flask, session: Session, room: Newsroom) -> None:
        known: Subjects = {}
        for furnish in (releases_under_way, releases_to_come, people_of_the_press, imports_of_them, what_came_back):
            known |= furnish(session, room)
        known |= people_of_the_newsroom(session, room)
        session.flush()
        self.session, self.found = session, dict[str, tuple[str, Subject]]()
        self.tokens: dict[FlaskClient, dict[str, str]] = {}
        adapter = app.url_map.bind("press.dateline.example")
        for endpoint, rule in mutating(app).items():
            # A KeyError names an endpoint for which nothing is furnished.
            subject = known[endpoint] if endpoint in known else known[endpoint.partition(".")[0]]
            values = {name: value for name, value in subject.values.items() if name in rule.arguments}
            self.found[endpoint] = adapter.build(endpoint, values, method="POST"), subject

    def answer(self, client: FlaskClient, endpoint: str) -> tuple[int, bool]:
        """What is answered, and whether a row was written; all of it is taken back."""
        path, subject = self.found[endpoint]
        session = self.session
        self._token(client)
        with session.begin_nested() as savepoint, written(session) as statements:
            status = client.post(path, data=self._token(client) | subject.body()).status_code
            session.flush()
            savepoint.rollback()
        session.expire_all()
        return status, bool(statements)

    def _token(self, client: FlaskClient) -> dict[str, str]:
        if client not in self.tokens:
            self.tokens[client] = csrf(client, "/account")
        return self.tokens[client]


@contextmanager
def written(session: Session) -> Iterator[list[str]]:
    """The statements by which rows are changed meanwhile."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if CHANGE.search(statement):
            found.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield found
    event.remove(connection, "before_cursor_execute", note)


@pytest.fixture
def posts(app: Flask, session: Session, newsroom: Newsroom) -> Posts:
    return Posts(app, session, newsroom)


def somebody(session: Session, sender: Sender, roles: Iterable[Role], topic: UUID | None = None) -> Account:
    account = make_account("Sly Somebody")
    session.add(account)
    session.flush()
    about = session.get(Topic, topic) if topic else None
    accounts.grant(session, account, sender, roles, topic=about)
    return account


def not_refused(posts: Posts, browsers: dict[str, FlaskClient]) -> dict[str, int]:
    """Where who should not was answered with anything else than a refusal."""
    answers = {endpoint: posts.answer(browser, endpoint)[0] for endpoint, browser in browsers.items()}
    return {endpoint: status for endpoint, status in answers.items() if status not in REFUSED}


def test_who_has_just_the_role_is_let_in_and_changes_it(
    session: Session, newsroom: Newsroom, signed_in: Browser, posts: Posts
) -> None:
    """So that the refusals below are about roles, and not about what is not there."""
    wanted = {needed if endpoint in BOTH else needed[:1] for endpoint, needed in NEEDS.items()}
    wanted |= {(role,) for endpoint, needed in NEEDS.items() if endpoint not in BOTH for role in needed}
    browsers = {roles: signed_in(somebody(session, newsroom.sender, roles)) for roles in wanted}
    wrong = {}
    for endpoint, needed in NEEDS.items():
        for roles in [needed] if endpoint in BOTH else [(role,) for role in needed]:
            status, changed = posts.answer(browsers[roles], endpoint)
            if status not in (200, 302) or changed is (endpoint in ONLY_READ):
                wrong[endpoint, roles] = status, changed
    assert wrong == {}


def test_who_lacks_the_role_changes_nothing(
    session: Session, newsroom: Newsroom, signed_in: Browser, posts: Posts
) -> None:
    withheld = {endpoint: (*needed, *OR_WITH.get(endpoint, ())) for endpoint, needed in NEEDS.items()}
    lacking = {
        needed: signed_in(somebody(session, newsroom.sender, [role for role in Role if role not in needed]))
        for needed in {*withheld.values(), *((role,) for endpoint in BOTH for role in NEEDS[endpoint])}
    }
    before = snapshot(session)
    assert not_refused(posts, {endpoint: lacking[needed] for endpoint, needed in withheld.items()}) == {}
    for endpoint in BOTH:
        for role in NEEDS[endpoint]:
            assert not_refused(posts, {endpoint: lacking[(role,)]}) == {}
    assert snapshot(session) == before


def test_who_may_everything_elsewhere_changes_nothing_here(session: Session, signed_in: Browser, posts: Posts) -> None:
    browser = signed_in(somebody(session, make_newsroom(session).sender, list(Role)))
    here = set(NEEDS) - OF_THE_SERVICE - OF_HER_OWN
    assert not_refused(posts, dict.fromkeys(here, browser)) == {}


def test_who_may_everything_about_another_topic_changes_nothing_of_this_one(
    session: Session, newsroom: Newsroom, signed_in: Browser, posts: Posts
) -> None:
    energy = Topic(sender_id=newsroom.sender.id, slug="energy", name="Energy")
    session.add(energy)
    session.flush()
    browser = signed_in(somebody(session, newsroom.sender, BY_TOPIC, energy.id))
    assert not_refused(posts, dict.fromkeys(set(NEEDS) - ABOUT_NO_RELEASE_YET, browser)) == {}
