"""The database and the broker a command works with: those of the settings, of a running service, or its own."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from service import db, installation, migrations
from service.settings import adopt, settings
from service.supervisor import reached

P = ParamSpec("P")
R = TypeVar("R")


def database(command: Callable[Concatenate[Session, P], R]) -> Callable[P, R]:
    """Give a command one transaction as its first argument, on a migrated database."""

    @wraps(command)
    def reaching(*args: P.args, **kwargs: P.kwargs) -> R:
        found = settings()
        with reached(found.data_dir, database_url=found.database_url, broker_url=found.broker_url) as servers:
            adopt(database_url=servers.database_url, broker_url=servers.broker_url)
            prepare()
            with db.transaction() as session:
                return command(session, *args, **kwargs)

    return reaching


def prepare() -> None:
    """Take every missing migration, and let a new database be ours before anything can leave it."""
    migrations.upgrade(db.engine())
    with db.transaction() as session:
        installation.begin(session)
