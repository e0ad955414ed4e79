"""Postfix's load tools, from the machine or unpacked from its package: Postfix itself is not installed, nor started."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from bench.measurement import Measurement

CACHE = Path(__file__).parents[1] / ".cache"
SESSIONS = 16
OCTETS = 15_000
DOWNLOAD_SECONDS = 120
# Under another name until it is whole, or an interrupted unpacking would be taken for the tools.
FETCH = """
    rm -rf postfix postfix.new postfix_*.deb
    apt-get download -qq postfix
    dpkg-deb -x postfix_*.deb postfix.new
    mv postfix.new postfix
    rm postfix_*.deb
"""


@dataclass(frozen=True, slots=True)
class Tools:
    """smtp-sink and smtp-source, and where their libraries are when they are not where the system looks."""

    sink: Path
    source: Path
    libraries: Path | None

    def smtp_sink(self, host: str, port: int) -> tuple[list[str], dict[str, str]]:
        """The command line and environment of an smtp-sink that counts (-c) with 1,024 connections waiting at most."""
        # smtp-sink does not run as root.
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        return [str(self.sink), "-c", *user, f"{host}:{port}", "1024"], self._environment()

    def smtp_source(self, host: str, port: int, messages: int, *options: str) -> Measurement:
        """Send so many messages by smtp-source in 16 sessions.

        Raises subprocess.CalledProcessError.
        """
        argv = [self.source, *options, "-s", SESSIONS, "-m", messages, "-l", OCTETS]
        argv += ["-f", "press@rivers.example", "-t", "reader@daily.example", f"{host}:{port}"]
        before, began = os.times(), time.monotonic()
        subprocess.run([str(word) for word in argv], env={**os.environ, **self._environment()}, check=True)
        seconds, after = time.monotonic() - began, os.times()
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        return Measurement(messages, seconds, {"smtp-source": spent})

    def _environment(self) -> dict[str, str]:
        return {} if self.libraries is None else {"LD_LIBRARY_PATH": str(self.libraries)}


def find() -> Tools | None:
    """The tools in PATH, or unpacked in .cache/postfix, or fetched by apt-get to there; None where there is no way."""
    return _installed() or _unpacked() or _fetched()


def _installed() -> Tools | None:
    # /usr/sbin is not in everybody's PATH.
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    sink, source = shutil.which("smtp-sink", path=path), shutil.which("smtp-source", path=path)
    return Tools(Path(sink), Path(source), None) if sink and source else None


def _unpacked() -> Tools | None:
    root = CACHE / "postfix" / "usr"
    found = Tools(root / "sbin" / "smtp-sink", root / "sbin" / "smtp-source", root / "lib" / "postfix")
    return found if found.sink.exists() and found.source.exists() else None


def _fetched() -> Tools | None:
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return None
    CACHE.mkdir(exist_ok=True)
    try:
        subprocess.run(["sh", "-ec", FETCH], cwd=CACHE, check=True, capture_output=True, timeout=DOWNLOAD_SECONDS)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    return _unpacked()
