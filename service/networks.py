"""Networks outside, and how much one of them may ask of this process."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PREFIX = {4: 24, 6: 64}
"""What one customer of a provider commonly has, and so what one of them can flood us from."""
MOST_NETWORKS = 20_000
"""Kept at a time; the one not seen for longest is forgotten first."""


def listed(text: str) -> tuple[Network, ...]:
    """`127.0.0.0/8, ::1` as networks. Raises ValueError."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def of(address: str) -> Network | None:
    """The network of an address; None for what is none, such as a socket of this machine."""
    found = parsed(address)
    return None if found is None else ip_network((found, PREFIX[found.version]), strict=False)


def parsed(address: str) -> Address | None:
    """The address, an IPv4 one also where it is written as IPv6."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


class Turnstile:
    """Lets each network through so many times a minute, a minute's worth at once; trusted ones always.

    It is this process's own: `n` processes let through `n` times as much (workers/inbound/shares.py counts for all).
    """

    def __init__(
        self, per_minute: int, trusted: Iterable[Network] = (), *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_minute = per_minute
        self._trusted = tuple(trusted)
        self._clock = clock
        self._seen: OrderedDict[Network, tuple[float, float]] = OrderedDict()

    @property
    def per_minute(self) -> int:
        """The share of one network."""
        return self._per_minute

    def admit(self, address: str) -> bool:
        """Count one more from this address; False when its network has had its share."""
        network = of(address)
        if network is None or self.trusts(address):
            return True
        left, now = self._left(network)
        self._seen[network] = (max(left - 1, 0.0), now)
        self._seen.move_to_end(network)
        if len(self._seen) > MOST_NETWORKS:
            self._seen.popitem(last=False)
        return left >= 1

    def allows(self, address: str) -> bool:
        """Whether it would be admitted, without counting."""
        network = of(address)
        return network is None or self.trusts(address) or self._left(network)[0] >= 1

    def trusts(self, address: str) -> bool:
        """Whether nothing is counted for this address."""
        found = parsed(address)
        return found is not None and any(found in network for network in self._trusted)

    def _left(self, network: Network) -> tuple[float, float]:
        now = self._clock()
        left, at = self._seen.get(network, (float(self._per_minute), now))
        return min(left + (now - at) * self._per_minute / 60, float(self._per_minute)), now
