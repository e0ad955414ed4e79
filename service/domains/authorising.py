"""What an SPF record that can be read says about one address (check_host of RFC 7208, 4.6), without macros."""

import ipaddress
import re

from service.resolver import Resolver

RESULTS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
TERM = re.compile(r"(?P<qualifier>[-+~?]?)(?P<name>[a-z0-9]+)(?::(?P<domain>[^/]*))?(?P<prefixes>/.*)?", re.IGNORECASE)
DEEPEST = 10  # each level is a look-up

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def result(domain: str, address: str, dns: Resolver, depth: int = 0) -> str | None:
    """pass, fail, softfail, neutral or none; None when a macro, `ptr` or `exists` would have to tell.

    Raises Unanswered.
    """
    record = next((text for text in dns.texts(domain) if text.lower().split(" ")[0] == "v=spf1"), None)
    if record is None or depth > DEEPEST:
        return "none"
    redirect = ""
    for term in record.split()[1:]:
        if term.lower().startswith("redirect="):
            redirect = term.partition("=")[2]
        found = TERM.fullmatch(term)
        if found is None:  # a modifier
            continue
        matched = _matches(found, domain, ipaddress.ip_address(address), dns, depth)
        if matched is None:
            return None
        if matched:
            return RESULTS[found["qualifier"] or "+"]
    if redirect:
        return None if "%" in redirect else result(redirect, address, dns, depth + 1)
    return "neutral"


def _matches(term: re.Match[str], domain: str, address: Address, dns: Resolver, depth: int) -> bool | None:
    name, target, prefixes = term["name"].lower(), term["domain"] or domain, term["prefixes"] or ""
    if "%" in target or name in ("ptr", "exists"):
        return None
    if name == "all":
        return True
    if name in ("ip4", "ip6"):
        network = term[0].partition(":")[2]
        return address in ipaddress.ip_network(network, strict=False)
    if name == "a":
        return _among(dns.addresses(target), prefixes, address)
    if name == "mx":
        hosts = [host for host in dns.exchanges(target) if host]
        return any(_among(dns.addresses(host), prefixes, address) for host in hosts)
    if name == "include":
        said = result(target, str(address), dns, depth + 1)
        return None if said is None else said == "pass"
    return False


def _among(addresses: list[str], prefixes: str, address: Address) -> bool:
    four, _, six = prefixes.partition("//")
    lengths = {4: four.removeprefix("/") or "32", 6: six or "128"}
    networks = [
        ipaddress.ip_network(f"{one}/{lengths[ipaddress.ip_address(one).version]}", strict=False) for one in addresses
    ]
    return any(address in network for network in networks)
