"""From the bytes of a CSV file to rows of named cells; nothing is believed about them yet."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from service.errors import Refused
from service.imports.encoding import decode

MOST_ROWS = 200_000
MOST_COLUMNS = 100
DELIMITERS = ",;\t"
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


class BadTable(Refused):
    """Change the file at the row and column the message names."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it is written in the file; `number` counts from 1, the header's row."""

    number: int
    email: str
    name: str = ""
    outlet: str = ""
    country: str = ""
    language: str = ""
    topics: str = ""
    beat: str = ""
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file, and the SHA-256 of its bytes in hexadecimal."""

    rows: tuple[Row, ...]
    digest: str


def read(data: bytes) -> Table:
    """The rows of a CSV file: UTF-8, UTF-16 or a Windows page; comma, semicolon or tab; English or Russian header.

    At most 20 MB and 200,000 rows. Raises UnreadableFile, and BadTable for NUL, an unclosed quotation mark, a missing
    e-mail column and the like.
    """
    records = _without_hint(decode(data))
    return Table(tuple(_rows(records)), sha256(data).hexdigest())


def _without_hint(text: str) -> str:
    # Excel writes and reads the delimiter in a first line of its own; the header tells it as well.
    return re.sub(r"\A\ufeff?sep=.\r?\n", "", text)


def _rows(text: str) -> Iterator[Row]:
    delimiter = max(DELIMITERS, key=lambda each: len(_columns(_first(text, each))))
    records = _records(text, delimiter)
    header = next(records, (1, []))[1]
    columns = _checked(_columns(header), header)
    for count, (number, record) in enumerate(records, start=1):
        if count > MOST_ROWS:
            raise BadTable(f"The file has more than {MOST_ROWS:,} rows. Split it.")
        _refuse_odd(number, record, header)
        yield Row(number, **{column: record[at].strip() for column, at in columns if at < len(record)})


def _first(text: str, delimiter: str) -> list[str]:
    """The header as this delimiter would part it; a quotation mark the wrong one leaves astray does not matter yet."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return next((record for record in reader if any(map(str.strip, record))), [])
    except csv.Error:
        return []


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The records that are not empty, numbered as a spreadsheet numbers its rows."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            reason = f"Row {number}: a quotation mark is opened and not closed, or closed in the middle of a cell."
            raise BadTable(f"{reason} Write a quotation mark inside a cell twice.") from None
        if any(cell.strip() for cell in record):
            yield number, record


def _columns(header: list[str]) -> list[tuple[str, int]]:
    words = (" ".join(re.findall(r"[^\W\d_]+", cell.casefold())) for cell in header)
    return [(_NAMES[name], at) for at, name in enumerate(words) if name in _NAMES]


def _checked(columns: list[tuple[str, int]], header: list[str]) -> list[tuple[str, int]]:
    """The columns, when each is there once and one of them has the addresses."""
    names = [column for column, _ in columns]
    if len(header) > MOST_COLUMNS:
        raise BadTable(f"Row 1 has {len(header)} columns; {MOST_COLUMNS} is the most.")
    if "email" not in names:
        there = ", ".join(ascii(cell[:40]) if not cell.isprintable() else f"“{cell[:40]}”" for cell in header)
        raise BadTable(f"Row 1: no column is called “email” or “почта”; there is {there or 'nothing at all'}.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadTable(f"Row 1: two columns are both the {twice[0]}. Delete or rename one.")
    return columns


def _refuse_odd(number: int, record: list[str], header: list[str]) -> None:
    if len(record) > len(header) and any(cell.strip() for cell in record[len(header) :]):
        raise BadTable(f"Row {number}: it has {len(record)} cells, the header {len(header)}. Is a comma unquoted?")
    for at, cell in enumerate(record[: len(header)]):
        if "\x00" in cell:
            raise BadTable(f"Row {number}, column {at + 1} (“{header[at]}”): a NUL character. Retype the cell.")
