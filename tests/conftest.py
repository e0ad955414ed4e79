"""The ground of all tests: real PostgreSQL and Valkey, started once; each test in a transaction rolled back."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

SERVERS = ExitStack()
TEMPLATE = "dateline_template"
TEMPLATE_URL = "DATELINE_TEST_TEMPLATE"


def pytest_configure(config: pytest.Config) -> None:
    """The controller starts the servers and tells its xdist workers by the environment; each has its own database."""
    if config.option.collectonly:
        return
    if not hasattr(config, "workerinput"):
        _start_servers()
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'master')}"
    os.environ["DATABASE_URL"] = new_database(name)


def _start_servers() -> None:
    from service.supervisor import embedded

    data = Path(SERVERS.enter_context(tempfile.TemporaryDirectory(prefix="dateline-tests-", dir=_reachable())))
    data.chmod(0o755)
    servers = SERVERS.enter_context(embedded(data / "data", postgres_settings={"fsync": "off"}))
    os.environ[TEMPLATE_URL] = _template(servers.database_url)
    os.environ["BROKER_URL"] = servers.broker_url
    os.environ["DATA_DIR"] = str(data / "work")
    os.environ["BASE_URL"] = "http://press.dateline.example"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Whoever started the servers stops them."""
    SERVERS.close()


def _reachable() -> str:
    # PostgreSQL runs as an unprivileged account when the tests run as root: it must reach the folder.
    return "/var/tmp" if os.geteuid() == 0 else tempfile.gettempdir()


def _template(database_url: str) -> str:
    """A migrated database, copied for each worker: 90 ms instead of a migration."""
    from service import migrations

    url = make_url(database_url).set(database=TEMPLATE)
    administer(url.render_as_string(hide_password=False), f"CREATE DATABASE {TEMPLATE}")
    engine = create_engine(url)
    migrations.upgrade(engine)
    engine.dispose()
    return url.render_as_string(hide_password=False)


def administer(url: str, *statements: str) -> None:
    engine = create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def new_database(name: str) -> str:
    """The URL of a new, migrated, empty database; whatever had that name is gone."""
    template = os.environ[TEMPLATE_URL]
    administer(
        template,
        f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
        f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY wal_log",
    )
    return make_url(template).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def database() -> Iterator[Engine]:
    """This test process's own database."""
    engine = create_engine(os.environ["DATABASE_URL"])
    yield engine
    engine.dispose()


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    """A session whose work is undone after the test; commits inside become savepoints."""
    with database.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as found:
            yield found
        transaction.rollback()
