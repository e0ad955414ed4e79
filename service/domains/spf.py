"""SPF (RFC 7208): one record, ten look-ups, two empty ones, not everybody allowed, and our own addresses covered."""

import ipaddress
from collections.abc import Iterator, Sequence
from typing import Any

from checkdmarc.spf import (
    MultipleSPFRTXTRecords,
    SPFError,
    SPFRecordNotFound,
    SPFTooManyDNSLookups,
    SPFTooManyVoidDNSLookups,
    parse_spf_record,
    query_spf_record,
)

from service.domains.authorising import result
from service.domains.finding import Finding, State
from service.domains.library import asking
from service.resolver import Resolver

ONE = "one record"
SHORTEST_PREFIX = {4: 8, 6: 16}  # a network wider than that is not anybody's own
MOST_LOOK_UPS = 10  # RFC 7208, 4.6.4
MOST_VOID = 2


def examine(what: str, domain: str, *, absent: State, addresses: Sequence[str], dns: Resolver) -> Iterator[Finding]:
    """What SPF says for a domain; `absent` is how bad it is to have none. Raises Unanswered."""
    dns.texts(domain)  # checkdmarc cannot tell no answer from no record
    try:
        record = query_spf_record(domain, **asking(dns))
        parsed = parse_spf_record(record["record"], domain, **asking(dns))
    except SPFRecordNotFound as fault:
        yield _missing(what, domain, absent, fault)
        return
    except SPFError as fault:
        yield _unusable(what, domain, fault)
        return
    yield _found(what, domain, record["record"], parsed)
    for warning in [*record["warnings"], *parsed["warnings"]]:
        yield Finding(what, State.WARNING, warning, "", f"Mend the TXT record of {domain}.")
    for address in addresses:
        yield _covered(what, domain, address, absent, dns)


def _missing(what: str, domain: str, absent: State, fault: SPFRecordNotFound) -> Finding:
    if fault.domain != domain:
        return Finding(what, State.BAD, str(fault), "includes that exist", f"Take {fault.domain} out of the record.")
    fix = f'Publish for {domain}: TXT "v=spf1 <what your relay\'s provider asks for> ~all".'
    return Finding(what, absent, "no record", ONE, fix)


def _unusable(what: str, domain: str, fault: SPFError) -> Finding:
    if isinstance(fault, MultipleSPFRTXTRecords):
        return Finding(what, State.BAD, "several records", ONE, f"Make one of the SPF records of {domain}.")
    if isinstance(fault, SPFTooManyDNSLookups):
        fix = "Name addresses (ip4:, ip6:) instead of includes; receivers stop counting and call the record broken."
        return Finding(what, State.BAD, str(fault), f"{MOST_LOOK_UPS} look-ups at most", fix)
    if isinstance(fault, SPFTooManyVoidDNSLookups):
        return Finding(
            what, State.BAD, str(fault), f"{MOST_VOID} empty look-ups at most", "Take out what no longer exists."
        )
    return Finding(what, State.BAD, str(fault), "a record that can be read", f"Mend the TXT record of {domain}.")


def _found(what: str, domain: str, record: str, parsed: Any) -> Finding:
    if _allows_everybody(parsed["parsed"]):
        return Finding(
            what, State.BAD, record, "only our own servers allowed", f"End the record of {domain} with ~all."
        )
    if parsed["parsed"]["all"] == "neutral":
        fix = f"End the record of {domain} with ~all or -all."
        return Finding(what, State.WARNING, record, "a word on everybody else", fix)
    counted = f"{record} ({parsed['dns_lookups']} look-ups, {parsed['void_dns_lookups']} empty)"
    return Finding(what, State.WELL, counted, ONE)


def _allows_everybody(parsed: Any) -> bool:
    if parsed["all"] == "pass":
        return True
    passing = [one for one in parsed["mechanisms"] if one["action"] == "pass"]
    if any(one["mechanism"] in ("ip4", "ip6") and _is_wide(one["value"]) for one in passing):
        return True
    below = [one["parsed"] for one in passing if one.get("parsed")]
    if parsed["redirect"] and parsed["redirect"]["parsed"]:
        below.append(parsed["redirect"]["parsed"])
    return any(_allows_everybody(one) for one in below)


def _is_wide(network: str) -> bool:
    found = ipaddress.ip_network(network, strict=False)
    return found.prefixlen < SHORTEST_PREFIX[found.version]


def _covered(what: str, domain: str, address: str, absent: State, dns: Resolver) -> Finding:
    said = result(domain, address, dns)
    if said == "pass":
        return Finding(what, State.WELL, f"{address} may send for {domain}", "pass")
    if said is None:
        fix = "It rests on a macro, ptr or exists; send a mail to yourself and read Authentication-Results."
        return Finding(what, State.WARNING, f"whether {address} may send cannot be told from here", "pass", fix)
    family = "ip6" if ":" in address else "ip4"
    fix = f"Add {family}:{address}, or the include of who runs that server, to the record of {domain}."
    return Finding(what, absent, f"{said} for {address}", "pass", fix)
