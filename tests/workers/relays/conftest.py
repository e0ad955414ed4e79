"""Both event loops: production runs on uvloop, and the two differ in how they buffer and lose."""

import asyncio

import pytest
import uvloop

from tests.workers.relays.scripted import Run


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    """Runs one scenario to its end."""
    return asyncio.run if request.param == "asyncio" else uvloop.run
