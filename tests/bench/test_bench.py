"""The benchmark itself, small: real servers, real workers, the fast sink."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2]
ROW = "dateline/fast-sink"


@pytest.fixture
def journal() -> Iterator[Path]:
    """Not tmp_path: under root its parents are closed to the servers' account."""
    path = Path(tempfile.mkdtemp(prefix="dateline-bench-", dir="/var/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.mark.long
def test_a_measured_mailing_is_kept_with_its_promised_figures(journal: Path) -> None:
    argv = [sys.executable, "-m", "bench", "--people", "200", "--rounds", "1", "--only", ROW, "--json"]
    ran = subprocess.run([*argv, "--journal", str(journal)], cwd=SOURCE, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    document = json.loads((journal / "latest.json").read_text())
    assert document == json.loads(ran.stdout)
    [row] = document["rows"]
    assert row["name"] == ROW
    assert 150 < row["messages"] < 200, "some of the 200 must be left out"
    assert row["messages_per_second"] > 0
    assert row["cpu_ms_per_message"] == pytest.approx(row["cpu_ms"]["workers"] + row["cpu_ms"]["postgres"])
    assert row["cpu_ms"]["workers"] > 0
    assert row["ratio_to_smtp_source"] is None
    assert 15_000 <= document["message_octets"] <= 15_500
    assert 30 < row["peak_megabytes"] < 200
    assert not (journal / "data" / "postgres").exists()
