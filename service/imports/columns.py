"""What the columns of a list of journalists are called, and which is which where they are called otherwise."""

import re
from collections.abc import Mapping, Sequence

COLUMNS = {
    "email": ("email", "e mail", "mail", "email address", "электронная почта", "почта", "эл почта", "имейл", "адрес"),
    "name": ("name", "full name", "journalist", "contact", "имя", "фио", "журналист", "контакт", "ф и о"),
    "outlet": ("outlet", "media", "organisation", "organization", "publication", "издание", "сми", "организация"),
    "country": ("country", "страна"),
    "language": ("language", "lang", "язык"),
    "topics": ("topics", "topic", "тема", "темы", "рубрики"),
    "beat": ("beat", "специализация", "направление"),
    "tier": ("tier", "priority", "уровень", "приоритет"),
}
"""What a column may be called: in small letters, anything but letters as one space."""
_NAMES = {name: column for column, names in COLUMNS.items() for name in names}
LOOKED_AT = 50
"""Rows whose cells say which column has the addresses."""


def known(header: Sequence[str]) -> list[tuple[str, int]]:
    """The columns we know by name, in the order of the file; a name may be there twice."""
    words = (" ".join(re.findall(r"[^\W\d_]+", cell.casefold())) for cell in header)
    return [(_NAMES[name], at) for at, name in enumerate(words) if name in _NAMES]


def guess(header: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> dict[str, int]:
    """Which column is what, by its name; the addresses are also known by their looks."""
    found: dict[str, int] = {}
    for column, at in known(header):
        found.setdefault(column, at)
    if "email" not in found and rows:
        signs = [sum("@" in row[at] for row in rows[:LOOKED_AT] if at < len(row)) for at in range(len(header))]
        if any(signs):
            found["email"] = signs.index(max(signs))
            found = {column: at for column, at in found.items() if column == "email" or at != found["email"]}
    return found


def sound(mapping: Mapping[str, int], width: int) -> bool:
    """Whether a mapping can be used: addresses are in it, nothing is taken twice, and every column is there."""
    places = list(mapping.values())
    return (
        "email" in mapping
        and set(mapping) <= set(COLUMNS)
        and len(set(places)) == len(places)
        and all(0 <= at < width for at in places)
    )
