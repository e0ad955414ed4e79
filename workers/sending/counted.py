"""A relay to which all workers together hold no more connections than it allows."""

from weakref import WeakSet

from workers.relays.relay import Connection, Full, Relay
from workers.sending.throttle import Throttle


class Counted:
    """Stands before a relay: asks the throttle before each connection, and knows which of its own are still open."""

    def __init__(self, relay: Relay, throttle: Throttle, most: int) -> None:
        self._relay = relay
        self._throttle = throttle
        self._most = most
        self._opening = 0
        self._open: WeakSet[Connection] = WeakSet()
        self.name = relay.name

    async def connect(self) -> Connection:
        """Open one connection. Raises Full, Unavailable, LoginRefused or Untrusted."""
        self._opening += 1
        try:
            held = self._opening + sum(not connection.closed for connection in self._open)
            if await self._throttle.connections(self.name, held, self._most) < held:
                raise Full("all connections there may be are taken")
            connection = await self._relay.connect()
        finally:
            self._opening -= 1
        self._open.add(connection)
        return connection

    async def renew(self) -> None:
        """Say again how many connections we hold, and close those that others are to have."""
        mine = [connection for connection in self._open if not connection.closed]
        may = await self._throttle.connections(self.name, len(mine), self._most)
        for connection in mine[may:]:
            await connection.close()
