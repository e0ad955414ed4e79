"""Stands in for a container engine: the services of docker-compose.yml as processes of this machine.

Ports of containers become free ones on the loopback, folders of containers folders of the test, the database's URL
that of the embedded server. Commands, environments and health checks are otherwise those of the file.
"""

import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from service.supervisor import Child, Process, binaries, processes

SOURCE = Path(__file__).parents[2]
IMAGE = "dateline"
PORTS = ("1025", "6379", "8025", "8080")
PROGRAMS = {
    "python": (sys.executable,),
    "dateline": (sys.executable, "-c", "from service.cli import main; main()"),
    "valkey-server": (str(binaries.valkey(SOURCE, None) / "valkey-server"),),
}
IN_CONTAINERS = re.compile(
    rf"/run/secrets|/app\b|/tmp\b|/mail\b|\b(?:valkey|relay|inbound|0\.0\.0\.0)(?=:\d)|\b(?:{'|'.join(PORTS)})\b"
)


def read(given: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The file as Compose reads it, `given` in the place of the operator's environment."""
    text = (SOURCE / "docker-compose.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(
        re.sub(r"\$\$|\$\{(\w+):-([^}]*)\}", lambda match: _interpolated(match, given or {}), text)
    )
    return found


def _interpolated(match: re.Match[str], given: Mapping[str, str]) -> str:
    name, default = match.groups()
    return "$" if name is None else given.get(name, default)


def ours(file: Mapping[str, Any]) -> dict[str, Any]:
    """The services that run our image, by name."""
    return {name: service for name, service in file["services"].items() if service["image"] == IMAGE}


def snippets(page: str, word: str) -> list[str]:
    """The lines of a page's ```sh blocks that mention a word; a block that begins with ( is one piece."""
    text = (SOURCE / "docs" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    pieces = [piece for block in blocks for piece in ([block] if block.startswith("(") else block.splitlines())]
    return [piece for piece in pieces if word in piece]


def make_secrets(folder: Path) -> None:
    """As docs/operator.md says."""
    (snippet,) = snippets("operator.md", "secrets/suppression_key")
    subprocess.run(["sh", "-c", snippet], cwd=folder, check=True, capture_output=True)


@dataclass
class Composed:
    """The running services, and what an operator can do with them."""

    folder: Path
    database_url: str
    file: dict[str, Any] = field(default_factory=read)
    ports: dict[str, str] = field(default_factory=lambda: {port: _free_port() for port in PORTS})
    running: dict[str, Process] = field(default_factory=dict)

    def take_secrets(self) -> None:
        """Those that the operator made, their words put in the terms of this machine."""
        make_secrets(self.folder)
        for secret in (self.folder / "secrets").iterdir():
            secret.write_text(self.here("", secret.read_text()))
        (self.folder / "secrets" / "database_url").write_text(self.database_url)

    def here(self, service: str, text: str) -> str:
        """A text of the file in the terms of this machine."""
        folders = {
            "/run/secrets": self.folder / "secrets",
            "/app": SOURCE,
            "/mail": self.folder / "mail",
            "/tmp": self.folder / "tmp" / service,
        }
        places = {**{name: str(path) for name, path in folders.items()}, **self.ports}
        return IN_CONTAINERS.sub(lambda match: places.get(match[0], "127.0.0.1"), text)

    def start(self, service: str, *more: str) -> None:
        """Start a service, with `more` at the end of its command, and do not wait for it."""
        (self.folder / "tmp" / service).mkdir(parents=True)
        self.running[service] = processes.start(
            Child(
                name=service,
                argv=self._argv(service, [*self.file["services"][service]["command"], *more]),
                env=self.environment(service),
                whole_env=True,
                log=self.folder / "logs" / f"{service}.log",
                stop_seconds=30,
                cwd=self.folder / "tmp" / service if service == "valkey" else SOURCE,
            )
        )

    def environment(self, service: str) -> dict[str, str]:
        """All that the service's processes are told."""
        told = {**image_environment(), **self.file["services"][service].get("environment", {})}
        return {name: self.here(service, value) for name, value in told.items()} | {"PATH": os.environ["PATH"]}

    def run(self, service: str, argv: Sequence[str], stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command beside a service, in its environment: `docker compose exec`."""
        return subprocess.run(
            self._argv(service, argv),
            env=self.environment(service),
            cwd=SOURCE,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def is_healthy(self, service: str) -> bool:
        """What the service's own health check says."""
        kind, *test = self.file["services"][service]["healthcheck"]["test"]
        argv = ["sh", "-c", *test] if kind == "CMD-SHELL" else test
        return self.run(service, argv).returncode == 0

    def wait_healthy(self, *services: str) -> None:
        """Until all of them are."""
        for service in services:
            self.wait_until(partial(self.is_healthy, service))

    def wait_until(self, true: Callable[[], bool], seconds: float = 60) -> None:
        """Wait for something. Raises AssertionError with the ends of all logs."""
        until = time.monotonic() + seconds
        while not true():
            ended = [name for name, process in self.running.items() if process.ended() is not None]
            if ended or time.monotonic() > until:
                logs = [f"{log.name}\n{processes.tail(log)}" for log in (self.folder / "logs").iterdir()]
                raise AssertionError("\n\n".join([f"ended: {ended}", *logs]))
            time.sleep(0.1)

    def stop(self) -> dict[str, int | None]:
        """Stop all that still runs, the broker last; the exit codes."""
        broker = self.running.pop("valkey", None)
        stopped = dict(self.running)
        processes.stop(list(stopped.values()))
        self.running.clear()
        if broker is not None:
            processes.stop([broker])
        return {name: process.ended() for name, process in stopped.items()}

    def _argv(self, service: str, argv: Sequence[str]) -> list[str]:
        program, *words = (self.here(service, word) for word in argv)
        return [*PROGRAMS.get(program, (program,)), *words]


def image_environment() -> dict[str, str]:
    """The environment that config/Dockerfile gives every process, the search path apart."""
    text = (SOURCE / "config" / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.removeprefix("ENV ") for line in text.splitlines() if line.startswith("ENV ")]
    words = dict(word.split("=", 1) for line in lines for word in shlex.split(line))
    return {name: value for name, value in words.items() if name != "PATH"}


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])
