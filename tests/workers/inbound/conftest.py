"""A database that the listener and the sorter commit to."""

from collections.abc import Iterator

import pytest

from tests.committed import committed


@pytest.fixture
def office(worker_id: str) -> Iterator[str]:
    """The URL of this test's own database, named by the settings."""
    with committed(f"inbound_{worker_id}") as url:
        yield url
