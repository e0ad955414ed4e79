"""The scene's database, and the ways in which it fails."""

import contextlib
import shutil
from pathlib import Path

from sqlalchemy import Engine, text

from service.supervisor import NotReady, Postgres, processes

SOCKET = ".s.PGSQL.5432"
TRIES = 30


class Database:
    """The embedded PostgreSQL of a scene. `engine` is the test's own way to it, past all proxies."""

    def __init__(self, postgres: Postgres, engine: Engine) -> None:
        self._postgres = postgres
        self.engine = engine
        self.socket = postgres.runtime / SOCKET
        self.cluster = Path(postgres.process.child.argv[2])

    def crash(self) -> None:
        """It ends as in a power cut."""
        self._postgres.crash()

    def kill(self) -> None:
        """kill -9, of it and of all its sessions."""
        self._postgres.process.kill()

    def stop(self) -> None:
        """The fast shutdown: sessions are ended, nothing has to be recovered."""
        self._postgres.stop()

    def start(self) -> None:
        """Start it again; it recovers what it has to."""
        child = self._postgres.process.child
        for tried in range(TRIES):
            # What a killed server left in shared memory goes with the last of its sessions.
            self._postgres.process = processes.start(child)
            with contextlib.suppress(NotReady):
                self._postgres.process.wait_ready()
                break
            assert tried < TRIES - 1, "PostgreSQL does not come back"
        self.engine.dispose()

    def is_running(self) -> bool:
        """Whether its process lives."""
        return self._postgres.process.ended() is None

    def end_sessions(self, application: str) -> int:
        """Cut the sessions of one kind from the server's side; how many."""
        ending = text("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = :name")
        with self.engine.connect() as connection:
            return int(connection.execute(ending, {"name": application}).scalar_one())

    def move_log(self, to: Path) -> None:
        """Keep the write-ahead log on another disk; the server must be stopped."""
        log = self.cluster / "pg_wal"
        owner = log.stat()
        shutil.copytree(log, to / "pg_wal")
        for path in (to / "pg_wal", *(to / "pg_wal").rglob("*")):
            shutil.chown(path, owner.st_uid, owner.st_gid)
        (to / "pg_wal").chmod(0o700)
        shutil.rmtree(log)
        log.symlink_to(to / "pg_wal")
