"""The whole service on one machine: embedded PostgreSQL and Valkey, and the supervisor that runs the rest.

    with stopped_by_signals(), embedded(data) as servers:
        Supervisor(children, servers=servers.processes).run(ready)

Nothing outlives the supervisor: a stop goes in order, and a `kill -9` is answered by the kernel's parent-death signal
(`leash`) and a small process that clears up the children's own children (`warden`). Children are argument lists: this
package knows nothing of the web, the workers or Celery. Linux only.
"""

from service.supervisor.account import Account, Unreachable
from service.supervisor.lock import AlreadyRunning
from service.supervisor.postgres import Postgres
from service.supervisor.processes import Child, NotReady, Process, listening
from service.supervisor.servers import Servers, embedded, reached
from service.supervisor.signals import StopRequested, stopped_by_signals
from service.supervisor.supervisor import ChildEnded, Supervisor
from service.supervisor.valkey import Valkey

__all__ = [
    "Account",
    "AlreadyRunning",
    "Child",
    "ChildEnded",
    "NotReady",
    "Postgres",
    "Process",
    "Servers",
    "StopRequested",
    "Supervisor",
    "Unreachable",
    "Valkey",
    "embedded",
    "listening",
    "reached",
    "stopped_by_signals",
]
