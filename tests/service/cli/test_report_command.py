"""`dateline report` and `dateline message`, as an operator runs them."""

import json
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from service import db
from service.cli.deliveries import message
from service.cli.reports import report
from service.models import DeliveryState
from tests.committed import committed
from tests.factories import make_journalist, make_newsroom
from tests.ledgers import make_ledger


@pytest.fixture
def sent(worker_id: str) -> Iterator[str]:
    """The id of a committed release that Cleo got and Dana did not."""
    with committed(f"reports_{worker_id}"):
        with db.transaction() as session:
            room = make_newsroom(session)
            cleo = make_journalist(session, room, address="cleo@daily.example")
            dana = make_journalist(session, room, "Dana Reader", address="dana@daily.example")
            people = [(cleo, DeliveryState.ACCEPTED), (dana, DeliveryState.EXCLUDED)]
            release = str(make_ledger(session, room, people).release.id)
        yield release


def test_the_report_of_the_last_release_ends_well_when_the_books_balance(sent: str) -> None:
    result = CliRunner().invoke(report, ["last"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "The books balance" in result.output


def test_it_ends_with_1_when_they_do_not(sent: str) -> None:
    with db.transaction() as session:
        session.execute(text("DELETE FROM delivery WHERE state = 'excluded'"))
    result = CliRunner().invoke(report, [sent, "--json"], catch_exceptions=False)
    assert result.exit_code == 1
    assert json.loads(result.output)["imbalance"].startswith("2 people were counted")


def test_the_people_are_a_table(sent: str) -> None:
    result = CliRunner().invoke(report, [sent[:13], "--people"], catch_exceptions=False)
    assert [line.partition(",")[0] for line in result.output.splitlines()] == [
        "address",
        "cleo@daily.example",
        "dana@daily.example",
    ]


def test_what_cleo_got_is_shown_and_written(sent: str, tmp_path: Path) -> None:
    files = ["--eml", str(tmp_path / "mail.eml"), "--html", str(tmp_path / "mail.html")]
    result = CliRunner().invoke(message, [sent, "Cleo@daily.example", *files], catch_exceptions=False)
    assert "accepted by the mail server" in result.output
    assert "250 2.0.0" in result.output
    assert "cleo@daily.example" in message_from_bytes((tmp_path / "mail.eml").read_bytes())["To"]
    assert "River levels fall" in (tmp_path / "mail.html").read_text()


def test_why_dana_got_nothing_is_shown(sent: str) -> None:
    result = CliRunner().invoke(message, [sent, "dana@daily.example"], catch_exceptions=False)
    assert result.output.strip() == "excluded: address suppressed"
