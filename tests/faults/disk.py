"""A small disk that a test can fill: a tmpfs, which only root may mount."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

BLOCK = b"\0" * 65536


@dataclass(frozen=True, slots=True)
class Disk:
    """A mounted file system of a few megabytes."""

    path: Path

    def fill(self) -> None:
        """Leave not one block free."""
        with (self.path / "filler").open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(BLOCK)
            except OSError:
                return

    def free(self) -> None:
        """Take the filler away."""
        (self.path / "filler").unlink(missing_ok=True)


@contextmanager
def small(path: Path, megabytes: int) -> Iterator[Disk]:
    """Mount one at this path; without the right to do so the test is skipped, which in CI is a failure."""
    path.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(path)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        assert not os.environ.get("CI"), "a tmpfs cannot be mounted in CI: a full disk is not tried"
        pytest.skip("only root may mount the tmpfs that plays the full disk")
    try:
        yield Disk(path)
    finally:
        subprocess.run(["umount", "-l", str(path)], check=False)
