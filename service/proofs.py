"""Proofs: a release as it now stands, mailed to colleagues, marked as a test. No ledger knows of them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service import account_mails, accounts, addresses, audit
from service.errors import Refused
from service.models import (
    Account,
    AccountMail,
    AccountMailKind,
    Journalist,
    Kind,
    Release,
    Right,
    Role,
)
from service.releases import edition_in
from service.settings import settings

MAKES = (Role.WRITE, Role.APPROVE, Role.SEND)
"""Who may ask for one."""
MOST = 20
"""Of one release in one go, to all of its languages and people together."""
MOST_AN_HOUR = 100
"""Of one newsroom, so that nobody makes a mailing list of it."""


class NotForTests(Refused):
    """Choose colleagues of this newsroom, or let the operator allow the domain."""

    def __init__(self, address: str) -> None:
        super().__init__(
            "A test goes to colleagues of this newsroom, and to the domains that TEST_DOMAINS names. “%(address)s” is "
            "neither.",
            address=address,
        )


class NobodyChosen(Refused):
    """Choose somebody."""

    def __init__(self) -> None:
        super().__init__("Choose at least one person and one language for the test.")


class TooMany(Refused):
    """Send fewer, or wait."""

    def __init__(self, most: int) -> None:
        super().__init__("That is too many tests: %(most)s at most.", most=most)


class NotToBeTested(Refused):
    """A digest is made for each reader."""

    def __init__(self) -> None:
        super().__init__("A digest is made for its readers each morning; there is nothing to test before.")


def colleagues(session: Session, release: Release) -> list[Account]:
    """The open accounts with any right for this sender, by name."""
    theirs = select(Right.account_id).where(Right.sender_id == release.sender_id)
    query = select(Account).where(Account.active, Account.id.in_(theirs)).order_by(Account.name, Account.id)
    return list(session.scalars(query))


def send(
    session: Session,
    release: Release,
    *,
    to: Collection[str],
    languages: Sequence[str],
    by: Account,
    reader: Journalist | None = None,
) -> int:
    """Queue a test of each of these editions for each of these addresses, as if it were for `reader`; how many.

    Raises accounts.NotAllowed, BadAddress, NotForTests, NobodyChosen, TooMany, NotToBeTested, NoSuchEdition.
    """
    _check(session, release, by)
    people = _allowed(session, release, to)
    if not people or not languages:
        raise NobodyChosen
    if len(people) * len(languages) > MOST:
        raise TooMany(MOST)
    if reader is not None and reader.sender_id != release.sender_id:
        raise Refused("Choose one of this newsroom's journalists.")
    if _lately(session, release) + len(people) * len(languages) > MOST_AN_HOUR:
        raise TooMany(MOST_AN_HOUR)
    for language in languages:
        edition_in(release, language)
        for address in people:
            _write(session, release, address, language, reader)
    audit.write(session, "test sent", account=by, release=release, languages=list(languages), number=len(people))
    return len(people) * len(languages)


def _check(session: Session, release: Release, by: Account) -> None:
    if not any(accounts.may_on(by, release, role) for role in MAKES):
        raise accounts.NotAllowed(Role.WRITE)
    if release.kind is Kind.DIGEST:
        raise NotToBeTested
    # Two at once are counted one after the other.
    session.execute(select(func.pg_advisory_xact_lock(account_mails.LOCK, func.hashtext(str(release.sender_id)))))


def _allowed(session: Session, release: Release, to: Collection[str]) -> list[str]:
    """The addresses, each once. Raises BadAddress, NotForTests."""
    known = {addresses.canonical(account.email) for account in colleagues(session, release)}
    found: dict[str, str] = {}
    for typed in to:
        address = addresses.clean(typed)
        if addresses.canonical(address) not in known and domain_of(address) not in settings().test_domain_list:
            raise NotForTests(address)
        found.setdefault(addresses.canonical(address), address)
    return list(found.values())


def domain_of(address: str) -> str:
    """The part behind the @, in small letters."""
    return address.rpartition("@")[2].casefold()


def _lately(session: Session, release: Release) -> int:
    query = select(func.count()).where(
        AccountMail.kind == AccountMailKind.PROOF,
        AccountMail.sender_id == release.sender_id,
        AccountMail.created_at > func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 1),
    )
    return session.scalars(query).one()


def _write(session: Session, release: Release, address: str, language: str, reader: Journalist | None) -> UUID:
    values = {"release": str(release.id), "language": language, "journalist": str(reader.id) if reader else ""}
    mail = account_mails.write(
        session, AccountMailKind.PROOF, address, values=values, language=language, sender_id=release.sender_id
    )
    return mail.id
