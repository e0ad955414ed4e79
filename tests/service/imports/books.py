"""Spreadsheets for tests: real ones, hostile ones."""

import io
import zipfile
from collections.abc import Sequence

from xlsxwriter import Workbook

NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def xlsx(*rows: Sequence[object]) -> bytes:
    """An XLSX with a hidden sheet before the one that holds these rows."""
    data = io.BytesIO()
    with Workbook(data, {"in_memory": True}) as book:
        hidden, sheet = book.add_worksheet("Notes"), book.add_worksheet("Press")
        hidden.write(0, 0, "nothing to see")
        sheet.activate()
        sheet.set_first_sheet()
        hidden.hide()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return data.getvalue()


def ods(*rows: Sequence[str], more: str = "") -> bytes:
    """An ODS with these rows; `more` is XML after them."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    xml = "".join(f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0"?><office:document-content {NAMES}><office:body><office:spreadsheet>'
        f'<table:table table:name="Press">{xml}{more}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", manifest)
        packed.writestr("content.xml", content)
    return data.getvalue()


def bomb() -> bytes:
    """A kilobyte of ODS that says a full row a million times."""
    row = '<table:table-row table:number-rows-repeated="1048000">'
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="16000">'
    return ods(("email",), more=f"{row}{cell}<text:p>boom</text:p></table:table-cell></table:table-row>")
