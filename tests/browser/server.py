"""The pages as they run: a real gunicorn on a port of this machine, over a database of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 60


@contextmanager
def serving(database_url: str, folder: Path, **more: str) -> Iterator[str]:
    """Serve the pages over this database; the address they are reached under. `more` is environment."""
    port = _free_port()
    address = f"http://localhost:{port}"  # a name: no passkey is for a number
    env = os.environ | {"DATABASE_URL": database_url, "WEB_LISTEN": f"127.0.0.1:{port}", "BASE_URL": address} | more
    argv = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "service.app:create_app()"]
    with (folder / "gunicorn.log").open("wb") as log:
        process = subprocess.Popen(argv, cwd=ROOT, env=env | {"PYTHONPATH": str(ROOT)}, stdout=log, stderr=log)
    try:
        _await(port, process, folder / "gunicorn.log")
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        with closing(socket.socket()) as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
