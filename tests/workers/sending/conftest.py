"""The desk that the tests of sending share."""

from collections.abc import Iterator

import pytest

from tests.workers.sending.desk import Desk, opened


@pytest.fixture
def desk(worker_id: str) -> Iterator[Desk]:
    """A release planned for Cleo, Dana and Eli."""
    with opened(f"dispatch_{worker_id}") as found:
        yield found
