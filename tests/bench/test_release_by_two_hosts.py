"""A release by two worker hosts, small: real namespaces, real servers over TCP, real workers."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.namespaces import NotAllowed, network, plan

SOURCE = Path(__file__).parents[2]
SMALL = ("--people", "200", "--rounds", "1", "--chunk-size", "20", "--connections", "4", "--latency", "20")


@pytest.fixture
def journal() -> Iterator[Path]:
    """Not tmp_path: under root its parents are closed to the servers' account."""
    try:
        with network(plan(1)):
            pass
    except NotAllowed as fault:
        pytest.skip(str(fault))
    path = Path(tempfile.mkdtemp(prefix="dateline-hosts-", dir="/var/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


def bench(journal: Path) -> "subprocess.Popen[str]":
    argv = [sys.executable, "-m", "bench", "--hosts", "2", *SMALL, "--json", "--journal", str(journal)]
    return subprocess.Popen(argv, cwd=SOURCE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.long
def test_two_hosts_share_a_release_and_the_relay_agrees(journal: Path) -> None:
    with bench(journal) as running:
        said, why = running.communicate(timeout=110)
    assert running.returncode == 0, why
    document = json.loads(said)
    assert document == json.loads((journal / "hosts.json").read_text())
    [row] = document["rows"]
    [step] = row["steps"]
    assert (row["workers"], row["ratio"], row["bound"]) == (2, 1.0, 2 * 2 * 4 * 1000 / 20)
    assert 150 < row["messages"] < 200, "some of the 200 must be left out"
    assert [share["host"] for share in step["shares"]] == ["worker-1", "worker-2"]
    assert sum(share["messages"] for share in step["shares"]) == row["messages"]
    assert all(share["chunks"] and share["database_connections"] for share in step["shares"])
    assert all(share["octets"] > 15_000 * share["messages"] for share in step["shares"])
    assert row["cycle"] >= 20, "the relay's latency is in each"
    assert step["costs"]["wal_octets"] > 100
    assert belonging_to(journal) == []


@pytest.mark.long
def test_after_ctrl_c_nothing_runs(journal: Path) -> None:
    with bench(journal) as running:
        until = time.monotonic() + 60
        while not list(journal.glob("data/worker-2/pulse/*")) and time.monotonic() < until:
            time.sleep(0.1)
        assert belonging_to(journal), "two workers, keeper, beat, relay"
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=50)
    assert running.returncode == 130
    assert belonging_to(journal) == []


def belonging_to(journal: Path) -> list[str]:
    """The command lines of living processes that were told of this journal, by argument or environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes()
            told = os.fsencode(journal) in words + (entry / "environ").read_bytes()
        except OSError:
            continue
        if told and b"-m\0bench" not in words:
            found.append(words.decode(errors="replace"))
    return found
