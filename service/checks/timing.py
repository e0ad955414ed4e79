"""The embargo against the text, the clock and the planned time."""

import re
from collections.abc import Iterator
from datetime import timedelta

from service.checks.circumstances import Circumstances
from service.checks.kinds import Check, Kind
from service.checks.unresolved import LONGEST
from service.manuscripts import embargoes
from service.releases.revisions import Frozen, FrozenEdition

LATE = timedelta(hours=1)
FIELDS = ("dateline", "lead", "body", "notes")
IMMEDIATE = re.compile(
    r"^\W*for immediate release\b|^\W*(?:для )?немедленн\w+ (?:публикац|распростран)\w+", re.IGNORECASE
)


def examine(frozen: Frozen, now: Circumstances) -> Iterator[Check]:
    """Whether what is said of the embargo is what is set, and whether the two times go together."""
    for edition in frozen.editions:
        yield from _said(frozen, edition)
    if frozen.embargo is None:
        return
    if frozen.embargo <= now.now:
        yield Check(Kind.EMBARGO_OVER, "embargo")
    if now.send_at and now.send_at - frozen.embargo > LATE:
        hours = (now.send_at - frozen.embargo) // timedelta(hours=1)
        yield Check(Kind.LEAVES_AFTER_EMBARGO, "embargo", values={"hours": hours})
    if now.zone == "UTC":
        yield Check(Kind.EMBARGO_WITHOUT_ZONE, "zone")


def _said(frozen: Frozen, edition: FrozenEdition) -> Iterator[Check]:
    for name in FIELDS:
        for line in map(str.strip, getattr(edition, name).splitlines()):
            if frozen.embargo and IMMEDIATE.match(line):
                yield Check(Kind.IMMEDIATE_UNDER_EMBARGO, name, edition.language, {"found": line[:LONGEST]})
            if not frozen.embargo and len(line) < 120 and embargoes.is_line(line):
                yield Check(Kind.EMBARGO_ONLY_IN_TEXT, name, edition.language, {"found": line[:LONGEST]})
