"""Reads a spreadsheet from standard input and writes its first sheet as JSON: a program of its own.

A small file can unpack to gigabytes (a zip bomb, or one ODS row repeated a million times). So whoever wants it read
starts this with bounds on memory and time, which end this process and no other. It imports nothing of ours.
"""

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta

MEMORY = 1_200 * 1024 * 1024
"""Bytes of address space: 200,000 rows of ten columns take a third of it."""
SECONDS = 40
"""Of processor time."""
MOST_ROWS, MOST_COLUMNS = 200_002, 101
"""One more than an import takes, so that it can say that there are too many."""
LONGEST_CELL = 5_000


def main() -> None:
    """Read, and write {"name", "others", "rows": [[number, [cells]]]}."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    shown = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible]
    names = shown or workbook.sheet_names
    sheet = workbook.get_sheet_by_name(names[0])
    first = (sheet.start or (0, 0))[0] + 1
    rows = []
    for number, cells in enumerate(sheet.iter_rows(), start=first):
        told = [words(cell) for cell in cells[:MOST_COLUMNS]]
        while told and not told[-1]:
            told.pop()
        if told:
            rows.append([number, told])
        if len(rows) >= MOST_ROWS:
            break
    json.dump({"name": names[0], "others": len(names) - 1, "rows": rows}, sys.stdout)


def words(cell: object) -> str:
    """A cell as it would be typed: 1 and not 1.0, a day as 2026-11-24."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell).strip()[:LONGEST_CELL]


if __name__ == "__main__":
    main()
