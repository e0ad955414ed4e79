"""checkdmarc, asked through our resolver."""

from typing import Any

import checkdmarc.utils

from service.resolver import Resolver


def asking(dns: Resolver) -> dict[str, Any]:
    """The arguments that let checkdmarc ask the same name servers, and wait as long."""
    # Both: it looks up the text behind SPF's exp= without the resolver it was given.
    return {"resolver": dns.library, "nameservers": list(dns.servers) or None, "timeout": dns.seconds}


def forget() -> None:
    """Let it ask DNS anew: it keeps answers for half an hour, and who looks again has changed something."""
    checkdmarc.utils.DNS_CACHE.clear()
