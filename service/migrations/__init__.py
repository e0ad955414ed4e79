"""The steps from one shape of the database to the next; `migrations.upgrade()` takes all that are missing."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

# One number for all of Dateline's processes: two that start at once take the steps one after the other.
LOCK = 7_246_001


def config() -> Config:
    """Alembic's configuration, made here: there is no alembic.ini to go stale."""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent))
    return found


def upgrade(engine: Engine, to: str = "head") -> None:
    """Take every missing step in one transaction."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = '60s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        _run(connection, to)


def downgrade(engine: Engine, to: str) -> None:
    """Take steps back to a revision, or to "base"."""
    with engine.begin() as connection:
        steps = config()
        steps.attributes["connection"] = connection
        command.downgrade(steps, to)


def current(engine: Engine) -> str:
    """The step the database stands at; empty when it has none."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def head() -> str:
    """The newest step there is."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def _run(connection: Connection, to: str) -> None:
    steps = config()
    steps.attributes["connection"] = connection
    command.upgrade(steps, to)
