"""How often strangers may have mail sent: counted in Valkey for all processes, and lower in each while it is away.

What is counted is named by a keyed hash or a network, never by an address.
"""

from contextlib import suppress
from enum import StrEnum
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

import structlog
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from service import addresses
from service.errors import Refused
from service.settings import settings

log = structlog.get_logger(__name__)

PATIENCE = 1.0
"""Seconds a page waits for Valkey."""
ALONE = 5
"""Without Valkey each process allows one so many times smaller, as it knows nothing of the others."""
DOTLESS = frozenset({"gmail.com", "googlemail.com"})
"""Where dots in an address mean nothing."""
ANYBODY = "anybody"


class Ask(StrEnum):
    """What a mail is asked for; each is counted by itself."""

    SUBSCRIBE = "subscribe"
    PREFERENCES = "preferences"
    ADDRESS = "address"


TO_ONE_MAILBOX = {
    # One a day and three a month (attacks.md S.1): a stranger can do no more to anybody's mailbox.
    Ask.SUBSCRIBE: ("1/day", "3/30day"),
    Ask.PREFERENCES: ("3/hour", "6/day"),
    Ask.ADDRESS: ("3/day", "6/30day"),
}


class Secret(StrEnum):
    """What somebody could try to guess; each is counted by itself."""

    PASSWORD = "password"  # noqa: S105 - a word, not a secret
    CODE = "code"
    RECOVERY = "recovery"


TRIES_FROM_HERE = {Secret.PASSWORD: ("10/15minute",), Secret.CODE: (), Secret.RECOVERY: ()}
"""Tries for one account from one network: who guesses elsewhere does not lock her out at her own desk."""
TRIES = {
    Secret.PASSWORD: ("100/hour",),
    # Three codes of a million are good at any moment (attacks.md H.6): twenty a day leave a guess in some fifty years.
    Secret.CODE: ("5/15minute", "20/day"),
    Secret.RECOVERY: ("5/15minute", "20/day"),
}
"""Tries for one account, wherever they come from."""


class TooMany(Refused):
    """Ask again later: many requests came from this network, or from everywhere."""

    def __init__(self) -> None:
        super().__init__("Too many requests came from your network just now. Try again in an hour.")


class TooManyTries(Refused):
    """Wait, or come in another way: a link by mail is counted by itself."""

    def __init__(self) -> None:
        super().__init__(
            "That was tried too often. Wait a quarter of an hour and try again, or have a sign-in link sent to you."
        )


class Counter:
    """The counters of one process, by the broker's URL."""

    def __init__(self, broker_url: str) -> None:
        # Every hit by itself: at the seam of two counted windows one a day would be two within a minute.
        self._shared = MovingWindowRateLimiter(_storage(broker_url))
        self._alone = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, limit: str, *names: str, share: int = ALONE) -> bool:
        """Count one; False when that is more than the limit allows, or a `share` of it while we count alone."""
        item = parse(limit)
        try:
            return self._shared.hit(item, *names)
        except (RedisError, StorageError, OSError) as fault:
            log.warning("requests counted alone", fault=type(fault).__name__)
            return self._alone.hit(_lower(item, share), *names)

    def forget(self, limit: str, *names: str) -> None:
        """Count anew from nothing."""
        item = parse(limit)
        for counted in (self._shared, self._alone):
            with suppress(RedisError, StorageError, OSError):
                counted.clear(item, *names)

    def hit_together(self, limit: str, *names: str) -> bool | None:
        """Count one for all processes; None when Valkey is away and the caller has to decide alone."""
        try:
            return self._shared.hit(parse(limit), *names)
        except (RedisError, StorageError, OSError) as fault:
            log.warning("requests counted alone", fault=type(fault).__name__)
            return None


def _storage(broker_url: str) -> Storage:
    # `redis+socket:///path?virtual_host=0` is kombu's spelling of what the library calls redis+unix.
    parts = urlsplit(broker_url)
    url = f"redis+unix://{parts.path}" if parts.scheme == "redis+socket" else broker_url
    waits = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    found = storage_from_string(url, **waits)
    assert isinstance(found, Storage)  # noqa: S101 - no URL of ours names an asynchronous one
    return found


def _lower(item: RateLimitItem, share: int) -> RateLimitItem:
    return type(item)(max(1, item.amount // share), item.multiples)


@cache
def counter() -> Counter:
    """The counter of this process."""
    return Counter(settings().broker_url)


def admit(network: str) -> None:
    """Count a request from a network, and all there are. Raises TooMany."""
    found = settings()
    # The network first: who floods us uses up his own share and not everybody's.
    if not counter().hit(found.public_network_limit, "network", network):
        log.warning("requests refused", of="a network")
        raise TooMany
    if not counter().hit(found.public_limit, ANYBODY):
        log.error("requests refused", of="everybody")
        raise TooMany


def may_write(ask: Ask, address: str) -> bool:
    """Count a mail to a mailbox, however it is spelt; whether it may be sent. Raises addresses.BadAddress."""
    mailbox = addresses.fingerprint(_one_spelling(address)).hex()
    # Each is counted, also when the first has refused: the answer takes as long either way.
    allowed = [counter().hit(limit, ask.value, limit, mailbox) for limit in TO_ONE_MAILBOX[ask]]
    return all(allowed)


def admit_try(secret: Secret, who: str, network: str) -> None:
    """Count a try at somebody's secret before it is compared. Raises TooManyTries.

    `who` names the account, or what was typed for one: known and unknown ones are counted alike. While Valkey is away
    each process allows as many: a person who mistypes twice still comes in.
    """
    allowed = [counter().hit(limit, *names, share=1) for limit, names in _counted(secret, who, network)]
    of_network = counter().hit(settings().sign_in_network_limit, "tries", network, share=1)
    if not (all(allowed) and of_network):
        log.warning("tries refused", at=secret.value, of="an account" if of_network else "a network")
        raise TooManyTries


def forget_tries(secret: Secret, who: str, network: str) -> None:
    """The right one was given: those before it count no more. Those of the network do."""
    for limit, names in _counted(secret, who, network):
        counter().forget(limit, *names)


def _counted(secret: Secret, who: str, network: str) -> list[tuple[str, tuple[str, ...]]]:
    account = addresses.fingerprint(who).hex() if "@" in who else who
    from_here = [(limit, (secret.value, limit, account, network)) for limit in TRIES_FROM_HERE[secret]]
    return from_here + [(limit, (secret.value, limit, account)) for limit in TRIES[secret]]


def _one_spelling(address: str) -> str:
    local, _, domain = addresses.canonical(address).rpartition("@")
    plain = local.partition("+")[0] or local
    if domain in DOTLESS:
        plain, domain = plain.replace(".", ""), "gmail.com"
    return f"{plain}@{domain}"


def network_of(visitor: str) -> str:
    """The network of an IP address: what one party usually has, an IPv4 /24 or an IPv6 /56; "" of no address."""
    try:
        found: IPv4Address | IPv6Address = ip_address(visitor)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    return str(ip_network(f"{found}/{24 if found.version == 4 else 56}", strict=False))
