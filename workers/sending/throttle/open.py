"""A throttle that lets everything through: the twin for tests and for what is measured without one."""

from workers.sending.throttle.demand import Bucket, Demand, Grant


class OpenThrottle:
    """Grants what is wanted; remembers who was to be slowed."""

    def __init__(self) -> None:
        self.slowed: list[tuple[Bucket, float]] = []

    async def take(self, demand: Demand) -> Grant:
        left, mails = demand.wanted, {}
        for bucket, count in demand.providers.items():
            mails[bucket.name] = min(count, left)
            left -= mails[bucket.name]
        return Grant(mails)

    async def slow(self, bucket: Bucket, *, pause: float = 0.0) -> None:
        self.slowed.append((bucket, pause))

    async def connections(self, relay: str, wanted: int, most: int) -> int:  # noqa: ARG002 - the contract's
        return wanted

    async def close(self) -> None:
        """Nothing to close."""
