"""The transactions of this application: those of service.db, or what the application was made with."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask, current_app
from sqlalchemy.orm import Session

Transaction = Callable[[], AbstractContextManager[Session]]

_KEY = "dateline.transaction"


def use(app: Flask, transaction: Transaction) -> None:
    """Let every page of this application open its transactions so."""
    app.extensions[_KEY] = transaction


def transaction() -> AbstractContextManager[Session]:
    """One transaction, committed at the end, rolled back on any error."""
    opened: AbstractContextManager[Session] = current_app.extensions[_KEY]()
    return opened
