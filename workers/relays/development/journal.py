"""What the relay swears to: one JSON line for each message and recipient, written before the 250 that answers it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from workers.relays.development.reception import Mail

_MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(?:\r\n[ \t]+)?(<[^>\r\n]*>)", re.IGNORECASE | re.MULTILINE)


class Journal(Protocol):
    """Where accepted mail is written down."""

    def record(self, mail: Mail, *, answered: bool, then: Callable[[], None]) -> None:
        """Write it down, then call `then`. `answered` is False when the client will never hear of it."""
        ...


class NoJournal:
    """Writes nothing down."""

    def record(self, mail: Mail, *, answered: bool, then: Callable[[], None]) -> None:  # noqa: ARG002 - the contract's
        then()


class FileJournal:
    """Appends to a file, once per turn of the event loop for all messages of that turn, with or without fsync."""

    def __init__(self, path: Path, *, fsync: bool) -> None:
        self._fsync = fsync
        self._sequence = path.read_bytes().count(b"\n") if path.exists() else 0
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._waiting: list[tuple[bytes, Callable[[], None]]] = []

    def record(self, mail: Mail, *, answered: bool, then: Callable[[], None]) -> None:
        """Write it down at the end of this turn."""
        lines = b"".join(self._line(mail, recipient, answered=answered) for recipient in mail.recipients)
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._flush)
        self._waiting.append((lines, then))

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        _write_all(self._file, b"".join(lines for lines, _ in waiting))
        if self._fsync:
            os.fdatasync(self._file)
        for _, then in waiting:
            then()

    def _line(self, mail: Mail, recipient: str, *, answered: bool) -> bytes:
        self._sequence += 1
        entry = {
            "sequence": self._sequence,
            "at": datetime.now(UTC).isoformat(),
            "monotonic": time.monotonic(),
            "return_path": mail.return_path,
            "rcpt": recipient,
            "message_id": message_id(mail.message),
            "sha256": hashlib.sha256(mail.message).hexdigest(),
            "octets": len(mail.message),
            "answered": answered,
        }
        return json.dumps(entry).encode() + b"\n"


def message_id(message: bytes) -> str:
    """The Message-ID with its angle brackets; empty when there is none among the headers."""
    headers = message.partition(b"\r\n\r\n")[0]
    found = _MESSAGE_ID.search(headers)
    return found[1].decode("utf-8", "backslashreplace") if found else ""


def _write_all(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]
