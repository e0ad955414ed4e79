"""What was left out of a file, and why: to be shown, and to be given back with the remarks beside the cells."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.imports.running import LEFT_OUT
from service.models import ImportFile, ImportRow, Verdict

SHOWN = 100
FORGOTTEN = "…"


@dataclass(frozen=True, slots=True)
class Remark:
    """One row that is left out: `cell` is what stands in the column the remark is about."""

    row: int
    verdict: Verdict
    column: str
    cell: str
    remark: str


def first(session: Session, file: ImportFile, *, limit: int = SHOWN) -> list[Remark]:
    """The first of them; those that can be put right stand first."""
    query = (
        select(ImportRow)
        .where(ImportRow.import_id == file.id, ImportRow.verdict.in_(LEFT_OUT))
        .order_by(ImportRow.verdict != Verdict.INVALID, ImportRow.number)
    )
    return [_remark(row, file) for row in session.scalars(query.limit(limit))]


def lines(session: Session, file: ImportFile) -> Iterator[list[str]]:
    """The header and every row that was left out, as they were given, with what to change in two columns behind."""
    header = list(file.preview["header"])
    yield [*header, "remark", "column"]
    query = select(ImportRow).where(ImportRow.import_id == file.id, ImportRow.verdict.in_(LEFT_OUT))
    for row in session.scalars(query.order_by(ImportRow.number).execution_options(yield_per=1000)):
        cells = list(row.cells) + [""] * (len(header) - len(row.cells))
        yield [*cells, row.remark, _titled(file, row.column)]


def _remark(row: ImportRow, file: ImportFile) -> Remark:
    at = file.mapping.get(row.column or "email", -1)
    cell = row.cells[at] if 0 <= at < len(row.cells) else FORGOTTEN if not row.cells else ""
    return Remark(row.number, row.verdict or Verdict.INVALID, _titled(file, row.column), cell[:200], row.remark)


def _titled(file: ImportFile, column: str) -> str:
    """What the file itself calls the column."""
    at = file.mapping.get(column)
    return str(file.preview["header"][at]) if at is not None else column
