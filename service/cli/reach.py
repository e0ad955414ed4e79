"""The database, broker and keys a command works with: of the settings, of this installation, or its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from service import db, installation, migrations
from service.cli import processes
from service.settings import Settings, adopt, settings
from service.supervisor import reached

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def servers() -> Iterator[Settings]:
    """The settings with which the processes of this installation work, while their servers are there."""
    found = settings()
    data = found.data_dir.resolve()
    with reached(found.data_dir, database_url=found.database_url, broker_url=found.broker_url) as there:
        # Beside a database of somebody else's making, keys are not made: whoever serves it has others.
        keys = processes.known_keys(found, data) if found.database_url else processes.keys(found, data)
        yield adopt(database_url=there.database_url, broker_url=there.broker_url, **keys)


def database(command: Callable[Concatenate[Session, P], R]) -> Callable[P, R]:
    """Give a command one transaction as its first argument, on a migrated database."""

    @wraps(command)
    def reaching(*args: P.args, **kwargs: P.kwargs) -> R:
        with servers():
            prepare()
            with db.transaction() as session:
                return command(session, *args, **kwargs)

    return reaching


def prepare() -> None:
    """Take every missing migration, and let a new database be ours before anything can leave it."""
    migrations.upgrade(db.engine())
    with db.transaction() as session:
        installation.begin(session)
