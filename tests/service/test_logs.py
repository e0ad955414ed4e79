"""Logs of many processes share one file: a line is written in one piece, or two of them get into each other."""

import json
import socket
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[2]
ENVIRONMENT = {"LOG_JSON": "true", "PYTHONUNBUFFERED": "1"}
SAY = "import structlog; from service import logs; logs.configure(); structlog.get_logger().info('said', number=7)"


def test_an_event_and_the_end_of_its_line_are_one_write() -> None:
    # Of datagrams each write is one. The image sets PYTHONUNBUFFERED: then print() writes the end of a line apart.
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, theirs:
        subprocess.run([sys.executable, "-c", SAY], stderr=theirs.fileno(), cwd=SOURCE, env=ENVIRONMENT, check=True)
        ours.settimeout(5)
        line = ours.recv(10_000)
    assert line.endswith(b"}\n")
    assert json.loads(line)["number"] == 7
