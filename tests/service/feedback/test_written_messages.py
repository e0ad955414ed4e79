"""What comes back from mail systems all over the world, in their manners: written for these tests, in `written/`.

A message begins with `===== what it is | kind [recipient [verdict]]`; "none" is anything that decides nothing.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.feedback import Event, Kind, read

FOLDER = Path(__file__).parent / "written"
FILES = ("absences", "bounces_offices", "bounces_providers", "bounces_unix", "others")
DECIDE_NOTHING = frozenset({Kind.UNKNOWN, Kind.REPLY, Kind.AUTO_REPLY})


def _messages(name: str) -> Iterator[tuple[str, list[str], bytes]]:
    for chunk in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("===== ")[1:]:
        head, _, message = chunk.partition("\n")
        what, _, expected = head.rpartition(" | ")
        yield what, expected.split(), message.encode()


def _said(event: Event, words: int) -> list[str]:
    verdict = event.verdict.value if event.verdict else ""
    return [word for word in (event.kind.value, event.recipient, verdict)[:words] if word]


@pytest.mark.parametrize("name", FILES)
def test_each_message_is_understood(name: str) -> None:
    wrong = []
    for what, expected, message in _messages(name):
        events = read(message)
        if expected == ["none"]:
            right = all(event.kind in DECIDE_NOTHING for event in events)
        else:
            right = [_said(event, len(expected)) for event in events] == [expected]
        if not right:
            wrong.append(f"{what}: {events}")
    assert wrong == []
