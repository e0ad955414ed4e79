"""The real bounces, complaints and answers that lie beside this repository, and are committed nowhere."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

BOUNCES = Path(__file__).parents[2] / "shared" / "corpora" / "bounces"


@dataclass(frozen=True)
class Labelled:
    """A message that somebody really got, and what it is: bounce, complaint, delivered or not-a-bounce."""

    file: str
    kind: str
    addresses: tuple[frozenset[str], ...]
    """For each recipient named, the spellings that are right; nothing where the sample hides the address."""

    @property
    def message(self) -> bytes:
        return (BOUNCES / self.file).read_bytes()


def labelled() -> list[Labelled]:
    """Every message with its label. Skips the test where there are none, which CI does not allow."""
    if not (BOUNCES / "labels.jsonl").exists():
        reason = "../shared/corpora/bounces is not beside this repository"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    lines = (BOUNCES / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    return [_labelled(json.loads(line)) for line in lines]


def _labelled(said: dict[str, object]) -> Labelled:
    recipients = said["recipients"]
    assert isinstance(recipients, list)
    named = (frozenset((one["address"], *one.get("also", ()))) for one in recipients if not one.get("redacted"))
    return Labelled(str(said["file"]), str(said["kind"]), tuple(named))


def messages() -> list[bytes]:
    """Every message, and none where the corpus is not there."""
    return [path.read_bytes() for path in sorted(BOUNCES.glob("*/*")) if path.parent.name != "LICENSES"]
