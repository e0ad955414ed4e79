"""The pages as they run: a real gunicorn with our configuration, on a socket of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import new_database

ROOT = Path(__file__).parents[3]
Server = Callable[[str], Path]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Server]:
    """Starts gunicorn over a database and gives the path of its socket once it answers."""
    started: list[subprocess.Popen[bytes]] = []

    def start(database_url: str) -> Path:
        listening = tmp_path / "web"
        env = os.environ | {"DATABASE_URL": database_url, "WEB_LISTEN": f"unix:{listening}"}
        argv = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "service.app:create_app()"]
        with (tmp_path / "log").open("wb") as log:
            started.append(subprocess.Popen(argv, cwd=ROOT, env=env, stderr=log, stdout=log))
        deadline = time.monotonic() + 30
        while not _answers(listening):
            assert started[-1].poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return listening

    yield start
    for process in started:
        process.terminate()
        assert process.wait(20) == 0


def _answers(listening: Path) -> bool:
    try:
        return " 200 " in ask(listening, "/health")
    except OSError:
        return False


def ask(listening: Path, path: str, *, host: str = "press.dateline.example", head: str = "") -> str:
    """One request, and the whole answer as text."""
    with closing(socket.socket(socket.AF_UNIX)) as line:
        line.settimeout(20)
        line.connect(str(listening))
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{head}\r\n".encode())
        return b"".join(iter(lambda: line.recv(65536), b"")).decode()


def test_a_migrated_database_makes_it_ready(serve: Server, worker_id: str, tmp_path: Path) -> None:
    web = serve(new_database(f"web_{worker_id}"))
    assert ask(web, "/ready").startswith("HTTP/1.1 200")
    assert "<h1>Sign in</h1>" in ask(web, "/sign-in")
    assert ask(web, "/ready", host="127.0.0.1").startswith("HTTP/1.1 200")
    assert ask(web, "/sign-in", host="evil.example").startswith("HTTP/1.1 400")
    ask(web, "/leave/a-token-nobody-may-read")
    ask(web, "/sign-in/another-token")
    log = (tmp_path / "log").read_text()
    assert "rule=/leave/<token>" in log
    assert "nobody-may-read" not in log
    assert "another-token" not in log


def test_without_its_database_it_lives_but_is_not_ready(serve: Server) -> None:
    web = serve("postgresql+psycopg://nobody@127.0.0.1:1/away")
    answer = ask(web, "/ready")
    assert answer.startswith("HTTP/1.1 503")
    assert "Retry-After: 10" in answer
    assert "frame-ancestors 'none'" in answer


def test_requests_that_two_servers_could_read_in_two_ways_are_refused(serve: Server) -> None:
    web = serve("postgresql+psycopg://nobody@127.0.0.1:1/away")
    for smuggled in (
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 1\r\nContent-Length: 2\r\n",
        "Host: evil.example\r\n",
    ):
        assert ask(web, "/sign-in", head=smuggled).startswith("HTTP/1.1 400"), smuggled
