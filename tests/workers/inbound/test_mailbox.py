"""The way in by IMAP, against a real Dovecot: stored before it is touched, moved when understood, never deleted."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from service import db
from service.models import DeliveryState
from tests import imap_server
from tests.committed import away
from tests.imap_server import NEITHER_IDLE_NOR_MOVE, PASSWORD, Server
from tests.workers.inbound.post import events_of, mail, path, received, recipient, sent, state_of
from tests.workers.relays.authority import Authority
from workers.inbound import mailbox, sort
from workers.inbound.letterbox import READ, Letterbox
from workers.relays.development import returns

S = DeliveryState
LETTER = b"From: cleo@daily.example\r\nTo: press@rivers.example\r\nSubject: What is this?\r\n\r\nI do not know.\r\n"


@pytest.fixture(scope="module")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with imap_server.running(tmp_path_factory.mktemp("dovecot")) as server:
        yield server


@pytest.fixture
def server(dovecot: Server) -> Server:
    """The same server with nothing in it."""
    with dovecot.opened() as box:
        for folder in ("INBOX", *(one.name for one in box.folder.list() if one.name != "INBOX")):
            box.folder.set(folder)
            box.delete(box.uids())
    return dovecot


@contextmanager
def watching(server: Server, options: str = "") -> Iterator[None]:
    """The process's loop on a thread, and a sorter."""
    stop = Event()
    where = mailbox.place(server.url(options=options))
    threads = [Thread(target=mailbox.serve, args=(where, PASSWORD, stop)), Thread(target=_sort_until, args=(stop,))]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)


def _sort_until(stop: Event) -> None:
    while not stop.wait(0.2):
        sort.sort_new()


def wait_until(true: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.2)


def report(delivery: object, to: bytes = b"") -> bytes:
    """A bounce as a server puts it into a mailbox of its own."""
    found = sent() if delivery is None else delivery
    message = returns.bounce(mail(found), recipient(found))  # type: ignore[arg-type]
    return b"Return-Path: <>\r\nDelivered-To: " + (to or path(found).encode()) + b"\r\n" + message  # type: ignore[arg-type]


def test_what_is_understood_is_moved_and_what_is_not_stays_unread_and_flagged(office: str, server: Server) -> None:
    delivery = sent()
    server.put(report(delivery), LETTER)
    with watching(server):
        wait_until(lambda: state_of(delivery) is S.BOUNCED and len(server.subjects("Dateline")) == 1)
        wait_until(lambda: server.subjects(criteria="FLAGGED UNSEEN") == ["What is this?"])
        assert server.subjects() == ["What is this?"]
        later = sent()
        server.put(report(later))
        wait_until(lambda: state_of(later) is S.BOUNCED and len(server.subjects("Dateline")) == 2)


def test_what_came_twice_or_is_fetched_by_two_at_once_is_stored_once(office: str, server: Server) -> None:
    delivery = sent()
    server.put(*[report(delivery)] * 2, LETTER)
    with watching(server), watching(server):
        wait_until(lambda: len(server.subjects("Dateline")) == 2)
        wait_until(lambda: server.subjects(criteria="FLAGGED") == ["What is this?"])
    assert len(received()) == 2
    assert events_of(delivery) == ["bounce"]


def test_a_message_that_is_stored_and_not_moved_yet_is_not_stored_again(office: str, server: Server) -> None:
    """The process ends between the commit and the move, and the message has another UID when it comes back."""
    message = report(sent())
    server.put(message)
    with mailbox.opened(mailbox.place(server.url()), PASSWORD) as box:
        assert Letterbox(box, "Dateline").take_new() == 1
    with server.opened() as box:
        box.delete(box.uids())
    server.put(message)
    with watching(server):
        wait_until(lambda: len(server.subjects("Dateline")) == 1)
    assert len(received()) == 1


def test_without_a_database_nothing_is_moved_or_flagged(office: str, server: Server) -> None:
    delivery = sent()
    server.put(report(delivery))
    where = mailbox.place(server.url())
    with away(office), pytest.raises(OperationalError), mailbox.opened(where, PASSWORD) as box:
        Letterbox(box, "Dateline").take_new()
    assert len(server.subjects(criteria="UNFLAGGED UNSEEN")) == 1
    with watching(server):
        wait_until(lambda: state_of(delivery) is S.BOUNCED)


def test_nothing_that_a_person_marked_as_deleted_is_expunged(office: str, server: Server) -> None:
    """imap-tools expunges the folder whenever it sets a flag."""
    server.put(LETTER.replace(b"What is this?", b"Deleted by a person"), LETTER)
    with server.opened() as box:
        first = box.uids()[0]
        box.client.uid("STORE", first, "+FLAGS", r"(\Deleted)")
        with watching(server):
            wait_until(lambda: server.subjects(criteria="FLAGGED") == ["What is this?"])
    assert "Deleted by a person" in server.subjects()
    assert len(received()) == 1


def test_a_connection_that_is_lost_is_opened_again(office: str, server: Server) -> None:
    with watching(server):
        first = sent()
        server.put(report(first))
        wait_until(lambda: state_of(first) is S.BOUNCED)
        _kick(server)
        second = sent()
        server.put(report(second))
        wait_until(lambda: state_of(second) is S.BOUNCED)


def _kick(server: Server) -> None:
    """End the server's side of every connection, as a restart of it does."""
    master = (server.folder / "base" / "master.pid").read_text().strip()
    ended = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            words = status.read_text()
            if "Name:\timap\n" in words and f"PPid:\t{master}\n" in words:
                os.kill(int(status.parent.name), signal.SIGTERM)
                ended += 1
    assert ended


def test_a_server_without_idle_and_move_is_polled_and_its_messages_flagged(
    office: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = sent()
    monkeypatch.setattr(mailbox, "POLL_SECONDS", 0.5)
    with imap_server.running(tmp_path, capability=NEITHER_IDLE_NOR_MOVE) as server, watching(server):
        server.put(report(delivery))
        wait_until(lambda: state_of(delivery) is S.BOUNCED)
        wait_until(lambda: len(server.subjects(criteria=f"KEYWORD {READ} SEEN")) == 1)
        assert server.subjects("Dateline") == []


def test_tls_is_checked_and_a_stranger_is_told_nothing(office: str, tmp_path: Path) -> None:
    folder = tmp_path / "ca"
    folder.mkdir()
    authority = Authority(folder)
    authority.found()
    authority.server("imap", "IP:127.0.0.1")
    with imap_server.running(tmp_path, tls=(folder / "imap.pem", folder / "imap.key")) as server:
        url = f"imaps://{imap_server.USER}@127.0.0.1:{server.tls_port}"
        with mailbox.opened(mailbox.place(f"{url}?ca={authority.ca}"), PASSWORD) as box:
            assert box.folder.get() == "INBOX"
        with pytest.raises(OSError, match="certificate"), mailbox.opened(mailbox.place(url), PASSWORD):
            pass
        starts = f"imap+starttls://{imap_server.USER}@127.0.0.1:{server.port}?ca={authority.ca}"
        with mailbox.opened(mailbox.place(starts), PASSWORD) as box:
            assert box.folder.get() == "INBOX"


@pytest.mark.parametrize("url", ["imap://ada@mail.example/", "imaps://mail.example/x", "pop3://ada@mail.example"])
def test_a_mailbox_that_would_tell_its_password_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="BOUNCE_MAILBOX"):
        mailbox.place(url)


def test_a_large_message_and_a_hostile_one_block_nobody(office: str, server: Server) -> None:
    delivery = sent()
    nested = b"Content-Type: message/rfc822\r\n\r\n" * 5000 + b"end\r\n"
    huge = b"Subject: huge\r\n\r\n" + b"x" * 76 + b"\r\n" * 5_400_000
    server.put(huge, b"Subject: nested\r\n" + nested, report(delivery))
    with watching(server):
        wait_until(lambda: state_of(delivery) is S.BOUNCED)
        wait_until(lambda: sorted(server.subjects(criteria="FLAGGED")) == ["huge", "nested"])
    assert len(received()) == 2


def test_the_process_runs_and_ends_in_order(office: str, server: Server, tmp_path: Path) -> None:
    delivery = sent()
    server.put(report(delivery))
    env = {
        **os.environ,
        "DATABASE_URL": office,
        "DATA_DIR": str(tmp_path),
        "BOUNCE_MAILBOX": server.url(),
        "BOUNCE_MAILBOX_PASSWORD": PASSWORD,
    }
    with subprocess.Popen([sys.executable, "-m", "workers.inbound.mailbox"], env=env) as child:
        try:
            wait_until(lambda: len(received()) == 1)
            sort.sort_new()
            wait_until(lambda: len(server.subjects("Dateline")) == 1)
            assert (tmp_path / "pulse" / "mailbox").exists()
            child.send_signal(signal.SIGTERM)
            assert child.wait(20) == 0
        finally:
            child.kill()
    with db.transaction() as session:
        assert session.scalar(text("SELECT way FROM received")) == "mailbox"


def test_without_a_mailbox_the_process_says_so(office: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "workers.inbound.mailbox"],
        env={**os.environ},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr.strip()) == (2, "BOUNCE_MAILBOX names no mailbox")
