"""The oracle is believed because it objects: each kind of breach, put into a clean run, is found and named."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from service.models import Release
from tests.faults import oracle
from tests.faults.office import CANARY
from tests.faults.scene import Scene, scene

pytestmark = pytest.mark.timeout(120)
Lines = list[dict[str, Any]]


@pytest.fixture
def run(folder: Path) -> Iterator[tuple[Scene, Release]]:
    """A release to six people, over and clean."""
    with scene(folder, people=6) as service:
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_sent(release)
        yield service, release


def lose_one(lines: Lines) -> Lines:
    return lines[1:]


def double_one(lines: Lines) -> Lines:
    return [*lines, lines[0]]


def change_a_word(lines: Lines) -> Lines:
    return [lines[0] | {"sha256": "0" * 64}, *lines[1:]]


def rename_one(lines: Lines) -> Lines:
    return [*lines, lines[0] | {"message_id": lines[0]["message_id"].replace("@", "1@")}]


JOURNALS: dict[str, Callable[[Lines], Lines]] = {
    "I2: lost: 1": lose_one,
    "I3: 1 doubles, and 0 were possible": double_one,
    "is not shown as perhaps sent twice": double_one,
    "is not what was approved": change_a_word,
    "have different Message-IDs": rename_one,
}
TABLES = {
    "I5: begun after they had left: 1": "UPDATE subscription SET state = 'ended', ended_at = now() - interval '1 hour'"
    " WHERE journalist_id = (SELECT min(id::text)::uuid FROM journalist)",
    "I4: early: 6": "UPDATE release SET send_at = now() + interval '1 hour'",
    "I10: 'release started'": "INSERT INTO audit_entry (act, release_id, detail) SELECT 'release started', id, '{}'"
    " FROM release",
    "I4: begun after a cancel or pause: 6": "INSERT INTO audit_entry (id, act, at, release_id, detail)"
    " SELECT uuidv7(interval '-1 hour'), 'release paused', now() - interval '1 hour', id, '{}' FROM release",
    "I1: the books do not balance": "DELETE FROM attempt",
}


@pytest.mark.quick
def test_every_breach_is_found(run: tuple[Scene, Release]) -> None:
    service, release = run
    assert not oracle.judge(service, release).faults
    journal = service.folder / "journal"
    clean = journal.read_text()
    for fault, spoil in JOURNALS.items():
        lines = spoil([json.loads(line) for line in clean.splitlines()])
        journal.write_text("".join(json.dumps(line) + "\n" for line in lines))
        assert fault in told(service, release)
    journal.write_text(clean)
    for fault, statement in TABLES.items():
        assert fault in told_after(service, release, statement), statement
    (service.folder / "logs" / "careless.log").write_text(f"sent {CANARY}")
    assert "careless.log holds words of a release" in told(service, release)


def told(service: Scene, release: Release) -> str:
    return "; ".join(oracle.judge(service, release).faults)


def told_after(service: Scene, release: Release, statement: str) -> str:
    """What the oracle says when somebody did this to the tables as nobody may."""
    with service.engine.connect() as connection:
        connection.execute(text("CREATE SCHEMA kept"))
        for table in ("subscription", "release", "audit_entry", "attempt"):
            connection.execute(text(f"CREATE TABLE kept.{table} AS TABLE {table}"))
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text(statement))
        connection.commit()
        found = told(service, release)
        for table in ("subscription", "release", "audit_entry", "attempt"):
            connection.execute(text(f"DELETE FROM {table}"))
            connection.execute(text(f"INSERT INTO {table} SELECT * FROM kept.{table}"))
        connection.execute(text("DROP SCHEMA kept CASCADE"))
        connection.execute(text("SET session_replication_role = origin"))
        connection.commit()
    return found
