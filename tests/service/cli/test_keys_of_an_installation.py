"""What a command signs and seals, the service it belongs to can read."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import new_database

ROOT = Path(__file__).parents[3]


@pytest.fixture
def own_database(worker_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database of its own, which processes are told of."""
    monkeypatch.setenv("DATABASE_URL", new_database(f"keys_{worker_id}"))


def run(data: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    without = ("SECRET_KEY", "SUPPRESSION_KEY")
    env = {name: value for name, value in os.environ.items() if name not in without}
    program = "from service.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, "--data", str(data), *words],
        env=env | {"PYTHONPATH": str(ROOT), **more},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def key_file(data: Path) -> None:
    """What the first `dateline up` on this data directory makes."""
    (data / "keys").mkdir(parents=True)
    for name in ("secret_key", "suppression_key"):
        (data / "keys" / name).write_text(name * 5, encoding="ascii")


def test_a_dkim_key_is_sealed_with_the_key_that_the_workers_have(tmp_path: Path, own_database: None) -> None:
    key_file(tmp_path)
    run(tmp_path, "sender", "add", "rivers", "Rivers", "--address", "press@rivers.example", "--postal-address", "1")
    made = run(tmp_path, "sender", "dkim", "rivers", "--new")
    assert made.returncode == 0, made.stderr
    as_workers_do = {"SECRET_KEY": "secret_key" * 5, "SUPPRESSION_KEY": "suppression_key" * 5}
    told = run(tmp_path, "doctor", **as_workers_do).stdout
    assert "ok   DKIM keys: every private half opens" in told
    assert "does not open" in run(tmp_path, "doctor", SECRET_KEY="another" * 9).stdout
