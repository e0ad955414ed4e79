"""Tables as files for a spreadsheet: CSV or XLSX, with no cell that would be computed."""

import io
from collections.abc import Iterable

from flask import Response
from xlsxwriter import Workbook

from service.reports.cells import lines, safe

KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
LONGEST_CELL = 32_767
"""Characters: Excel's bound."""
# What looks like a formula, an address or a number is text, and stays it.
PLAIN = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def answer(kind: str, name: str, rows: Iterable[Iterable[object]]) -> Response:
    """The rows as a file of this kind to download."""
    body = _csv(rows) if kind == "csv" else _xlsx(rows)
    headers = {"Content-Disposition": f"attachment; filename={name}.{kind}"}
    return Response(body, content_type=KINDS[kind], headers=headers)


def _csv(rows: Iterable[Iterable[object]]) -> str:
    # Excel takes a CSV without the mark for one in the page of its country.
    return "\ufeff" + "".join(lines(rows))


def _xlsx(rows: Iterable[Iterable[object]]) -> bytes:
    data = io.BytesIO()
    with Workbook(data, PLAIN) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for at, cell in enumerate(row):
                sheet.write_string(number, at, str(safe(cell))[:LONGEST_CELL])
    return data.getvalue()
