"""The press kit, and how heavy the mail is."""

from collections.abc import Iterator

from service.checks.circumstances import Circumstances
from service.checks.kinds import Check, Kind
from service.newsroom.kit import LARGEST_KIT
from service.releases import Frozen

CLIPPED = 102 * 1024
"""Octets of a mail's page that Gmail shows; the rest, with the link to unsubscribe, is behind "View entire message"."""


def examine(frozen: Frozen, now: Circumstances) -> Iterator[Check]:
    """Files that are too large or say too little, and editions whose mail is too long for Gmail."""
    size = sum(file.size for file in now.kit)
    if size > LARGEST_KIT:
        yield Check(Kind.KIT_TOO_LARGE, "kit", values={"size": size // 1_000_000, "most": LARGEST_KIT // 1_000_000})
    for file in (file for file in now.kit if file.is_picture):
        if not file.alt.strip():
            yield Check(Kind.NO_ALT, "kit", values={"name": file.name})
        if not file.credit.strip():
            yield Check(Kind.NO_CREDIT, "kit", values={"name": file.name})
    for edition in frozen.editions:
        weight = now.weights.get(edition.language, 0)
        if weight > CLIPPED:
            values = {"size": weight // 1024, "most": CLIPPED // 1024}
            yield Check(Kind.MAIL_LARGE, "body", edition.language, values)
