"""A database of its own for tests of what commits by itself: other processes, threads and sorters see it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, make_url, text

from service import db, installation
from service.settings import adopt, settings
from tests.conftest import new_database


@contextmanager
def committed(name: str) -> Iterator[str]:
    """Let this process's settings name a new, empty database; its URL."""
    before = settings().database_url
    url = new_database(name)
    _adopt(url)
    with db.transaction() as session:
        installation.begin(session)
    yield url
    db.engine().dispose()
    _adopt(before)


@contextmanager
def away(url: str) -> Iterator[None]:
    """Let this database end its connections and take no new ones for a while."""
    name = make_url(url).database
    engine = create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"))
        yield
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    engine.dispose()


def _adopt(url: str) -> None:
    adopt(database_url=url)
    db.engine.cache_clear()
