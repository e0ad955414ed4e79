"""Inbound SMTP: whom it takes mail for, and that a 250 means the message is on the disk."""

import asyncio
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from uuid import uuid4

import pytest

from service import links
from service.settings import settings
from tests.committed import away
from tests.workers.inbound.post import path, post, received
from workers.inbound import listener

REPORT = b"Subject: Undelivered\r\n\r\nNo such user.\r\n"
DOMAIN = "bounces.dateline.example"


@contextmanager
def listening(ring: Callable[[], None] = lambda: None) -> Iterator[str]:
    """A listener on a thread of its own; its address."""
    ready, stop, where = Event(), asyncio.Event(), []
    loop = asyncio.new_event_loop()

    async def run() -> None:
        async with listener.listening("127.0.0.1:0", ring=ring) as address:
            where.append(address)
            ready.set()
            await stop.wait()

    thread = Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    assert ready.wait(10)
    yield where[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    loop.close()


def refusal(where: str, to: str, message: bytes = REPORT) -> int:
    """The code it is refused with."""
    with pytest.raises((smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException)) as caught:
        post(where, to, message)
    fault = caught.value
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return int(fault.recipients[to][0])
    assert isinstance(fault, smtplib.SMTPResponseException)
    return fault.smtp_code


def test_what_comes_to_a_signed_return_path_is_stored_as_it_came(office: str) -> None:
    ours = path(uuid4())
    with listening() as where:
        post(where, ours, REPORT)
        assert [(to, message) for to, message, _ in received()] == [(ours, REPORT)]


@pytest.mark.parametrize(
    "wrapped", [str.upper, lambda local: f"prvs=1234abcd={local}", lambda local: f"SRS0=x=y={local}"]
)
def test_a_return_path_that_forwarders_rewrote_is_still_ours(office: str, wrapped: Callable[[str], str]) -> None:
    local, _, host = path(uuid4()).partition("@")
    with listening() as where:
        post(where, f"{wrapped(local)}@{host}", REPORT)
    assert len(received()) == 1


@pytest.mark.parametrize("role", ["postmaster", f"postmaster@{DOMAIN}", f"Abuse@{DOMAIN.upper()}"])
def test_the_roles_every_domain_has_are_taken(office: str, role: str) -> None:
    with listening() as where:
        post(where, role, REPORT)
    assert len(received()) == 1


def test_anything_else_is_refused_at_rcpt(office: str) -> None:
    forged = path(uuid4())
    forged = forged[:10] + ("a" if forged[10] != "a" else "b") + forged[11:]
    for_another_purpose = links.personal().leave(uuid4()).rpartition("/")[2]
    elsewhere = path(uuid4()).partition("@")[0] + "@elsewhere.example"
    with listening() as where:
        for to in (
            "anyone@elsewhere.example",
            f"nobody@{DOMAIN}",
            forged,
            elsewhere,
            f"b.{for_another_purpose}@{DOMAIN}",
        ):
            assert refusal(where, to) == 550
        assert refusal(where, f'"a\x01b"@{DOMAIN}') in (550, 553)
    assert received() == []


def test_a_message_beyond_ten_megabytes_is_refused(office: str) -> None:
    with listening() as where:
        assert refusal(where, path(uuid4()), b"Subject: big\r\n\r\n" + b"x" * 78 + b"\r\n" * 5_300_000) == 552
    assert received() == []


def test_a_line_that_never_ends_ends_the_connection(office: str) -> None:
    with listening() as where, socket.create_connection(("127.0.0.1", int(where.rpartition(":")[2])), 20) as client:
        client.sendall(f"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<{path(uuid4())}>\r\nDATA\r\n".encode())
        with pytest.raises(ConnectionError):
            client.sendall(b"x" * 67_108_864)


def test_without_a_database_the_answer_is_451_and_with_it_250_again(office: str) -> None:
    ours = path(uuid4())
    with listening() as where:
        post(where, ours, REPORT)
        with away(office):
            assert refusal(where, ours) == 451
        post(where, ours, REPORT)
    assert len(received()) == 2


def test_the_sorter_is_rung_for_once_for_many_messages(office: str) -> None:
    rings: list[int] = []
    with listening(ring=lambda: rings.append(len(received()))) as where:
        for _ in range(5):
            post(where, path(uuid4()), REPORT)
        time.sleep(2 * listener.SECONDS_BETWEEN_BELLS)
    assert 1 <= len(rings) < 5
    assert rings[-1] == 5


@contextmanager
def process(url: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`python -m workers.inbound` and where it listens."""
    env = {**os.environ, "DATABASE_URL": url, "INBOUND_LISTEN": "127.0.0.1:0"}
    command = [sys.executable, "-m", "workers.inbound"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            yield child, child.stdout.readline().removeprefix("listening on ").strip()
        finally:
            child.kill()


def test_what_was_answered_250_is_there_after_kill_minus_9(office: str) -> None:
    with process(settings().database_url) as (child, where):
        post(where, path(uuid4()), REPORT)
        child.kill()
        child.wait()
    assert [message for _, message, _ in received()] == [REPORT]


def test_sigterm_ends_it_in_order(office: str) -> None:
    with process(settings().database_url) as (child, where):
        post(where, path(uuid4()), REPORT)
        child.send_signal(signal.SIGTERM)
        assert child.wait(10) == 0
    assert len(received()) == 1
