"""Questions to DNS: nothing there is an empty answer, no answer at all is Unanswered."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from time import monotonic
from typing import Any, Self

import dns.exception
import dns.name
import dns.resolver
import dns.reversename
from dns.nameserver import Do53Nameserver

from service.settings import name_server, settings

TRY_SECONDS = 1.0  # a lost datagram is asked for again within the time there is


class Unanswered(Exception):
    """The name servers did not answer (time-out, SERVFAIL, refusal): nothing is known, ask again."""


@dataclass(frozen=True)
class Resolver:
    """Asks these name servers, waiting `seconds` for each answer."""

    servers: tuple[Do53Nameserver, ...] = ()
    seconds: float = field(default=3.0, kw_only=True)
    budget: float | None = field(default=None, kw_only=True)

    def within(self, budget: float) -> Self:
        """The same for a number of questions that may take so many seconds together; after them nothing is answered."""
        return replace(self, budget=budget)

    @cached_property
    def library(self) -> dns.resolver.Resolver:
        """The same as dnspython's own, for libraries that want one."""
        found = _Asker(configure=not self.servers)
        found.until = None if self.budget is None else monotonic() + self.budget
        if self.servers:
            found.nameservers = list(self.servers)
        found.timeout = min(TRY_SECONDS, self.seconds)
        found.lifetime = self.seconds
        return found

    def texts(self, name: str) -> list[str]:
        """The TXT records of a name, each with its strings joined."""
        return [b"".join(found.strings).decode(errors="replace") for found in self._ask(name, "TXT")]

    def addresses(self, name: str) -> list[str]:
        """The IPv4 and IPv6 addresses of a host."""
        return [found.address for kind in ("A", "AAAA") for found in self._ask(name, kind)]

    def exchanges(self, name: str) -> list[str]:
        """The hosts of a domain's MX records, most wanted first; a null MX (RFC 7505) is an empty host."""
        found = sorted((one.preference, one.exchange.to_text(omit_final_dot=True)) for one in self._ask(name, "MX"))
        return ["" if host == "." else host.lower() for _, host in found]

    def names(self, address: str) -> list[str]:
        """The host names an IP address points back to."""
        pointer = dns.reversename.from_address(address).to_text()
        return [found.target.to_text(omit_final_dot=True).lower() for found in self._ask(pointer, "PTR")]

    def exists(self, name: str) -> bool:
        """Whether there is such a name at all."""
        try:
            self.library.resolve(dns.name.from_text(name), "SOA", raise_on_no_answer=False)
        except dns.resolver.NXDOMAIN:
            return False
        except (dns.exception.DNSException, OSError) as fault:
            raise Unanswered(_told(fault)) from fault
        return True

    def _ask(self, name: str, kind: str) -> list[Any]:
        try:
            return list(self.library.resolve(dns.name.from_text(name), kind))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.name.LabelTooLong, dns.name.EmptyLabel, dns.name.NameTooLong):
            return []  # no such name can exist
        except (dns.exception.DNSException, OSError) as fault:
            raise Unanswered(_told(fault)) from fault


class _Asker(dns.resolver.Resolver):
    """dnspython's resolver, whose questions all end at one time."""

    until: float | None = None

    def resolve(self, *args: Any, **kwargs: Any) -> dns.resolver.Answer:
        if self.until is not None:
            left = max(self.until - monotonic(), 0.0)  # at 0 dnspython asks nobody
            kwargs["lifetime"] = min(kwargs.get("lifetime") or self.lifetime, left)
        return super().resolve(*args, **kwargs)


def _told(fault: Exception) -> str:
    if isinstance(fault, dns.exception.Timeout):
        return "no answer in time"
    if isinstance(fault, dns.resolver.NoNameservers):
        return "SERVFAIL" if "SERVFAIL" in str(fault) else "no name server answered"
    return type(fault).__name__


def given() -> Resolver:
    """The resolver that the settings name."""
    found = settings()
    servers = tuple(Do53Nameserver(host, port) for host, port in map(name_server, found.dns_server_list))
    return Resolver(servers, seconds=found.dns_seconds)
