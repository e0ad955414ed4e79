"""DKIM: whether DNS shows the keys we sign with, those that wait, and those that mails in flight are checked by."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from service import dkim_keys
from service.dkim_keys import Publication, Published
from service.domains.finding import Finding, State
from service.models import DkimKey, KeyState
from service.resolver import Resolver


def examine(domain: str, *, keys: Sequence[DkimKey], now: datetime, dns: Resolver) -> Iterator[Finding]:
    """Each of our keys beside what DNS shows at its place. Raises Unanswered."""
    if not any(key.state is KeyState.SIGNING for key in keys):
        fix = "Make a key: dateline sender dkim SLUG --new; or let the relay sign, with d= of this domain."
        yield Finding("DKIM", State.WARNING, f"no key of ours signs for {domain}", "a key that signs", fix)
    for key in keys:
        if key.state is not KeyState.GONE:
            yield _told(key, dkim_keys.publication(key, dns), now)


def _told(key: DkimKey, seen: Publication, now: datetime) -> Finding:
    what = f"DKIM {key.selector}"
    found = f"{seen.found} {seen.remark}".strip()
    if key.state is KeyState.RETIRED:
        return _retired(what, key, seen, found, now)
    if seen.published is Published.YES:
        return _published(what, key)
    expected = dkim_keys.record(key)
    state = State.WARNING if key.state is KeyState.WAITING and seen.published is Published.NOTHING else State.BAD
    return Finding(what, state, found, expected.text, f"Publish: {expected}")


def _published(what: str, key: DkimKey) -> Finding:
    if key.state is KeyState.SIGNING:
        return Finding(what, State.WELL, f"published, signing ({key.algorithm.value})", "our key")
    fix = f"Activate it: dateline sender dkim SLUG --activate {key.selector}"
    return Finding(what, State.WELL, f"published, waiting ({key.algorithm.value})", "our key", fix)


def _retired(what: str, key: DkimKey, seen: Publication, found: str, now: datetime) -> Finding:
    at = dkim_keys.removable_at(key)
    if at is not None and now < at:
        if seen.published is Published.YES:
            return Finding(
                what, State.WELL, "published, retired", "our key", f"Leave it until {at:%Y-%m-%d %H:%M} UTC."
            )
        expected = dkim_keys.record(key)
        fix = f"Mails in flight are checked by it until {at:%Y-%m-%d %H:%M} UTC. Publish again: {expected}"
        return Finding(what, State.WARNING, found, expected.text, fix)
    fix = f"Take the record out of DNS, then: dateline sender dkim SLUG --remove {key.selector}"
    return Finding(what, State.WELL, "retired, needed no more", "", fix)
