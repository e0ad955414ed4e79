"""From the bytes of a file to rows of named cells; nothing is believed about them yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from service.imports.columns import known
from service.imports.sheet import MOST_ROWS, BadTable, Sheet, open_

__all__ = ["MOST_ROWS", "BadTable", "Row", "Table", "read", "rows"]


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
    """The rows of a CSV, XLSX or ODS file with an English or Russian header.

    At most 20 MB and 200,000 rows. Raises UnreadableFile, BadTable; the latter also for a missing e-mail column.
    """
    sheet = open_(data)
    return Table(tuple(rows(sheet.rows, _mapping(sheet))), sha256(data).hexdigest())


def rows(records: Iterable[tuple[int, Sequence[str]]], mapping: Mapping[str, int]) -> list[Row]:
    """The named cells of these records, by the columns of a mapping that is sound."""
    return [
        Row(number, **{column: cells[at] if at < len(cells) else "" for column, at in mapping.items()})
        for number, cells in records
    ]


def _mapping(sheet: Sheet) -> dict[str, int]:
    """Which column is what, when each is there once and one of them has the addresses."""
    columns = known(sheet.header)
    names = [column for column, _ in columns]
    if "email" not in names:
        there = ", ".join(ascii(cell[:40]) if not cell.isprintable() else f"“{cell[:40]}”" for cell in sheet.header)
        raise BadTable(f"Row 1: no column is called “email” or “почта”; there is {there or 'nothing at all'}.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadTable(f"Row 1: two columns are both the {twice[0]}. Delete or rename one.")
    return dict(columns)
