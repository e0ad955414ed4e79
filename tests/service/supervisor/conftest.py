"""A data directory of its own for each test, and a look into /proc at what lives."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.supervisor import runtime


@pytest.fixture
def data() -> Iterator[Path]:
    """Not below tmp_path: as root the servers run as another account, and pytest's directories are closed to it."""
    path = Path(f"/tmp/dateline-test-{uuid.uuid4().hex[:12]}")
    yield path
    for place in (path, runtime.name(path)):
        shutil.rmtree(place, ignore_errors=True)
