"""A folder for a scene that the embedded servers' unprivileged account can reach."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not tmp_path: under root its parents are closed to others."""
    path = Path(tempfile.mkdtemp(prefix="dateline-scene-", dir="/var/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)
