"""How fast a chunk's mail may leave: the buckets it takes from, each with its rate by settings and plans."""

from collections.abc import Mapping

from service import rates
from service.rates import Rate
from service.settings import Settings
from workers.sending.chunks import Chunk
from workers.sending.throttle import Bucket, Demand, Grant, Kind, Throttle


class Pace:
    """The buckets of one chunk. `warmed`: mails a day that its sender's domain may send while it is young."""

    def __init__(self, throttle: Throttle, settings: Settings, chunk: Chunk, *, warmed: int | None = None) -> None:
        self._throttle = throttle
        self._relays = rates.parse(settings.relay_limits)
        self._providers = rates.parse(settings.provider_limits)
        self._urgent = chunk.urgent
        self._commons: tuple[Bucket, ...] = ()
        if settings.release_limit:
            rate = rates.of(rates.parse(settings.release_limit), "")
            self._commons += (Bucket(Kind.RELEASE, str(chunk.release_id), rate),)
        if warmed is not None:
            self._commons += (Bucket(Kind.SENDER, chunk.domain, Rate(day=warmed)),)

    async def grant(self, relay: str, wanted: int, on_hand: Mapping[str, int]) -> Grant:
        """Take what may leave now by this relay, of so many mails on hand for each provider."""
        providers = {self._provider(name): count for name, count in on_hand.items()}
        commons = (self._relay(relay), *self._commons)
        return await self._throttle.take(Demand(wanted, commons, providers, urgent=self._urgent))

    async def slow_relay(self, name: str, *, pause: float = 0.0) -> None:
        """The relay asked us to slow down, or to leave it alone for a while."""
        await self._throttle.slow(self._relay(name), pause=pause)

    async def slow_provider(self, name: str, *, pause: float = 0.0) -> None:
        """A provider asked us to."""
        await self._throttle.slow(self._provider(name), pause=pause)

    def _relay(self, name: str) -> Bucket:
        return Bucket(Kind.RELAY, name, rates.of(self._relays, name))

    def _provider(self, name: str) -> Bucket:
        return Bucket(Kind.PROVIDER, name, rates.of(self._providers, name))
