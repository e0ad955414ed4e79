"""`dateline account … --mail` and `dateline mails`, as an operator runs them."""

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from service import db, senders
from service.cli.mails import mails
from service.cli.newsrooms import account
from tests.committed import committed

ADA = ["add", "ada@rivers.example", "Ada Officer", "--sender", "rivers", "--role", "write"]


@pytest.fixture
def office(worker_id: str) -> Iterator[CliRunner]:
    """A committed newsroom without people."""
    with committed(f"mails_{worker_id}"):
        with db.transaction() as session:
            senders.add(session, "rivers", "Rivers", address="press@rivers.example", postal_address="Astana")
        yield CliRunner()


def test_a_new_person_is_invited_by_mail_and_no_link_is_printed(office: CliRunner) -> None:
    done = office.invoke(account, [*ADA, "--mail", "--language", "ru"], catch_exceptions=False)
    assert done.exit_code == 0
    assert "/sign-in/" not in done.output
    assert "a…@rivers.example" in done.output
    (mail,) = json.loads(office.invoke(mails, ["--json"], catch_exceptions=False).output)
    assert (mail["kind"], mail["to"], mail["state"]) == ("invitation", "a…@rivers.example", "queued")


def test_a_new_link_goes_by_mail(office: CliRunner) -> None:
    printed = office.invoke(account, ADA, catch_exceptions=False)
    assert "/sign-in/" in printed.output
    office.invoke(account, ["link", "Ada@Rivers.Example", "--mail"], catch_exceptions=False)
    shown = office.invoke(mails, catch_exceptions=False).output
    assert "sign-in" in shown
    assert "ada@" not in shown


def test_when_there_is_none_it_says_how_to_write_one(office: CliRunner) -> None:
    assert "No account mail" in office.invoke(mails, catch_exceptions=False).output
    assert json.loads(office.invoke(mails, ["--json"], catch_exceptions=False).output) == []
