"""What was left to be filled in, and characters that are not what they look like."""

import re
import unicodedata
from collections.abc import Iterator

from service.checks.circumstances import Circumstances
from service.checks.kinds import Check, Kind
from service.releases.revisions import Frozen, FrozenEdition

FIELDS = ("headline", "subhead", "place", "dateline", "lead", "body", "boilerplate", "notes")
LONGEST = 40
"""Characters of what was found that are shown."""
PLACES = re.compile(
    r"\{\{.{0,60}?\}\}|\{%.{0,60}?%\}|<<[^<>\n]{1,60}>>|\$\{[^{}\n]{1,60}\}|\*\|[A-Z_:]{2,30}\|\*"
    r"|\[(?:TK|TBC|TBD|TODO|XX+|INSERT\b|ВСТАВИТЬ\b|УТОЧНИТЬ\b)[^\[\]\n]{0,60}\]"
    r"|(?<![\w.])(?:TK(?:TK)+|TKTK|X{3,}|Х{3,}|TODO|FIXME)(?![\w.])"
    r"|\blorem ipsum\b",
    re.DOTALL,
)
"""Merge fields of mail programs and editors' notes to themselves; XXX in Latin and in Cyrillic letters."""
LOREM = re.compile(r"\blorem\s+ipsum\b", re.IGNORECASE)
OVERRIDES = frozenset("\u202a\u202b\u202d\u202e")
"""Marks that turn letters round; the isolates and the single marks of Arabic and Hebrew are honest."""
UNSEEN = frozenset("\u00ad\u200b\u2060\ufeff\u180e")
MIXED = re.compile(r"(?<!\w)(?=\w*[A-Za-z])(?=\w*[Ѐ-ӿ])[A-Za-zЀ-ӿ]{2,}(?!\w)")


def examine(frozen: Frozen, _now: Circumstances) -> Iterator[Check]:
    """Each field is named once for each kind, with the first that was found."""
    for edition in frozen.editions:
        for name in FIELDS:
            yield from _field(edition, name, getattr(edition, name))


def _field(edition: FrozenEdition, name: str, text: str) -> Iterator[Check]:
    if found := PLACES.search(text) or LOREM.search(text):
        yield Check(Kind.UNRESOLVED, name, edition.language, {"found": " ".join(found[0].split())[:LONGEST]})
    if turned := OVERRIDES & set(text):
        yield Check(Kind.OVERRIDES, name, edition.language, {"found": _named(turned)})
    if unseen := UNSEEN & set(text):
        yield Check(Kind.HIDDEN, name, edition.language, {"found": _named(unseen)})
    if mixed := MIXED.search(text):
        yield Check(Kind.MIXED_SCRIPTS, name, edition.language, {"found": mixed[0][:LONGEST]})


def _named(characters: set[str] | frozenset[str]) -> str:
    return ", ".join(f"U+{ord(one):04X} {unicodedata.name(one, '')}".strip() for one in sorted(characters))
