"""Whom it reaches, and in which language."""

from collections.abc import Iterator

from service.checks.circumstances import Circumstances
from service.checks.kinds import Check, Kind
from service.releases import Frozen


def examine(frozen: Frozen, now: Circumstances) -> Iterator[Check]:
    """Nobody at all, languages without an edition, and editions whose headline nobody translated."""
    if now.reach == 0:
        yield Check(Kind.NOBODY, "topics")
    for language, (people, instead) in now.elsewhere.items():
        values: dict[str, str | int] = {"people": people, "code": language, "instead": instead}
        yield Check(Kind.TRANSLATION_MISSING, "language", values=values)
    first = frozen.editions[0]
    for edition in frozen.editions[1:]:
        if edition.headline == first.headline:
            yield Check(Kind.HEADLINE_UNTRANSLATED, "headline", edition.language)
