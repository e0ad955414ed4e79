"""Accounts as Flask-Security knows them: below the doors an account is a row and knows no Flask."""

from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

import structlog
from flask_security import RoleMixin, UserDatastore, UserMixin, WebAuthnMixin
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import accounts, audit
from service.errors import Refused
from service.models import Account, Passkey, Place, Usage
from service.web.database import transaction

log = structlog.get_logger(__name__)

APP = "authenticator"
"""Flask-Security's word for codes of an app, the only ones we ask for."""


class Key(WebAuthnMixin):
    """A passkey as a row says it, under the names Flask-Security gives its columns."""

    def __init__(self, row: Passkey) -> None:
        self.key_id = row.id
        self.account_id = row.account_id
        self.name = row.name
        self.credential_id = row.credential_id
        self.public_key = row.public_key
        self.sign_count = row.sign_count
        self.usage = row.usage.value
        self.transports = list(row.transports)
        self.backup_state = row.backup_state
        self.device_type = row.device_type
        self.extensions = row.extensions
        self.created_at = row.created_at
        self.used_at = row.used_at
        self.lastuse_datetime = row.used_at or row.created_at


class Person(UserMixin):
    """Who signs in: the particulars of an account that signing in needs, and no table behind them.

    Flask-Security's own roles are not used (rights are asked of `accounts.may`, for a sender), so there are none.
    """

    fs_uniquifier = ""  # Flask-Security looks for it on the class

    def __init__(self, account: Account, place: Place | None = None) -> None:
        self.account_id = account.id
        self.name = account.name
        self.email = account.email
        self.password: str | None = account.password
        self.active = account.active
        self.language = account.language
        self.zone = account.zone
        self.does = frozenset(right.role for right in account.rights)  # for any sender; `accounts.may` is asked for one
        self.fs_uniquifier = account.fs_uniquifier
        self.fs_webauthn_user_handle = account.webauthn_handle  # type: ignore[assignment] # none before the first
        self.tf_primary_method = APP if accounts.has_code_device(account) else None
        self.totp_counter = accounts.code_taken(account)
        # Flask-Security asks only whether there are any; the codes themselves are nowhere.
        self.mf_recovery_codes = [""] * accounts.recovery_codes_left(account)
        self.place_id = place.id if place else None
        self.came_by = place.came_by if place else None
        self.roles = []

    @cached_property
    def tf_totp_secret(self) -> str | None:  # type: ignore[override] # read when it is needed
        """What codes are made of. Raises sealing.CannotOpen."""
        with transaction() as session:
            return accounts.secret_of(accounts.get(session, self.account_id))

    @property
    def webauthn(self) -> list[Key]:  # type: ignore[override] # as above
        """The passkeys, oldest first."""
        with transaction() as session:
            query = select(Passkey).where(Passkey.account_id == self.account_id).order_by(Passkey.created_at)
            return [Key(row) for row in session.scalars(query)]

    @property
    def has_second_factor(self) -> bool:
        """Whether more than a password is asked of her."""
        return self.tf_primary_method is not None or any(key.usage == Usage.SECONDARY for key in self.webauthn)

    def verify_and_update_password(self, password: str) -> bool:
        """Whether it is hers; nothing is the password of who has none."""
        return self.password is not None and bool(super().verify_and_update_password(password))

    def calc_username(self) -> str:
        """What an app or a passkey calls the account."""
        return str(self.email)

    def track_failed_authn(self, auth_type: str, tfa: bool = False) -> None:
        """A wrong password or code, said once, where it is known."""
        log.info("sign-in refused", account=str(self.account_id), by=auth_type, second=tfa)


class People(UserDatastore):
    """Finds people for Flask-Security and keeps what it changes: the password, the passkeys, the mark of sessions."""

    def __init__(self) -> None:
        super().__init__(Person, RoleMixin, webauthn_model=Key)

    def find_user(self, case_insensitive: bool = False, **by: Any) -> Person | None:  # noqa: ARG002 - the base class's signature
        """The person of this `email`, or of the `fs_uniquifier` in her session."""
        with transaction() as session:
            account = _of_address(session, by["email"]) if "email" in by else _of_mark(session, by["fs_uniquifier"])
            return Person(account) if account else None

    def at(self, mark: str, place: str) -> Person | None:
        """The person of this mark, if she is still signed in at this place."""
        with transaction() as session:
            account = _of_mark(session, mark)
            here = accounts.is_here(session, account, UUID(place)) if account and account.active and place else None
            return Person(account, here) if account and here else None

    def put(self, model: Person | Key) -> Person | Key:
        """Keep the person's password and session mark, or what a passkey said of itself as it was used."""
        with transaction() as session:
            if isinstance(model, Key):
                _keep_key(session, model)
            else:
                _keep(session, model)
        return model

    def commit(self) -> None:
        """Nothing is left to do: `put` is its own transaction."""

    def set_password(self, person: Person, hashed: str) -> None:
        """Give the person this password and end every session there is, hers too."""
        person.password = hashed
        with transaction() as session:
            account = _keep(session, person)
            accounts.end_everywhere(session, account)
            person.fs_uniquifier = account.fs_uniquifier
            audit.write(session, "password set", account=account)

    def tf_set(self, *_arguments: object, **_more: object) -> None:
        """Nothing: factors are set up by our own pages, and signing in changes none."""

    def set_webauthn_user_handle(self, user: Any, user_handle: str | None = None) -> None:
        """Give the person the name by which passkeys know her; it says nothing of her."""
        user.fs_webauthn_user_handle = user_handle or uuid4().hex
        with transaction() as session:
            accounts.get(session, user.account_id).webauthn_handle = user.fs_webauthn_user_handle

    def create_webauthn(self, user: Any, *_none: Any, **key: Any) -> None:
        """Keep a passkey that was just made."""
        kept = {name: key[name] for name in ("name", "credential_id", "public_key", "sign_count", "device_type")}
        more = {"backup_state": key["backup_state"], "transports": [str(way.value) for way in key["transports"] or []]}
        with transaction() as session:
            account = accounts.get(session, user.account_id)
            usage, extensions = Usage(key["usage"]), key.get("extensions")
            session.add(Passkey(account_id=account.id, usage=usage, extensions=extensions, **kept, **more))
            audit.write(session, "passkey added", account=account, usage=usage.value)

    def delete_webauthn(self, webauthn: Any) -> None:
        """Forget a passkey."""
        with transaction() as session:
            row = session.get(Passkey, webauthn.key_id)
            if row is not None:
                session.delete(row)
                account = accounts.get(session, webauthn.account_id)
                audit.write(session, "passkey removed", account=account, usage=webauthn.usage)

    def find_webauthn(self, credential_id: bytes) -> Key | None:
        """The passkey that calls itself so."""
        with transaction() as session:
            row = session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))
            return Key(row) if row else None

    def find_user_from_webauthn(self, webauthn: Any) -> Person | None:
        """Whose passkey it is."""
        with transaction() as session:
            return Person(accounts.get(session, webauthn.account_id))


def _keep(session: Session, person: Person) -> Account:
    account = accounts.get(session, person.account_id)
    account.password, account.fs_uniquifier = person.password, person.fs_uniquifier
    return account


def _keep_key(session: Session, key: Key) -> None:
    row = session.get(Passkey, key.key_id)
    if row is not None:
        row.sign_count, row.used_at = key.sign_count, datetime.now(UTC)
        row.backup_state, row.device_type = key.backup_state, str(key.device_type)


def _of_address(session: Session, email: str) -> Account | None:
    try:
        return accounts.by_email(session, email)
    except Refused:  # no such account, or what was typed is no address at all: one answer
        return None


def _of_mark(session: Session, mark: str) -> Account | None:
    return session.scalar(select(Account).where(Account.fs_uniquifier == mark))
