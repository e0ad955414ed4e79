"""Looking up who takes a domain's mail, so that all domains of one provider share one pace. No mail waits for it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import structlog

from service import db, providers, standings
from service.resolver import Resolver, Unanswered

log = structlog.get_logger(__name__)

AT_ONCE = 16
IN_ONE_GO = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What DNS says of a domain: its exchangers in their order, none where it has none; None: nobody answered."""

    domain: str
    exchangers: tuple[str, ...] | None


def look_up(resolver: Resolver) -> int:
    """Look up the domains that nobody has asked about for long; how many. Twice is the same as once."""
    with db.transaction() as session:
        domains = providers.unknown(session, IN_ONE_GO)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda domain: exchangers(resolver, domain), domains))
    with db.transaction() as session:
        for one in found:
            if one.exchangers is None:
                providers.ask_again(session, one.domain)
            else:
                providers.learn(session, one.domain, one.exchangers)
    if found:
        log.info("providers looked up", domains=len(found), silent=sum(one.exchangers is None for one in found))
    return len(found)


def exchangers(resolver: Resolver, domain: str) -> Found:
    """The mail exchangers of a domain, the most preferred first (RFC 5321, 5.1)."""
    if providers.needs_no_look(domain):
        return Found(domain, ())
    try:
        return Found(domain, tuple(resolver.exchanges(domain)))
    except Unanswered:
        return Found(domain, None)


def look_again(resolver: Resolver) -> int:
    """Look a second time at the domains that were called dead an hour ago; how many. Twice is the same as once."""
    with db.transaction() as session:
        domains = standings.second_looks(session, IN_ONE_GO)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(zip(domains, pool.map(lambda domain: _is_dead(resolver, domain), domains), strict=True))
    for domain, dead in found:
        with db.transaction() as session:
            standings.looked(session, domain, dead=dead)
    if found:
        log.info("dead domains looked up again", domains=len(found), dead=sum(bool(dead) for _, dead in found))
    return len(found)


def _is_dead(resolver: Resolver, domain: str) -> bool | None:
    """Whether a domain takes no mail: a null MX (RFC 7505), or neither MX nor address. None: nobody answered."""
    if providers.needs_no_look(domain):
        return domain not in providers.THEIR_OWN
    try:
        hosts = resolver.exchanges(domain)
        return not any(hosts) if hosts else not resolver.addresses(domain)
    except Unanswered:
        return None
