"""Hubs and webhooks are told once a release is public, signed, and again when they do not answer; never too early."""

import base64
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from sqlalchemy import select, text

from service import db
from service.models import Account, Announcement, Publication, Release
from service.newsroom import announcing, publishing
from service.settings import Settings, read
from tests.committed import committed
from tests.factories import Newsroom, make_newsroom, now
from tests.service.newsroom import stories
from workers.announce import announce

KEY = b"k" * 32
Request = tuple[str, dict[str, str], bytes]


class Ears:
    """A server that notes what it is told, and answers with `status`."""

    def __init__(self) -> None:
        self.heard: list[Request] = []
        self.status = 202
        ears = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                ears.heard.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(ears.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's signature
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/{path}"


@pytest.fixture
def ears() -> Iterator[Ears]:
    found = Ears()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def told(ears: Ears) -> Settings:
    """Settings with a hub and a webhook."""
    secret = "whsec_" + base64.b64encode(KEY).decode()
    return read(websub_hub=ears.url("hub"), newsroom_webhooks=ears.url("hook?token=x"), newsroom_webhook_secret=secret)


@pytest.fixture
def room(worker_id: str) -> Iterator[Newsroom]:
    with committed(f"announce_{worker_id}"):
        with db.transaction() as session:
            found = make_newsroom(session)
        yield found


def publish(room: Newsroom, headline: str = "River levels fall", *, hours: int = 0) -> Publication:
    until = now() + timedelta(hours=hours) if hours else None
    with db.transaction() as session:
        here = Newsroom(
            room.sender,
            session.get_one(Account, room.ada.id),
            session.get_one(Account, room.ben.id),
            room.topic,
        )
        return stories.approve(session, here, stories.write(session, here, headline, embargo=until), until)


def test_a_hub_and_a_webhook_are_told_once(room: Newsroom, ears: Ears, told: Settings) -> None:
    publish(room)
    announce(told)
    announce(told)
    by_path = {path: (headers, body) for path, headers, body in ears.heard}
    assert set(by_path) == {"/hub", "/hook?token=x"}
    assert len(ears.heard) == 2
    asked = parse_qs(by_path["/hub"][1].decode())
    assert asked["hub.mode"] == ["publish"]
    assert any(url.endswith("/feed.atom") for url in asked["hub.url"])
    headers, body = by_path["/hook?token=x"]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    seal = base64.b64encode(hmac.digest(KEY, signed, sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{seal}"
    said = json.loads(body)
    assert (said["type"], said["data"]["item"]["title"]) == ("release.published", "River levels fall")


def test_nothing_is_told_before_the_instant(room: Newsroom, ears: Ears, told: Settings) -> None:
    publish(room, hours=1)
    announce(told)
    assert ears.heard == []
    with db.transaction() as session:
        assert session.scalars(select(Announcement)).all() == []


def test_who_does_not_answer_is_told_again_with_the_same_id(room: Newsroom, ears: Ears, told: Settings) -> None:
    publish(room)
    for status in (503, 302):
        ears.status = status
        announce(told)
        later()
    ears.status = 200
    announce(told)
    ids = [headers["webhook-id"] for path, headers, _ in ears.heard if path.startswith("/hook")]
    assert len(ids) == 3
    assert len(set(ids)) == 1
    assert "/elsewhere" not in [path for path, _, _ in ears.heard]
    with db.transaction() as session:
        assert not announcing.due(session)
        assert {one.answer for one in session.scalars(select(Announcement))} == {"200"}


def test_after_the_last_try_it_is_given_up(room: Newsroom, ears: Ears, told: Settings) -> None:
    publish(room)
    ears.status = 500
    for _ in range(len(announcing.RETRIES) + 3):
        announce(told)
        later()
    assert len(ears.heard) == 2 * (len(announcing.RETRIES) + 1)


def test_a_withdrawal_is_told_without_a_word_of_the_release(room: Newsroom, ears: Ears, told: Settings) -> None:
    publication = publish(room)
    announce(told)
    with db.transaction() as session:
        release = session.get_one(Release, publication.release_id)
        publishing.withdraw(session, release, by=session.get_one(Account, room.ada.id), reason="Wrong.")
    announce(told)
    _, _, body = [one for one in ears.heard if one[0].startswith("/hook")][-1]
    said = json.loads(body)
    assert (said["type"], said["data"]["item"]["pubStatus"]) == ("release.withdrawn", "canceled")
    assert b"River levels fall" not in body


def test_while_held_nothing_is_told(room: Newsroom, ears: Ears, told: Settings) -> None:
    publish(room)
    with db.transaction() as session:
        session.execute(text("UPDATE installation SET held_at = now(), held_reason = 'An old one was put back.'"))
    announce(told)
    assert ears.heard == []


def test_what_is_years_old_is_not_told_to_a_new_hub(room: Newsroom, ears: Ears, told: Settings) -> None:
    publish(room)
    with db.transaction() as session:
        session.execute(text("UPDATE publication SET opens_at = now() - interval '3 days'"))
    announce(told)
    assert ears.heard == []


def later() -> None:
    """Let all that waits for another try be due."""
    with db.transaction() as session:
        session.execute(text("UPDATE announcement SET due_at = clock_timestamp() WHERE due_at IS NOT NULL"))
