"""What the relay swears to have taken: one copy for each line that it had on disk before its 250."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Copy:
    """One mail that the relay took for one recipient."""

    recipient: str
    message_id: str
    at: datetime
    sha256: str

    @property
    def delivery(self) -> UUID:
        """The delivery it belongs to: the left part of our Message-ID."""
        return UUID(self.message_id.lstrip("<").partition(".")[0])


def read(journal: Path) -> list[Copy]:
    """All copies, in the order in which they were taken."""
    return list(_copies(journal)) if journal.exists() else []


def _copies(journal: Path) -> Iterator[Copy]:
    for line in journal.read_bytes().splitlines(keepends=True):
        # A line without its end was cut off with the relay, so no 250 followed it.
        if not line.endswith(b"\n"):
            return
        told = json.loads(line)
        at = datetime.fromisoformat(told["at"])
        yield Copy(told["rcpt"], told["message_id"], at, told["sha256"])
