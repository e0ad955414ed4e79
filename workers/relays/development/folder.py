"""A folder of .eml files: what was accepted, for people to open."""

from __future__ import annotations

import re
import time
from itertools import count
from pathlib import Path
from typing import Protocol

from workers.relays.development.reception import Mail

LONGEST_NAME = 100
_UNSAFE = re.compile(r"[^A-Za-z0-9@+_=-]|^[-+]")


class Folder(Protocol):
    """Where accepted mail is kept."""

    def keep(self, mail: Mail) -> None: ...


class NoFolder:
    """Keeps nothing."""

    def keep(self, mail: Mail) -> None: ...


class MailFolder:
    """Keeps every message as TIME-NUMBER-RECIPIENT.eml, byte for byte."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._number = count(1)

    def keep(self, mail: Mail) -> None:
        for recipient in mail.recipients:
            name = f"{time.time_ns()}-{next(self._number)}-{safe(recipient)}.eml"
            (self._path / name).write_bytes(mail.message)


def safe(address: str) -> str:
    """The address as part of a file name: no dots in front, no slashes, nothing a shell would notice."""
    local, _, domain = address.partition("@")
    labels = [_UNSAFE.sub("_", label) for label in (local, *domain.split("."))]
    return f"{labels[0]}@{'.'.join(label for label in labels[1:] if label)}"[:LONGEST_NAME]
