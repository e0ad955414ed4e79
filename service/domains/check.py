"""Everything a receiver looks up about a domain, in the order in which one rests on the other."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from service.domains import dkim, dmarc, exchange, library, reverse, spf, transport
from service.domains.finding import Finding, State, answered
from service.domains.transport import Fetch
from service.models import DkimKey
from service.resolver import Resolver, Unanswered

SECONDS = 25  # for all questions together: a page waits, and a stranger's SPF record can name a hundred slow servers
WARNING, BAD = State.WARNING, State.BAD


def check(
    domain: str,
    *,
    return_path: str,
    keys: Sequence[DkimKey],
    now: datetime,
    dns: Resolver,
    addresses: Sequence[str] = (),
    fetch: Fetch | None = None,
) -> list[Finding]:
    """What DNS says about mails From `domain`, signed with `keys`, whose bounces come back to `return_path`.

    `addresses` are the IP addresses the mail leaves from, where they are known. Without `fetch`, MTA-STS policies are
    not read. It takes up to 25 seconds when DNS is slow: open no transaction over it.
    """
    library.forget()
    dns = dns.within(SECONDS)
    try:
        exists = dns.exists(domain)
    except Unanswered as fault:
        told = f"no answer from DNS: {fault}; nothing more was asked"
        return [Finding(domain, BAD, told, "an answer", "Try again; see to the name servers, or to DNS_SERVERS.")]
    found = [] if exists else [Finding(domain, BAD, "no such domain", "a domain", "Register it, or mend its name.")]
    sections = _sections(domain, return_path, keys, now, dns, addresses, fetch)
    return found + [finding for section in sections for finding in answered(*section)]


def _sections(
    domain: str,
    return_path: str,
    keys: Sequence[DkimKey],
    now: datetime,
    dns: Resolver,
    addresses: Sequence[str],
    fetch: Fetch | None,
) -> Iterator[tuple[str, State, Iterator[Finding]]]:
    """Each with its name and how bad it is when DNS does not answer."""
    bounces, answers = f"MX of {return_path} (return path)", f"MX of {domain} (From)"
    envelope, visible = f"SPF of {return_path} (return path)", f"SPF of {domain} (From)"
    yield envelope, BAD, spf.examine(envelope, return_path, absent=BAD, addresses=addresses, dns=dns)
    if domain != return_path:
        yield visible, WARNING, spf.examine(visible, domain, absent=WARNING, addresses=addresses, dns=dns)
    yield "DKIM", BAD, dkim.examine(domain, keys=keys, now=now, dns=dns)
    yield "DMARC", BAD, dmarc.examine(domain, return_path=return_path, dns=dns)
    yield bounces, BAD, exchange.examine(bounces, return_path, absent=BAD, lost="what bounces", dns=dns)
    if domain != return_path:
        yield answers, WARNING, exchange.examine(answers, domain, absent=WARNING, lost="what is answered", dns=dns)
    for name in dict.fromkeys((return_path, domain)):
        yield f"MTA-STS of {name}", WARNING, transport.examine_mta_sts(name, dns=dns, fetch=fetch)
        yield f"TLS-RPT of {name}", WARNING, transport.examine_tls_reporting(name, dns=dns)
    for address in addresses:
        yield f"reverse DNS of {address}", BAD, reverse.examine(address, dns=dns)
