"""Cells of a spreadsheet: what looks like a formula is shown, not computed."""

import csv
from collections.abc import Iterable, Iterator

# OWASP's list, and the full-width forms some programs take for them.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(cell: object) -> object:
    """The cell as it may be written; a text that a spreadsheet would compute gets a quote before it."""
    if not isinstance(cell, str):
        return cell
    return f"'{cell}" if cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA) else cell


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """One CSV line (RFC 4180, CRLF) for each row, every cell safe."""
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([safe(cell) for cell in row])


class _Echo:
    """Gives back what is written, so that a row is a string and nothing is gathered."""

    def write(self, line: str) -> str:
        return line
