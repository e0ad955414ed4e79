"""The application in the test's own transaction, and browsers that are signed in to it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service import accounts
from service.app import create_app
from service.models import Account
from service.settings import read
from service.web.database import Transaction
from tests.factories import Newsroom, make_newsroom

Browser = Callable[[Account], FlaskClient]

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def csrf(client: FlaskClient, page: str) -> dict[str, str]:
    """The CSRF field of a page's first form."""
    found = TOKEN.search(client.get(page).text)
    assert found is not None
    return {"csrf_token": found[1]}


def follow(client: FlaskClient, link: str) -> TestResponse:
    """Open a one-time link and press its button."""
    path = "/sign-in/" + link.rpartition("/")[2]
    return client.post(path, data=csrf(client, path))


@pytest.fixture
def transaction(session: Session) -> Transaction:
    """Transactions that are savepoints of the test's own."""

    @contextmanager
    def begin() -> Iterator[Session]:
        with session.begin_nested():
            yield session

    return begin


class Compiled(BytecodeCache):
    """Templates compiled once for all the applications of these tests: each has a Jinja of its own."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self._kept.get(bucket.key):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


@pytest.fixture
def app(transaction: Transaction) -> Flask:
    found = create_app(read(base_url="http://press.dateline.example"), transaction=transaction)
    found.jinja_env.bytecode_cache = COMPILED
    return found


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who is not signed in."""
    return open_browser(app)


@pytest.fixture
def newsroom(session: Session) -> Newsroom:
    return make_newsroom(session)


@pytest.fixture
def signed_in(app: Flask, session: Session) -> Browser:
    """A browser in which this person has signed in."""

    def sign_in(account: Account) -> FlaskClient:
        client = open_browser(app)
        assert follow(client, accounts.sign_in_link(session, account)).status_code == 302
        return client

    return sign_in


def open_browser(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_HOST"] = "press.dateline.example"
    return client
