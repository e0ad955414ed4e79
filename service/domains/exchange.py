"""MX: whether bounces and answers can come back (RFC 5321, 5.1; null MX: RFC 7505)."""

from collections.abc import Iterator

from service.domains.finding import Finding, State
from service.resolver import Resolver


def examine(what: str, domain: str, *, absent: State, lost: str, dns: Resolver) -> Iterator[Finding]:
    """The mail exchangers of a domain; `lost` is what does not arrive without one. Raises Unanswered."""
    expected = "an MX whose host has an address"
    hosts = dns.exchanges(domain)
    if not hosts:
        found = "none, only the domain's own address" if dns.addresses(domain) else "none"
        yield Finding(what, absent, found, expected, f"Publish an MX for {domain}: without it {lost} may be lost.")
    elif "" in hosts:
        fix = f"Replace the null MX of {domain}: {lost} is refused, and some receivers refuse what is sent from there."
        yield Finding(what, State.BAD, "null MX: the domain takes no mail", expected, fix)
    else:
        lame = [host for host in hosts if not dns.addresses(host)]
        if lame:
            yield Finding(
                what, State.BAD, f"{lame[0]} has no address", expected, f"Publish its A or AAAA record: {lost}."
            )
        else:
            yield Finding(what, State.WELL, ", ".join(hosts), expected)
