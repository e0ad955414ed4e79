"""Where no word of a release and no address may stand: the logs of all processes, and what the broker keeps on disk."""

from collections.abc import Iterator
from pathlib import Path

from tests.faults.office import CANARY

PLACES = ("logs/*", "data/logs/*", "data/valkey/**/*")
FORBIDDEN = {CANARY.encode(): "words of a release", b"@daily.example": "addresses of readers"}


def faults(folder: Path) -> Iterator[str]:
    """I7, as far as files show it."""
    for pattern in PLACES:
        for path in folder.glob(pattern):
            if not path.is_file():
                continue
            content = path.read_bytes()
            for needle, what in FORBIDDEN.items():
                if needle in content:
                    yield f"I7: {path.relative_to(folder)} holds {what}"
