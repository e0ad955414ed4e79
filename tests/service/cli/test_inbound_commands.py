"""`dateline feedback take` and `dateline unmatched`, as a mail server and an operator run them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from service import accounts, db
from service.cli.unmatched import unmatched
from service.models import DeliveryState, Received, Role, Way
from tests.committed import away, committed
from tests.factories import make_newsroom
from tests.workers.inbound.post import mail, path, received, recipient, sent, state_of, store
from workers.inbound import sort
from workers.relays.development import returns

SOURCE = Path(__file__).parents[3]


@pytest.fixture
def office(worker_id: str) -> Iterator[str]:
    with committed(f"pipe_{worker_id}") as url:
        yield url


def take(url: str, message: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    """What a mail server's pipe does."""
    program = (sys.executable, "-c", "from service.cli import main; main()", "feedback", "take", *options)
    env = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(SOURCE)}
    return subprocess.run(program, input=message, env=env, cwd=SOURCE, capture_output=True, timeout=60)


def test_a_piped_report_is_stored_once_and_finds_its_delivery(office: str) -> None:
    delivery = sent()
    report = b"Return-Path: <>\r\nTo: someone@daily.example\r\n" + returns.bounce(mail(delivery), recipient(delivery))
    for _ in range(2):
        done = take(office, report, "--recipient", path(delivery))
        assert (done.returncode, done.stdout) == (0, b""), done.stderr
    sort.sort_new()
    assert state_of(delivery) is DeliveryState.BOUNCED
    assert len(received()) == 1
    with db.transaction() as session:
        assert session.execute(select(Received.way, Received.envelope_from)).one() == (Way.PIPE, "")


def test_without_a_recipient_the_headers_say_whom_it_came_for(office: str) -> None:
    delivery = sent()
    report = f"Delivered-To: {path(delivery)}\r\n".encode() + returns.bounce(mail(delivery), recipient(delivery))
    assert take(office, report).returncode == 0
    sort.sort_new()
    assert state_of(delivery) is DeliveryState.BOUNCED


def test_without_a_database_the_mail_server_is_to_keep_it(office: str) -> None:
    with away(office):
        done = take(office, b"Subject: x\r\n\r\ny\r\n", "--recipient", path(uuid4()))
    assert done.returncode == 75
    assert path(uuid4()).encode()[:4] not in done.stderr
    assert take("postgresql+psycopg://nobody@127.0.0.1:1/away", b"x").returncode == 75
    assert received() == []


def test_what_is_too_large_is_given_back(office: str) -> None:
    assert take(office, b"x" * 10_600_000).returncode == 65
    assert received() == []


def run(*words: str) -> str:
    done = CliRunner().invoke(unmatched, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_an_operator_lists_reads_assigns_and_sets_aside(office: str) -> None:
    assert "Nothing is unmatched." in run("list")
    delivery = sent()
    with db.transaction() as session:
        room = make_newsroom(session)
        accounts.grant(session, room.ben, room.sender, [Role.ADMINISTER])
        ben = room.ben.email
    # Without a tag anywhere: who has one is found by it.
    report = re.sub(rb"[0-9a-f]{52}", b"0" * 52, returns.bounce(mail(delivery), recipient(delivery)))
    for to in ("postmaster@bounces.dateline.example", "abuse@bounces.dateline.example"):
        store(to, report)
    sort.sort_new()
    found = json.loads(run("list", "--json"))
    assert (found["total"], [one["why"] for one in found["unmatched"]]) == (
        2,
        ["bounce: about no delivery of ours"] * 2,
    )
    assert all(one["id"] in run("list") for one in found["unmatched"])
    first, second = (one["id"] for one in found["unmatched"])
    assert json.loads(run("show", first, "--by", ben, "--json"))["octets"] == len(report)
    assert CliRunner().invoke(unmatched, ["show", first, "--by", ben], catch_exceptions=False).stdout_bytes == report
    run("again", "all", "--by", ben)
    sort.sort_new()
    assert json.loads(run("list", "--json"))["total"] == 2
    run("aside", first, "--by", ben)
    run("assign", second, "last", recipient(delivery), "--by", ben)
    sort.sort_new()
    assert json.loads(run("list", "--json"))["total"] == 0
    assert state_of(delivery) is DeliveryState.BOUNCED
