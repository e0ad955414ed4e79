"""`dateline journalists show | export | erase`, as an operator runs them for somebody who asks."""

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from service import db, suppressions
from service.cli.journalists import journalists
from tests.committed import committed
from tests.factories import Newsroom, make_delivery, make_journalist, make_newsroom

CLEO = "cleo@daily.example"


@pytest.fixture
def office(worker_id: str) -> Iterator[tuple[CliRunner, Newsroom]]:
    with committed(f"one_journalist_{worker_id}"):
        with db.transaction() as session:
            room = make_newsroom(session)
            make_delivery(session, room, make_journalist(session, room, address=CLEO), topic=room.topic)
        yield CliRunner(), room


def test_it_shows_what_somebody_gets(office: tuple[CliRunner, Newsroom]) -> None:
    runner, _ = office
    shown = runner.invoke(journalists, ["show", "CLEO@daily.example"], catch_exceptions=False).output
    assert "topic Water" in shown
    assert "at-once" in shown
    [line] = runner.invoke(journalists, ["show", CLEO, "--json"], catch_exceptions=False).output.splitlines()
    assert json.loads(line)["person"]["address"] == CLEO


def test_the_export_has_all_and_erasing_leaves_the_fingerprint_alone(office: tuple[CliRunner, Newsroom]) -> None:
    runner, room = office
    [data] = json.loads(runner.invoke(journalists, ["export", CLEO], catch_exceptions=False).output)
    assert {"person", "subscriptions", "mails", "suppressions", "acts"} <= data.keys()
    assert len(data["mails"]) == 1
    assert "headline" not in data["mails"][0], "what has not come to them yet may be under an embargo"
    done = runner.invoke(journalists, ["erase", CLEO, "--as", room.ada.email, "--yes"], catch_exceptions=False)
    assert done.exit_code == 0
    with db.transaction() as session:
        assert suppressions.holds(session, CLEO, room.sender)
    assert runner.invoke(journalists, ["show", CLEO]).exit_code != 0


def test_nobody_is_erased_without_a_word_of_yes(office: tuple[CliRunner, Newsroom]) -> None:
    runner, room = office
    assert runner.invoke(journalists, ["erase", CLEO, "--as", room.ada.email], input="n\n").exit_code == 1
    assert runner.invoke(journalists, ["show", CLEO], catch_exceptions=False).exit_code == 0
