"""A From domain with everything as it should be, and ways to spoil it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from service import dkim_keys, domains
from service.domains import Finding, State
from service.models import Algorithm, DkimKey, KeyState
from tests.nameserver import NameServer

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
DOMAIN = "rivers.example"
RETURN_PATH = "bounces.rivers.example"
RELAY = "192.0.2.25"
KEY = DkimKey(
    domain=DOMAIN, selector="autumn", algorithm=Algorithm.ED25519, public="A" * 43 + "=", state=KeyState.SIGNING
)

SPF = "v=spf1 ip4:192.0.2.0/27 ~all"
DMARC = "v=DMARC1; p=quarantine; rua=mailto:dmarc@rivers.example"
WELL = {
    "@ TXT": SPF,
    "@ MX": "10 mail",
    "mail A": "192.0.2.10",
    "relay A": RELAY,
    "bounces TXT": "v=spf1 include:_spf.relay.example ~all",
    "bounces MX": "10 mail",
    "_dmarc TXT": DMARC,
    "autumn._domainkey TXT": dkim_keys.record(KEY).text,
}
OTHERS = {
    "relay.example.": '_spf 60 IN TXT "v=spf1 ip4:192.0.2.16/28 -all"\n',
    "2.0.192.in-addr.arpa.": f"25 60 IN PTR relay.{DOMAIN}.\n",
}


def zones(**changes: str | Sequence[str] | None) -> dict[str, str]:
    """The zones, with records put, replaced or (None) left out; two underscores in a key stand for its space."""
    records = WELL | {_key(key): value for key, value in changes.items()}
    lines = [_line(key, one) for key, value in records.items() if value is not None for one in _each(value)]
    return {f"{DOMAIN}.": "".join(lines), **OTHERS}


def _key(name: str) -> str:
    return name.replace("apex", "@").replace("__", " ").replace("-at-", "._domainkey")


def _each(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _line(key: str, value: str) -> str:
    name, kind = key.split(" ")
    quoted = " ".join(f'"{value[at : at + 255]}"' for at in range(0, len(value), 255)) if kind == "TXT" else value
    return f"{name} 60 IN {kind} {quoted}\n"


def look(
    names: NameServer,
    *,
    keys: Sequence[DkimKey] = (KEY,),
    addresses: Sequence[str] = (RELAY,),
    return_path: str = RETURN_PATH,
    domain: str = DOMAIN,
    fetch: Callable[[str], str] | None = None,
) -> list[Finding]:
    """What the check says of the domain."""
    return domains.check(
        domain, return_path=return_path, keys=keys, now=NOW, dns=names.resolver, addresses=addresses, fetch=fetch
    )


def about(findings: Sequence[Finding], what: str) -> list[Finding]:
    """Those about one thing."""
    return [finding for finding in findings if finding.what.startswith(what)]


def wrong(findings: Sequence[Finding]) -> list[tuple[str, State]]:
    """What is not well."""
    return [(finding.what, finding.state) for finding in findings if finding.state is not State.WELL]
