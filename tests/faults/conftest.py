"""A folder for a scene that the embedded servers' unprivileged account can reach; seeds; the totals at the end."""

import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults import oracle

SEED = "DATELINE_SEED"
SEEDS = "DATELINE_SEEDS"
TOTALS = "totals"
NUMBER = re.compile(r"(kills|lost|early|after cancel|to unsubscribed|duplicates|bound) (\d+)")


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not tmp_path: under root its parents are closed to others."""
    path = Path(tempfile.mkdtemp(prefix="dateline-scene-", dir="/var/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A case with chance in it runs once for each seed: one, or DATELINE_SEEDS of them, or just DATELINE_SEED."""
    if "seed" not in metafunc.fixturenames:
        return
    one = os.environ.get(SEED)
    seeds = [int(one)] if one else list(range(1, int(os.environ.get(SEEDS, "1")) + 1))
    metafunc.parametrize("seed", seeds, ids=[f"seed={seed}" for seed in seeds])


@pytest.fixture(autouse=True)
def _tell_totals(record_property: Callable[[str, object], None]) -> Iterator[None]:
    oracle.LINES.clear()
    yield
    for line in oracle.LINES:
        record_property(TOTALS, line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each run, and their sum."""
    lines = dict.fromkeys(
        (report.nodeid.rpartition("::")[2], value)
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "teardown"
        for name, value in report.user_properties
        if name == TOTALS
    )
    if not lines:
        return
    terminalreporter.section("totals of the fault runs")
    together: Counter[str] = Counter()
    for test, line in lines:
        terminalreporter.write_line(f"{line}  {test}")
        together.update({name: int(number) for name, number in NUMBER.findall(str(line))})
    terminalreporter.write_line("together: " + ", ".join(f"{name} {number}" for name, number in together.items()))
