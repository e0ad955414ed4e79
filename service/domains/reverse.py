"""Reverse DNS of a sending address: a name whose address is the same again. Gmail and Microsoft ask for it."""

import ipaddress
from collections.abc import Iterator

from service.domains.finding import Finding, State
from service.resolver import Resolver


def examine(address: str, *, dns: Resolver) -> Iterator[Finding]:
    """Whether the address has a name that points back to it. Raises Unanswered."""
    what = f"reverse DNS of {address}"
    expected = "a name that points back to the address"
    names = dns.names(address)
    if not names:
        yield Finding(what, State.BAD, "no name", expected, "Ask whoever gives the address for a PTR record.")
        return
    own = ipaddress.ip_address(address)
    confirmed = [name for name in names if own in map(ipaddress.ip_address, dns.addresses(name))]
    if confirmed:
        yield Finding(what, State.WELL, confirmed[0], expected)
    else:
        fix = f"Give {names[0]} the address {address} (A or AAAA), or let the PTR name another host."
        yield Finding(what, State.BAD, f"{names[0]}, which does not point back", expected, fix)
