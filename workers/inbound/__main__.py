"""Run inbound SMTP: `python -m workers.inbound`, on INBOUND_LISTEN, and LMTP on INBOUND_LMTP."""

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
    uvloop.run(listener.serve(settings(), say=_say))
