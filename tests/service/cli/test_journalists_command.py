"""`dateline journalists`, run as a command against a database of its own words."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service import journalists
from service.cli.journalists import journalists as command
from tests.factories import Newsroom, make_newsroom

RUN = """
import json, sys
from service.cli.journalists import journalists
for arguments in json.loads(sys.argv[1]):
    journalists(arguments, standalone_mode=False)
    print(chr(12), end="")
"""
CSV = "email;имя;темы\nCleo@daily.example;Клео [red]Читатель;water\nnobody;Nobody;water\n"


@pytest.fixture
def newsroom(database: Engine) -> Newsroom:
    """A newsroom that other processes see."""
    with Session(database, expire_on_commit=False) as session, session.begin():
        return make_newsroom(session)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A file with one good row and one bad."""
    path = tmp_path / "people.csv"
    path.write_text(CSV, encoding="cp1251")
    return path


def _run(database: Engine, *commands: list[str]) -> list[str]:
    """What each command prints, all run by one new process: starting Python takes longer than they do."""
    environment = os.environ | {
        "DATABASE_URL": database.url.render_as_string(hide_password=False),
        "COLUMNS": "160",
        "PYTHONUTF8": "1",
    }
    argv = [sys.executable, "-c", RUN, json.dumps(commands)]
    printed = subprocess.run(argv, env=environment, check=True, capture_output=True, encoding="utf-8").stdout
    return printed.split("\f")[:-1]


def test_a_file_is_tried_imported_and_listed(database: Engine, newsroom: Newsroom, people: Path) -> None:
    sender = ["--sender", newsroom.sender.slug]
    import_ = ["import", str(people), *sender, "--legal-basis", "Consent"]
    tried, empty, done, line, grid = _run(
        database,
        [*import_, "--dry-run"],
        ["list", *sender, "--json"],
        import_,
        ["list", *sender, "--topic", "water", "--json"],
        ["list", *sender],
    )
    assert "Would be imported" in tried
    assert "row 3, email: 'nobody' is not an e-mail address" in tried
    assert empty == ""
    assert "Imported" in done
    assert tried.splitlines()[1:] == done.splitlines()[1:]
    told = json.loads(line)
    assert (told["address"], told["sender"]) == ("Cleo@daily.example", newsroom.sender.slug)
    assert "Клео [red]Читатель" in grid
    with Session(database) as session:
        assert journalists.count(session, newsroom.sender, topic=newsroom.topic) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "-", "--sender", "rivers"], "--legal-basis"),
        (["import", "-", "--legal-basis", "Consent"], "--sender"),
        (["import", "/nowhere.csv", "--sender", "rivers", "--legal-basis", "Consent"], "/nowhere.csv"),
        (["list", "--topic", "water"], "--topic needs --sender"),
    ],
)
def test_what_is_missing_is_named(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 2
    assert said in result.output
