"""Run inbound SMTP: `python -m workers.inbound`, on the address INBOUND_LISTEN."""

import sys

import uvloop

from service import logs
from service.settings import settings
from workers.inbound import listener


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    logs.configure()
    uvloop.run(listener.serve(settings().inbound_listen, say=_say))
