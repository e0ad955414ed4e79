"""Inbound SMTP: whom it takes mail for, and that a 250 means the message is on the disk."""

import asyncio
import os
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any, BinaryIO
from uuid import uuid4

import pytest
from sqlalchemy import select

from service import db, links, networks
from service.models import Received, Way
from service.networks import Turnstile
from service.settings import settings
from tests.committed import away
from tests.workers.inbound.post import path, post, received
from tests.workers.relays.authority import Authority
from workers.inbound import listener
from workers.inbound.certificate import Certificate
from workers.inbound.listener import MOST_OF_ONE
from workers.inbound.reception import MOST_COMMANDS

REPORT = b"Subject: Undelivered\r\n\r\nNo such user.\r\n"
DOMAIN = "bounces.dateline.example"


@contextmanager
def listening(ring: Callable[[], None] = lambda: None, at: str = "127.0.0.1:0", **options: Any) -> Iterator[str]:
    """A listener on a thread of its own; its address."""
    ready, stop, where = Event(), asyncio.Event(), []
    loop = asyncio.new_event_loop()

    async def run() -> None:
        async with listener.listening(at, ring=ring, **options) as address:
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


def test_the_envelope_sender_is_kept_the_null_one_too(office: str) -> None:
    with listening() as where:
        post(where, path(uuid4()), REPORT)
        with smtplib.SMTP("127.0.0.1", int(where.rpartition(":")[2]), timeout=20) as client:
            client.sendmail("cleo@daily.example", [path(uuid4())], REPORT)
    with db.transaction() as session:
        assert list(session.scalars(select(Received.envelope_from).order_by(Received.id))) == ["", "cleo@daily.example"]


def said(where: str, *words: bytes) -> bytes:
    """Say these bytes, each after an answer, and hear all that is answered until the connection ends."""
    heard = b""
    with socket.create_connection(("127.0.0.1", int(where.rpartition(":")[2])), 20) as client:
        lines = client.makefile("rb")
        for word in (b"", *words, b"QUIT\r\n"):
            with suppress(ConnectionError):
                client.sendall(word)
                heard += reply(lines)
    return heard


def reply(lines: BinaryIO) -> bytes:
    """One answer of one or several lines; "" when the connection has ended."""
    answer = b""
    while line := lines.readline():
        answer += line
        if line[3:4] != b"-":
            break
    return answer


def opening(to: str) -> tuple[bytes, ...]:
    return b"EHLO x\r\n", b"MAIL FROM:<>\r\n", f"RCPT TO:<{to}>\r\n".encode(), b"DATA\r\n"


@pytest.mark.parametrize(
    "smuggled",
    [
        b"\n.\n",
        b"\n.\r\n",
        b"\r\n.\n",
        b"\r.\r\n",
        b"\r\n.\r",
        b"\r.\r",
        b"\r\n\x00.\r\n\n",
        b"a\nb",
        b"a\rb",
    ],
)
def test_nothing_but_crlf_dot_crlf_ends_a_message_and_bare_ends_are_refused(office: str, smuggled: bytes) -> None:
    """Postfix CVE-2023-51764, aiosmtpd CVE-2024-27305."""
    ours, second = path(uuid4()), path(uuid4())
    inner = f"MAIL FROM:<>\r\nRCPT TO:<{second}>\r\nDATA\r\nSubject: smuggled\r\n".encode()
    with listening() as where:
        heard = said(where, *opening(ours), b"Subject: one\r\n\r\ntext" + smuggled + inner + b"\r\n.\r\n")
        assert b"550 5.6.11" in heard
        assert b"250 2.0.0" not in heard
        post(where, ours, REPORT)
    assert [message for _, message, _ in received()] == [REPORT]


def test_dots_are_undone_and_long_lines_of_others_are_taken(office: str) -> None:
    message = b"Subject: dots\r\n\r\n.\r\n..\r\n.x\r\n" + b"y" * 5000 + b"\r\n"
    with listening() as where:
        post(where, path(uuid4()), message)
        assert refusal(where, path(uuid4()), b"Subject: long\r\n\r\n" + b"z" * 70_000 + b"\r\n") == 500
    assert [stored for _, stored, _ in received()] == [message]


def test_what_is_said_after_data_before_its_answer_ends_the_connection(office: str) -> None:
    """M5: it would be a message here and commands elsewhere."""
    *before, data = opening(path(uuid4()))
    with listening() as where:
        heard = said(where, *before, data + b"Subject: too soon\r\n\r\n.\r\nMAIL FROM:<x@y.example>\r\n")
    assert b"554 5.5.0" in heard
    assert received() == []


def test_a_command_that_is_too_long_or_repeated_for_ever_is_refused(office: str) -> None:
    with listening() as where:
        assert b"500" in said(where, b"EHLO " + b"x" * 3000 + b"\r\n")
        assert b"421 4.7.0" in said(where, *[b"VRFY a\r\n"] * (MOST_COMMANDS["*"] + 1))


def test_a_network_has_its_share_and_one_that_is_trusted_has_no_limit(office: str) -> None:
    with listening(turnstile=Turnstile(4)) as where:
        post(where, path(uuid4()), REPORT)
        post(where, path(uuid4()), REPORT)
        with pytest.raises((smtplib.SMTPResponseException, smtplib.SMTPServerDisconnected)):
            post(where, path(uuid4()), REPORT)
    with listening(turnstile=Turnstile(1, networks.listed("127.0.0.0/8"))) as where:
        for _ in range(5):
            post(where, path(uuid4()), REPORT)
    assert len(received()) == 7


def test_one_network_cannot_hold_all_connections(office: str) -> None:
    with listening(turnstile=Turnstile(100_000)) as where, ExitStack() as held:
        port = int(where.rpartition(":")[2])
        for _ in range(MOST_OF_ONE):
            client = held.enter_context(socket.create_connection(("127.0.0.1", port), 20))
            assert client.recv(100).startswith(b"220")
        with socket.create_connection(("127.0.0.1", port), 20) as one_more:
            assert one_more.recv(100).startswith(b"421 4.3.2")
            assert one_more.recv(100) == b""


@pytest.mark.parametrize("by", ["tcp", "socket"])
def test_lmtp_answers_each_recipient_by_itself(office: str, tmp_path: Path, by: str) -> None:
    """RFC 2033, 4.2."""
    ours = [path(uuid4()), path(uuid4())]
    at = "127.0.0.1:0" if by == "tcp" else str(tmp_path / "lmtp.sock")
    with listening(at=at, way=Way.LMTP) as where:
        client = smtplib.LMTP(where, 0) if by == "socket" else smtplib.LMTP("127.0.0.1", int(where.rpartition(":")[2]))
        with client:
            client.ehlo("mta.rivers.example")
            client.mail("")
            assert [client.rcpt(to)[0] for to in (*ours, "anyone@elsewhere.example")] == [250, 250, 550]
            assert client.docmd("DATA")[0] == 354
            client.send(REPORT + b".\r\n")
            assert [client.getreply()[0] for _ in ours] == [250, 250]
            assert client.docmd("EHLO x")[0] == 500
    assert [(to, message) for to, message, _ in received()] == [(to, REPORT) for to in ours]
    with db.transaction() as session:
        assert set(session.scalars(select(Received.way))) == {Way.LMTP}


def test_lmtp_without_a_database_tells_each_recipient_to_come_again(office: str) -> None:
    with listening(way=Way.LMTP) as where, smtplib.LMTP("127.0.0.1", int(where.rpartition(":")[2])) as client:
        client.ehlo("mta.rivers.example")
        client.mail("")
        for _ in range(2):
            client.rcpt(path(uuid4()))
        assert client.docmd("DATA")[0] == 354
        with away(office):
            client.send(REPORT + b".\r\n")
            assert [client.getreply()[0] for _ in range(2)] == [451, 451]
        client.mail("")
        client.rcpt(path(uuid4()))
        client.docmd("DATA")
        client.send(b"a\nb\r\n.\r\n")
        assert client.getreply()[0] == 550


def test_starttls_is_offered_with_a_certificate_and_what_was_said_before_is_forgotten(
    office: str, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    authority.found()
    authority.server("first", "IP:127.0.0.1")
    chain, key = tmp_path / "first.pem", tmp_path / "first.key"
    tls = Certificate(chain, key)
    trusted = ssl.create_default_context(cafile=authority.ca)
    with listening(tls=tls) as where, smtplib.SMTP("127.0.0.1", int(where.rpartition(":")[2]), timeout=20) as client:
        client.ehlo()
        assert client.has_extn("starttls")
        client.mail("before@tls.example")
        client.starttls(context=trusted)
        client.sendmail("", [path(uuid4())], REPORT)
        first = client.sock.getpeercert()  # type: ignore[union-attr]
        authority.server("second", "IP:127.0.0.1")
        chain.write_bytes((tmp_path / "second.pem").read_bytes())
        key.write_bytes((tmp_path / "second.key").read_bytes())
        with smtplib.SMTP("127.0.0.1", int(where.rpartition(":")[2]), timeout=20) as renewed:
            renewed.starttls(context=trusted)
            assert renewed.sock.getpeercert()["serialNumber"] != first["serialNumber"]  # type: ignore[union-attr]
    assert [message for _, message, _ in received()] == [REPORT]
    with db.transaction() as session:
        assert session.scalars(select(Received.envelope_from)).one() == ""


def test_without_a_certificate_no_tls_is_offered(office: str) -> None:
    with listening() as where, smtplib.SMTP("127.0.0.1", int(where.rpartition(":")[2]), timeout=20) as client:
        client.ehlo()
        assert not client.has_extn("starttls")
        assert client.docmd("STARTTLS")[0] >= 450


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
