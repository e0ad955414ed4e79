"""The keys there are, and those that sign."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import addresses
from service.dkim_keys import pairs
from service.errors import NotFound
from service.mail import dkim
from service.models import Algorithm, DkimKey, KeyState
from service.sealing import CannotOpen


def keys_for(session: Session, domain: str) -> list[dkim.Key]:
    """What a mail From this domain is signed with, the RSA key before the Ed25519 key; empty when nothing is.

    One query; opened keys are kept in the process, so ask once for each chunk. Raises sealing.CannotOpen.
    """
    query = select(DkimKey).where(DkimKey.domain == domain.lower(), DkimKey.state == KeyState.SIGNING)
    rank = list(Algorithm)  # RSA first: some verifiers look at one signature only, and know nothing else
    rows = sorted(session.scalars(query), key=lambda row: rank.index(row.algorithm))
    return [
        dkim.Key(row.domain, row.selector, pairs.open_(row.private, place=place(row))) for row in rows if row.private
    ]


def keys_at(session: Session, domain: str, at: datetime) -> list[dkim.Key]:
    """What a mail From this domain was signed with at that time, as far as those keys still sign.

    A retired key's private half is gone: what it signed cannot be signed again. Raises sealing.CannotOpen.
    """
    signing = DkimKey.state == KeyState.SIGNING, DkimKey.signing_at <= at
    then = set(session.scalars(select(DkimKey.selector).where(DkimKey.domain == domain.lower(), *signing)))
    return [key for key in keys_for(session, domain) if key.selector in then]


def shut(session: Session) -> list[DkimKey]:
    """The keys that open with neither SECRET_KEY nor PREVIOUS_SECRET_KEY: their domains cannot be signed for."""
    return [key for key in session.scalars(select(DkimKey).where(DkimKey.private.is_not(None))) if not _opens(key)]


def _opens(key: DkimKey) -> bool:
    try:
        pairs.open_(key.private or b"", place=place(key))
    except CannotOpen:
        return False
    return True


def place(key: DkimKey) -> str:
    """Where the sealed half belongs: it opens for this domain and selector only."""
    return f"{key.selector}._domainkey.{key.domain}"


def by_selector(session: Session, domain: str, selector: str) -> DkimKey:
    """The key of that selector, held until the transaction ends. Raises NotFound, addresses.BadDomain."""
    domain = addresses.domain(domain)
    query = select(DkimKey).where(DkimKey.domain == domain, DkimKey.selector == selector.lower())
    # Changed by another transaction since it was read: the row as it now stands.
    found = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound(f"{domain} has no DKIM key with the selector {selector!a}.")
    return found


def all(session: Session, domain: str | None = None) -> list[DkimKey]:  # noqa: A001 - dkim_keys.all(session) is what it is
    """Every key of a domain, or of all of them, in the order they were made. Raises addresses.BadDomain."""
    query = select(DkimKey).order_by(DkimKey.domain, DkimKey.id)
    if domain is not None:
        query = query.where(DkimKey.domain == addresses.domain(domain))
    return list(session.scalars(query))


def one_of(keys: Iterable[DkimKey], state: KeyState, algorithm: Algorithm) -> DkimKey | None:
    """The one among them of that state and algorithm, if there is one."""
    return next((key for key in keys if key.state is state and key.algorithm is algorithm), None)
