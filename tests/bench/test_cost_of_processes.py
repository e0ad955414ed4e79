"""CPU and memory out of /proc."""

import os
import subprocess
import sys

import pytest

from bench.processes import cpu_seconds, peak_megabytes

BURN = "import time; until = time.process_time() + 0.2\nwhile time.process_time() < until: pass"
WAIT = "print(flush=True); input()"


def started(program: str) -> "subprocess.Popen[bytes]":
    """A Python process that has come as far as its first line of output."""
    process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_a_grandchild_that_has_ended_is_not_forgotten() -> None:
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BURN!r}]); {WAIT}"
    with started(program) as process:
        assert cpu_seconds(process.pid) >= 0.2
        process.communicate(b"\n")


def test_a_living_grandchild_counts() -> None:
    inner = f"{BURN}\n{WAIT}"
    program = (
        "import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', "
        f"{inner!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE); child.stdout.readline(); {WAIT}"
    )
    with started(program) as process:
        assert cpu_seconds(process.pid) >= 0.2
        process.communicate(b"\n")


def test_nobody_else_counts() -> None:
    with started(f"{BURN}\n{WAIT}") as busy, started(WAIT) as idle:
        assert cpu_seconds(idle.pid) < 0.2
        for process in (busy, idle):
            process.communicate(b"\n")


def test_memory_is_that_of_the_largest_at_its_peak() -> None:
    with started(f"held = bytes(range(256)) * 200_000; del held; {WAIT}") as process:
        peak = peak_megabytes(process.pid)
        assert peak == pytest.approx(51.2 + 12, abs=12)
        assert peak_megabytes(process.pid, os.getpid()) >= peak
        process.communicate(b"\n")
