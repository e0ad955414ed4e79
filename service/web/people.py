"""Accounts as Flask-Security knows them: below the doors an account is a row and knows no Flask."""

from typing import Any
from uuid import uuid4

import structlog
from flask_security import RoleMixin, UserDatastore, UserMixin
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import accounts, audit
from service.errors import Refused
from service.models import Account
from service.web.database import transaction

log = structlog.get_logger(__name__)


class Person(UserMixin):
    """Who signs in: the particulars of an account that signing in needs, and no table behind them.

    Flask-Security's own roles are not used (rights are asked of `accounts.may`, for a sender), so there are none.
    """

    fs_uniquifier = ""  # Flask-Security looks for it on the class

    def __init__(self, account: Account) -> None:
        self.account_id = account.id
        self.name = account.name
        self.email = account.email
        self.password = account.password
        self.active = account.active
        self.does = frozenset(right.role for right in account.rights)  # for any sender; `accounts.may` is asked for one
        self.fs_uniquifier = account.fs_uniquifier
        self.roles = []

    def track_failed_authn(self, auth_type: str, tfa: bool = False) -> None:  # noqa: ARG002 - the base class's signature
        """A wrong password, said once, where it is known."""
        log.info("sign-in refused", account=str(self.account_id), by=auth_type)


class People(UserDatastore):
    """Finds people for Flask-Security and keeps what it changes: the password and the mark that ends sessions."""

    def __init__(self) -> None:
        super().__init__(Person, RoleMixin)

    def find_user(self, case_insensitive: bool = False, **by: Any) -> Person | None:  # noqa: ARG002 - the base class's signature
        """The person of this `email`, or of the `fs_uniquifier` in her session."""
        with transaction() as session:
            account = _of_address(session, by["email"]) if "email" in by else _of_mark(session, by["fs_uniquifier"])
            return Person(account) if account else None

    def put(self, model: Person) -> Person:
        """Keep the person's password and session mark; Flask-Security calls it when a hash has aged."""
        with transaction() as session:
            _keep(session, model)
        return model

    def commit(self) -> None:
        """Nothing is left to do: `put` is its own transaction."""

    def set_password(self, person: Person, hashed: str) -> None:
        """Give the person this password and end every session there is, hers too."""
        person.password, person.fs_uniquifier = hashed, uuid4().hex
        with transaction() as session:
            audit.write(session, "password set", account=_keep(session, person))


def _keep(session: Session, person: Person) -> Account:
    account = accounts.get(session, person.account_id)
    account.password, account.fs_uniquifier = person.password, person.fs_uniquifier
    return account


def _of_address(session: Session, email: str) -> Account | None:
    try:
        return accounts.by_email(session, email)
    except Refused:  # no such account, or what was typed is no address at all: one answer
        return None


def _of_mark(session: Session, mark: str) -> Account | None:
    return session.scalar(select(Account).where(Account.fs_uniquifier == mark))
