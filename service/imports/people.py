"""From a row's cells to a person, or to the reason why it is none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from babel import Locale

from service.addresses import BadAddress
from service.errors import Refused
from service.imports.table import Row
from service.journalists import Mailbox, NameTooLong, clean_name, mailbox
from service.manuscripts.characters import clean_line

LONGEST_CELL = 300
_SPOKEN = ("en", "ru")  # the languages in which a file may name countries and languages in full


@dataclass(frozen=True, slots=True)
class Person:
    """A row that can be imported, in the form the tables have; `blank` are its columns that say nothing."""

    row: int
    box: Mailbox
    name: str
    outlet: str
    country: str
    language: str
    beat: str
    tier: int
    topics: tuple[UUID, ...]
    blank: frozenset[str] = frozenset()


PARTICULARS = ("name", "outlet", "country", "language", "beat", "tier")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row was left out: the cell to change."""

    row: int
    column: str
    reason: str


class _Wrong(Refused):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


def person(row: Row, topics: Mapping[str, UUID], default: tuple[UUID, ...] = ()) -> Person | Fault:
    """The person of a row; `topics` are the sender's, by slug and by name in small letters.

    `default` are the topics of a row that names none.
    """
    try:
        return Person(
            row=row.number,
            box=mailbox(row.email),
            name=clean_name(row.name),
            outlet=_line("outlet", row.outlet),
            country=_code("country", row.country, _territories()).upper(),
            language=_code("language", row.language, _languages()) or "en",
            beat=_line("beat", row.beat),
            tier=_tier(row.tier),
            topics=_topics(row.topics, topics) or default,
            blank=frozenset(name for name in PARTICULARS if not getattr(row, name).strip()),
        )
    except BadAddress as fault:
        return Fault(row.number, "email", str(fault))
    except NameTooLong as fault:
        return Fault(row.number, "name", str(fault))
    except _Wrong as fault:
        return Fault(row.number, fault.column, str(fault))


def _line(column: str, cell: str) -> str:
    if len(cell) > LONGEST_CELL:
        raise _Wrong(column, f"This has {len(cell)} characters; {LONGEST_CELL} is the most.")
    return clean_line(cell)


def _code(column: str, cell: str, codes: Mapping[str, str]) -> str:
    word = clean_line(cell).casefold()
    if word and word not in codes:
        raise _Wrong(column, f"{cell[:40]!a} is no {column} we know; write its two letters, such as KZ or ru.")
    return codes.get(word, "")


def _tier(cell: str) -> int:
    if cell not in ("", "1", "2", "3"):
        raise _Wrong("tier", f"{cell[:40]!a} is no tier; write 1, 2 or 3.")
    return int(cell or 2)


def _topics(cell: str, topics: Mapping[str, UUID]) -> tuple[UUID, ...]:
    asked = [clean_line(word) for word in re.split(r"[;,|\n]", cell)]
    unknown = [word for word in asked if word and word.casefold() not in topics]
    if unknown:
        raise _Wrong("topics", f"There is no topic {unknown[0][:60]!a}.")
    return tuple(dict.fromkeys(topics[word.casefold()] for word in asked if word))


@cache
def _territories() -> dict[str, str]:
    return _by_name("territories")


@cache
def _languages() -> dict[str, str]:
    return _by_name("languages")


def _by_name(kind: str) -> dict[str, str]:
    """Two-letter codes in small letters, by themselves and by their names in English and Russian."""
    codes: dict[str, str] = {}
    for spoken in _SPOKEN:
        names = {code.casefold(): name for code, name in getattr(Locale(spoken), kind).items() if len(code) == 2}
        codes |= {code: code for code in names} | {name.casefold(): code for code, name in names.items()}
    return codes
