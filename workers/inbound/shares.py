"""How much a network may hand us, in all listeners together: counted in Valkey, by each alone while it is away."""

from collections.abc import Callable
from time import monotonic

from service import floods, networks
from service.networks import Turnstile

SECONDS_AWAY = 10.0
"""After Valkey did not answer it is not asked for so long: each asking waits."""


class Shares:
    """The share of each network: its own listener's turnstile first, which costs nothing, then all listeners'."""

    def __init__(
        self, own: Turnstile, counter: floods.Counter | None = None, *, clock: Callable[[], float] = monotonic
    ) -> None:
        self._own = own
        self._counter = counter or floods.counter()
        self._clock = clock
        self._away_until = 0.0

    def is_counted(self, peer: str) -> bool:
        """Whether this peer has a share at all: neither trusted nor a socket of this machine."""
        return networks.of(peer) is not None and not self._own.trusts(peer)

    def admit(self, peer: str) -> bool:
        """Count one more message, by this listener and by all; may wait floods.PATIENCE seconds for Valkey."""
        if not self._own.admit(peer):
            return False
        network = networks.of(peer)
        if network is None or self._own.trusts(peer) or self._clock() < self._away_until:
            return True
        allowed = self._counter.hit_together(f"{self._own.per_minute}/minute", "inbound", str(network))
        if allowed is None:
            self._away_until = self._clock() + SECONDS_AWAY
        return allowed is not False
