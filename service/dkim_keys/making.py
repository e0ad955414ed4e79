"""New keys, and the sealing of old ones with a new SECRET_KEY."""

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service import addresses, audit
from service.dkim_keys import pairs
from service.dkim_keys.finding import all as all_keys
from service.dkim_keys.finding import one_of, place
from service.errors import Refused
from service.models import Account, Algorithm, DkimKey, KeyState

# RFC 6376, 3.1: sub-domains separated by dots; each is a label of DNS.
SELECTOR = re.compile(r"(?=.{1,100}\Z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*")


class BadSelector(Refused):
    """Choose a selector that can be a name in DNS."""

    def __init__(self, selector: str) -> None:
        super().__init__(f"{selector[:100]!a} cannot be a selector: use small Latin letters, digits, hyphens and dots.")


class SelectorTaken(Refused):
    """Choose a selector that was never used: resolvers may still remember the old key."""

    def __init__(self, selector: str) -> None:
        super().__init__(f"The selector {selector} was used before; choose another.")


class AlreadyWaiting(Refused):
    """Activate or remove the key that waits first."""

    def __init__(self, key: DkimKey) -> None:
        super().__init__(
            f"The {key.algorithm.value} key {key.selector} of {key.domain} waits already: activate or remove it first."
        )
        self.key = key


def make(
    session: Session,
    domain: str,
    *,
    now: datetime,
    algorithm: Algorithm = Algorithm.RSA,
    selector: str | None = None,
    by: Account | None = None,
) -> DkimKey:
    """A new key that waits to be published; without a selector, one named after the day.

    Raises addresses.BadDomain, BadSelector, SelectorTaken, AlreadyWaiting.
    """
    domain = addresses.domain(domain)
    known = all_keys(session, domain)
    waiting = one_of(known, KeyState.WAITING, algorithm)
    if waiting is not None:
        raise AlreadyWaiting(waiting)
    selector = _check(selector.lower(), known) if selector else _fresh(algorithm, now, known)
    private = pairs.new(algorithm)
    key = DkimKey(domain=domain, selector=selector, algorithm=algorithm, public=pairs.public(private), made_at=now)
    key.private = pairs.seal(private, place=place(key))
    try:
        with session.begin_nested():
            session.add(key)
    except IntegrityError:  # somebody made one in the same moment
        raise SelectorTaken(selector) from None
    audit.write(
        session,
        "DKIM key made",
        account=by,
        domain=domain,
        selector=selector,
        algorithm=algorithm.value,
        key=str(key.id),
    )
    return key


def _check(selector: str, known: list[DkimKey]) -> str:
    if not SELECTOR.fullmatch(selector):
        raise BadSelector(selector)
    if any(key.selector == selector for key in known):
        raise SelectorTaken(selector)
    return selector


def _fresh(algorithm: Algorithm, now: datetime, known: list[DkimKey]) -> str:
    taken = {key.selector for key in known}
    base = f"d{now:%Y%m%d}{algorithm.value[0]}"
    names = (base if number == 1 else f"{base}{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def reseal(session: Session, *, by: Account | None = None) -> int:
    """Seal every private key with the present SECRET_KEY, after which the previous one may go; how many there were.

    Raises sealing.CannotOpen, and then nothing is changed.
    """
    query = select(DkimKey).where(DkimKey.private.is_not(None)).order_by(DkimKey.id).with_for_update()
    keys = list(session.scalars(query.execution_options(populate_existing=True)))
    for key in keys:
        if key.private is not None:
            key.private = pairs.seal(pairs.open_(key.private, place=place(key)), place=place(key))
    if keys:
        audit.write(session, "DKIM keys sealed anew", account=by, keys=len(keys))
    session.flush()
    return len(keys)
