"""PostgreSQL and Valkey out of their wheels: what was committed is kept, whoever else is there is respected."""

import os
import stat
from pathlib import Path

import psycopg
import pytest
from kombu import Connection
from sqlalchemy import create_engine, text

from service.errors import Refused
from service.supervisor import AlreadyRunning, Postgres, Unreachable, Valkey, embedded
from service.supervisor import account as accounts
from service.supervisor import runtime as runtimes
from service.supervisor.account import Account
from service.supervisor.servers import Servers

ELSEWHERE = "postgresql+psycopg://elsewhere/dateline"
QUICK = {"fsync": "off"}


def note(servers: Servers, journalist: str) -> None:
    engine = create_engine(servers.database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS cast_list (name text UNIQUE)"))
        connection.execute(text("INSERT INTO cast_list VALUES (:name)"), {"name": journalist})
    engine.dispose()


def noted(database_url: str) -> list[str]:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        names = list(connection.execute(text("SELECT name FROM cast_list ORDER BY name")).scalars())
    engine.dispose()
    return names


def test_what_was_committed_and_rung_for_is_there_after_a_restart_even_below_a_path_with_spaces(data: Path) -> None:
    spaced = data / "Ben's data, 100 % his"
    with embedded(spaced, postgres_settings=QUICK) as servers:
        note(servers, "Ben")
        with Connection(servers.broker_url) as broker:
            broker.SimpleQueue("bells").put({"release": 1})
    with embedded(spaced, postgres_settings=QUICK) as servers:
        assert noted(servers.database_url) == ["Ben"]
        with Connection(servers.broker_url) as broker:
            assert broker.SimpleQueue("bells").get(timeout=5).payload == {"release": 1}


def test_commits_survive_a_crash(data: Path) -> None:
    with embedded(data) as servers:
        assert servers.postgres is not None
        note(servers, "Cleo")
        servers.postgres.crash()
    with embedded(data) as servers:
        assert noted(servers.database_url) == ["Cleo"]
    assert "automatic recovery in progress" in (data / "logs" / "postgres.log").read_text()


def test_a_second_start_is_refused_and_told_who_holds_the_data(data: Path) -> None:
    with (
        embedded(data, database_url=ELSEWHERE, broker_url="redis://elsewhere"),
        pytest.raises(AlreadyRunning, match=f"process {os.getpid()}") as refusal,
        embedded(data),
    ):
        pass
    assert refusal.value.pid == os.getpid()
    assert refusal.value.since is not None


def test_servers_that_are_named_are_used_and_none_is_started(data: Path) -> None:
    with embedded(data, database_url=ELSEWHERE, broker_url="redis://elsewhere") as servers:
        assert (servers.database_url, servers.broker_url) == (ELSEWHERE, "redis://elsewhere")
        assert servers.processes == ()
    assert [path.name for path in data.iterdir()] == ["lock"]


def test_only_its_owner_can_come_to_the_sockets_and_nothing_listens_on_a_port(data: Path) -> None:
    with embedded(data, postgres_settings=QUICK) as servers:
        assert servers.postgres is not None
        sockets = servers.postgres.runtime
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert len(os.fsencode(sockets / ".s.PGSQL.5432")) < 107
        with psycopg.connect(host=str(sockets), user="postgres", dbname="dateline") as connection:
            answer = connection.execute("SELECT current_setting('listen_addresses'), lower('ҚЁ')").fetchone()
        assert answer == ("", "қё")
    assert not sockets.exists()


def test_the_log_of_the_database_does_not_hold_an_address(data: Path) -> None:
    with embedded(data, postgres_settings=QUICK) as servers:
        note(servers, "cleo@paper.example")
        with pytest.raises(Exception, match="duplicate key"):
            note(servers, "cleo@paper.example")
    log = (data / "logs" / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "paper.example" not in log


def test_servers_left_by_a_killed_supervisor_are_ended_before_new_ones_start(data: Path) -> None:
    accounts.make_enterable(data)
    account = accounts.for_data(data)
    sockets = runtimes.directory(data, account)
    left_postgres = Postgres.start(data, sockets, account=account, settings=QUICK)
    left_valkey = Valkey.start(data, sockets, account=account)
    with embedded(data, postgres_settings=QUICK) as servers:
        assert left_postgres.process.ended() == 0
        assert left_valkey.process.ended() == 0
        note(servers, "Ada")


def test_a_directory_the_account_cannot_enter_is_named_and_left_as_it_is(data: Path) -> None:
    closed = data / "home of root"
    closed.mkdir(parents=True)
    closed.chmod(0o700)
    stranger = Account("stranger", 64_321, 64_321)
    with pytest.raises(
        Unreachable, match=r"account stranger, and that account cannot enter .*/home of root on the way .*DATA_DIR"
    ):
        Postgres.start(closed / "var", data, account=stranger)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_sockets_are_not_put_where_somebody_else_was_first(data: Path) -> None:
    mine = runtimes.directory(data, None)
    mine.rmdir()
    mine.symlink_to("/var")
    try:
        with pytest.raises(Refused, match="not a private directory of ours"):
            runtimes.directory(data, None)
    finally:
        mine.unlink()
