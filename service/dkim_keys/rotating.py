"""From one key to the next: a new one signs once DNS shows it, the old one stays published for the mails in flight."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import audit
from service.dkim_keys.publishing import Published, publication, record
from service.errors import Refused
from service.models import Account, DkimKey, KeyState
from service.resolver import Resolver, Unanswered

IN_FLIGHT = timedelta(days=7)
"""How long a mail may be on its way: its signature says so with x=, and queues give up before."""


class NotWaiting(Refused):
    """Make a new key: only one that waits can begin to sign."""

    def __init__(self, key: DkimKey) -> None:
        super().__init__(f"The key {key.selector} is {key.state.value}; only a waiting key can be activated.")


class NotSigning(Refused):
    """Remove a key that waits; nothing is to be done about one that is retired."""

    def __init__(self, key: DkimKey) -> None:
        super().__init__(f"The key {key.selector} is {key.state.value}; only a signing key can be retired.")


class Unseen(Refused):
    """Publish the record, wait until DNS shows it, and activate again."""

    def __init__(self, key: DkimKey, why: str) -> None:
        super().__init__(
            f"DNS does not show the key {key.selector} yet ({why}). Publish {record(key).name} as told, then try again."
        )


class StillNeeded(Refused):
    """Wait until the last mails it signed have arrived, or retire it first."""

    def __init__(self, key: DkimKey) -> None:
        at = removable_at(key)
        when = f"before {at:%Y-%m-%d %H:%M} UTC" if at else "while it signs"
        super().__init__(f"The key {key.selector} must stay in DNS {when}: mails it signed are on their way.")


def activate(
    session: Session, key: DkimKey, *, now: datetime, dns: Resolver | None, by: Account | None = None
) -> DkimKey | None:
    """Sign with this key from now on; the key it takes over from, if there was one, is retired and returned.

    Without `dns` it is done unseen, which the audit log says. Raises NotWaiting, Unseen.
    """
    if key.state is not KeyState.WAITING:
        raise NotWaiting(key)
    if dns is not None:
        _see(key, dns)
    query = select(DkimKey).where(
        DkimKey.domain == key.domain, DkimKey.algorithm == key.algorithm, DkimKey.state == KeyState.SIGNING
    )
    before = session.scalar(query.with_for_update())
    if before is not None:
        retire(session, before, now=now, by=by)
    key.state, key.signing_at = KeyState.SIGNING, now
    session.flush()
    _note(session, "DKIM key activated", key, by, seen=dns is not None)
    return before


def _see(key: DkimKey, dns: Resolver) -> None:
    try:
        seen = publication(key, dns)
    except Unanswered as fault:
        raise Unseen(key, str(fault)) from fault
    if seen.published is not Published.YES:
        raise Unseen(key, seen.remark or seen.found)


def retire(session: Session, key: DkimKey, *, now: datetime, by: Account | None = None) -> None:
    """Sign with it no more. Its private half is forgotten; its record must stay published until `removable_at`.

    Raises NotSigning.
    """
    if key.state is not KeyState.SIGNING:
        raise NotSigning(key)
    key.state, key.retired_at, key.private = KeyState.RETIRED, now, None
    session.flush()
    _note(session, "DKIM key retired", key, by)


def removable_at(key: DkimKey) -> datetime | None:
    """When a retired key's record may be taken out of DNS; None while it signs or was never used."""
    return key.retired_at + IN_FLIGHT if key.retired_at else None


def remove(session: Session, key: DkimKey, *, now: datetime, by: Account | None = None) -> None:
    """Call it gone, as its record is out of DNS: a key that still waited, or a retired one after its time.

    Twice is once. Raises StillNeeded.
    """
    if key.state is KeyState.GONE:
        return
    at = removable_at(key)
    if key.state is KeyState.SIGNING or (at is not None and now < at):
        raise StillNeeded(key)
    key.state, key.gone_at, key.private = KeyState.GONE, now, None
    session.flush()
    _note(session, "DKIM key gone", key, by)


def _note(session: Session, act: str, key: DkimKey, by: Account | None, *, seen: bool | None = None) -> None:
    more = {} if seen is None else {"seen": seen}
    detail: dict[str, Any] = {"domain": key.domain, "selector": key.selector, "key": str(key.id), **more}
    audit.write(session, act, account=by, **detail)
