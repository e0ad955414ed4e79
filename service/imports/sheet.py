"""A file as a sheet of cells, whatever it was saved as; nothing is believed about them yet."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.errors import Refused
from service.imports import workbook
from service.imports.columns import guess
from service.imports.encoding import told

MOST_ROWS = 200_000
MOST_COLUMNS = 100
DELIMITERS = ",;\t|"
Records = Iterable[tuple[int, list[str]]]


class BadTable(Refused):
    """Change the file at the row and column the message names."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The header and the rows below it that are not empty, numbered as a spreadsheet numbers them.

    `encoding` and `delimiter` are empty for a spreadsheet, `name` and `others` (sheets that are passed over) for a CSV.
    """

    kind: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]
    encoding: str = ""
    delimiter: str = ""
    name: str = ""
    others: int = 0


def open_(data: bytes, *, encoding: str = "", delimiter: str = "") -> Sheet:
    """The sheet of a CSV, XLSX or ODS file of at most 20 MB and 200,000 rows.

    A CSV is in UTF-8, UTF-16 or a Windows page, with comma, semicolon, tab or bar: told from the file, unless given.
    Raises UnreadableFile, and BadTable for NUL, an unclosed quotation mark, a row longer than the header and the like.
    """
    if workbook.is_workbook(data):
        name, others, records = workbook.first_sheet(data)
        header, rows = _parted(iter(records))
        return Sheet(workbook.kind(data), header, rows, name=name, others=others)
    text, found = told(data, encoding)
    text = _without_hint(text)
    chosen = delimiter if delimiter and delimiter in DELIMITERS else max(DELIMITERS, key=lambda each: _fits(text, each))
    header, rows = _parted(_records(text, chosen))
    return Sheet("csv", header, rows, encoding=found, delimiter=chosen)


def _without_hint(text: str) -> str:
    # Excel writes and reads the delimiter in a first line of its own; the header tells it as well.
    return re.sub(r"\A\ufeff?sep=.\r?\n", "", text)


def _fits(text: str, delimiter: str) -> tuple[int, int]:
    """How well a delimiter parts the header: into columns that we know, or at least into many."""
    header = _first(text, delimiter)
    return len(guess(header)), len(header)


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


def _parted(records: Iterator[tuple[int, list[str]]]) -> tuple[tuple[str, ...], tuple[tuple[int, list[str]], ...]]:
    header = next(records, (1, []))[1]
    if len(header) > MOST_COLUMNS:
        raise BadTable(f"Row 1 has {len(header)} columns; {MOST_COLUMNS} is the most.")
    return tuple(cell.strip().lstrip("\ufeff") for cell in header), tuple(_checked(records, header))


def _checked(records: Records, header: list[str]) -> Iterator[tuple[int, list[str]]]:
    for count, (number, record) in enumerate(records, start=1):
        if count > MOST_ROWS:
            raise BadTable(f"The file has more than {MOST_ROWS:,} rows. Split it.")
        _refuse_odd(number, record, header)
        yield number, [cell.strip() for cell in record[: len(header)]]


def _refuse_odd(number: int, record: list[str], header: list[str]) -> None:
    if len(record) > len(header) and any(cell.strip() for cell in record[len(header) :]):
        raise BadTable(f"Row {number}: it has {len(record)} cells, the header {len(header)}. Is a comma unquoted?")
    for at, cell in enumerate(record[: len(header)]):
        if "\x00" in cell:
            raise BadTable(f"Row {number}, column {at + 1} (“{header[at]}”): a NUL character. Retype the cell.")
