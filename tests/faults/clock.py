"""Wrong clocks, by libfaketime, for one process at a time."""

import os
from pathlib import Path

import pytest


def ahead(offset: str = "+2h") -> dict[str, str]:
    """The environment of a process whose wall clock is off by so much; its waiting time runs as everybody's."""
    library = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)
    if library is None:
        assert not os.environ.get("CI"), "libfaketime is missing in CI"
        pytest.skip("libfaketime is not on this machine: apt-get install faketime")
    return {"LD_PRELOAD": str(library), "FAKETIME": offset, "DONT_FAKE_MONOTONIC": "1"}
