"""The database of this process: one engine, one way to open a transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from service.settings import settings

HAND_OVER = "after_commit"


@cache
def engine() -> Engine:
    """Made at first use, so after a fork: a connection must not be shared by two processes."""
    return create_engine(
        settings().database_url,
        pool_pre_ping=True,
        hide_parameters=True,  # an error's text must not carry addresses into a log
        pool_size=5,
        max_overflow=10,
        connect_args={
            # A statement that hangs must not hold a page or a worker; migrations and plans lift it for themselves.
            "options": "-c statement_timeout=30000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000",
            "connect_timeout": 10,
            "application_name": "dateline",
        },
    )


@contextmanager
def transaction() -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any error; then what was handed over is done."""
    with Session(engine(), expire_on_commit=False) as session:
        with session.begin():
            yield session
        for act in session.info.pop(HAND_OVER, ()):
            act()


def after_commit(session: Session, act: Callable[[], None]) -> None:
    """Do this once the transaction has committed, and not if it does not. It must not raise."""
    session.info.setdefault(HAND_OVER, []).append(act)
