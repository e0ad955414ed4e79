"""Postfix's own smtp-sink, as it plays the faults of a real server."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench import tools
from service.supervisor import listening
from tests.faults.crew import free_port


@contextmanager
def smtp_sink(*options: str) -> Iterator[int]:
    """smtp-sink with these options; its port. Without the tool the test is skipped, which in CI is a failure."""
    found = tools.find()
    if found is None:
        assert not os.environ.get("CI"), "smtp-sink is missing in CI"
        pytest.skip("smtp-sink is not on this machine and cannot be fetched")
    port = free_port()
    argv, env = found.smtp_sink("127.0.0.1", port)
    process = subprocess.Popen([*argv[:1], *options, *argv[1:]], env={**os.environ, **env})
    try:
        until = time.monotonic() + 10
        while not listening("127.0.0.1", port)():
            assert time.monotonic() < until
            time.sleep(0.02)
        yield port
    finally:
        process.kill()
        process.wait()
