"""The sinks, a modern server and one that knows neither 8BITMIME nor pipelining, and what the fuzzing came to."""

import sys
from collections.abc import Iterator

import pytest

from tests.standards.typed import MODERN, OLD, Post, posting


@pytest.fixture(scope="module", params=[MODERN, OLD], ids=["8bit", "quoted-printable"])
def post(request: pytest.FixtureRequest) -> Iterator[Post]:
    """What must hold over either way of encoding."""
    with posting(*request.param) as found:
        yield found


@pytest.fixture(scope="module")
def modern() -> Iterator[Post]:
    """For what has only to be asked once."""
    with posting(*MODERN) as found:
        yield found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many cases were tried; each xdist worker has its own count, so `make fuzz` uses none."""
    fuzzed = sys.modules.get("tests.standards.test_header_injection")
    if fuzzed is not None and fuzzed.tried:
        sent, refused = fuzzed.tried["sent"], fuzzed.tried["refused"]
        terminalreporter.write_line(
            f"fuzz: {sent + refused:,} cases, {sent:,} crossed the wire and were read back, {refused:,} were refused"
        )
