"""The job behind a file: reads it into rows, checks them, imports them, some thousand in each transaction.

It may run twice, and at any point be killed: the cursor moves in the transaction that did the work.
"""

from collections.abc import Sequence
from itertools import islice
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Integer, SmallInteger, String, Text, column, delete, func, insert, literal, select, text, update
from sqlalchemy.dialects.postgresql import JSON, JSONB
from sqlalchemy.orm import Session

from service import audit
from service.errors import Refused
from service.imports import files, writing
from service.imports.sorting import SAID, Outcome, sort
from service.imports.table import rows
from service.models import Account, ImportFile, ImportRow, ImportState, Journalist, Sender, Verdict

log = structlog.get_logger(__name__)

CHUNK = 2_000
"""Rows in one transaction: about a second."""
STORED = 10_000
LEFT_OUT = frozenset({Verdict.AWAY, Verdict.SUPPRESSED, Verdict.REPEATED, Verdict.INVALID})
"""Verdicts with a remark."""


def step(session: Session, id_: UUID) -> bool:
    """Do the next piece of what a file waits for, in this transaction; whether there is more. Twice at once is once."""
    query = select(ImportFile).where(ImportFile.id == id_).with_for_update(skip_locked=True)
    file = session.scalar(query.execution_options(populate_existing=True))
    if file is None or file.state not in (ImportState.CHECKING, ImportState.IMPORTING):
        return False
    file.changed_at = func.clock_timestamp()
    # Into a newsroom that was empty a minute ago its statistics still say so, and everybody is read for each row.
    session.execute(text("SET LOCAL enable_seqscan = off"))
    if file.cursor == files.UNREAD:
        return _store(session, file)
    found = _next(session, file)
    if not found:
        _finish(session, file)
        session.flush()
        return False
    _work(session, file, found)
    file.cursor = found[-1][0]
    session.flush()
    return True


def _store(session: Session, file: ImportFile) -> bool:
    """Put the file's rows into the table, in place of those of an earlier reading."""
    try:
        records = iter(files.sheet_of(session, file).rows)
    except Refused as fault:
        file.state, file.fault = ImportState.FAILED, str(fault)
        session.flush()
        return False
    session.execute(delete(ImportRow).where(ImportRow.import_id == file.id))
    while batch := list(islice(records, STORED)):
        given = _given([{"number": number, "cells": cells} for number, cells in batch], number=Integer, cells=JSONB)
        fresh = select(literal(file.id), given.c.number, given.c.cells)
        session.execute(insert(ImportRow).from_select(["import_id", "number", "cells"], fresh))
    file.cursor = files.BEGUN
    session.flush()
    return True


def _next(session: Session, file: ImportFile) -> Sequence[tuple[int, list[str]]]:
    query = select(ImportRow.number, ImportRow.cells).where(
        ImportRow.import_id == file.id, ImportRow.number > file.cursor
    )
    return [(number, cells) for number, cells in session.execute(query.order_by(ImportRow.number).limit(CHUNK))]


def _work(session: Session, file: ImportFile, found: Sequence[tuple[int, list[str]]]) -> None:
    sender = session.get_one(Sender, file.sender_id)
    # A row whose cells were forgotten meanwhile, as its person was erased, has an empty address: it is left out.
    sorting = sort(session, sender, rows(found, file.mapping), updates=file.updates, default=tuple(file.topic_ids))
    if file.state is ImportState.IMPORTING:
        proof = {"how": "import", "legal_basis": file.legal_basis, "file": file.digest, "import": str(file.id)}
        writing.journalists(session, sender, sorting.new)
        writing.particulars(session, sender, sorting.changed)
        writing.subscriptions(session, sender, sorting.pairs, proof)
    _note(session, file, sorting.outcomes)


def _note(session: Session, file: ImportFile, outcomes: Sequence[Outcome]) -> None:
    """Write down what each row is; what stands further up in the file is a repetition, whichever chunk it was in."""
    given = _given(
        [
            {
                "number": each.row,
                "canonical": each.canonical,
                "verdict": each.verdict.value,
                "subscriptions": each.subscriptions,
                "column": each.column,
                "remark": each.remark,
            }
            for each in outcomes
        ],
        number=Integer,
        canonical=Text,
        verdict=String,
        subscriptions=SmallInteger,
        column=Text,
        remark=Text,
    )
    names = ("canonical", "verdict", "subscriptions", "column", "remark")
    put = update(ImportRow).values({name: given.c[name] for name in names})
    same = (ImportRow.import_id == file.id, ImportRow.number == given.c.number)
    session.execute(put.where(*same).execution_options(synchronize_session=False))
    numbers = [each.row for each in outcomes]
    first = ImportRow.__table__.alias("first")
    above = select(first.c.number).where(
        first.c.import_id == file.id,
        first.c.canonical == ImportRow.canonical,
        first.c.number < min(numbers),
        first.c.verdict != Verdict.INVALID.value,
    )
    repeated = update(ImportRow).where(ImportRow.import_id == file.id, ImportRow.number.in_(numbers), above.exists())
    values: dict[str, object] = {"verdict": Verdict.REPEATED, "column": "email", "remark": SAID[Verdict.REPEATED]}
    if file.state is ImportState.CHECKING:
        values["subscriptions"] = 0  # when it comes to importing, the row further up has begun them
    session.execute(repeated.values(values).execution_options(synchronize_session=False))
    if file.state is ImportState.IMPORTING:
        _name_people(session, file, numbers)


def _name_people(session: Session, file: ImportFile, numbers: Sequence[int]) -> None:
    """Which person each row was; cells of rows that are done with are forgotten."""
    mine = (ImportRow.import_id == file.id, ImportRow.number.in_(numbers), ImportRow.verdict.not_in(LEFT_OUT))
    person = (Journalist.sender_id == file.sender_id, Journalist.address_canonical == ImportRow.canonical)
    named = update(ImportRow).where(*mine, *person).values(journalist_id=Journalist.id, cells=[])
    session.execute(named.execution_options(synchronize_session=False))


def _finish(session: Session, file: ImportFile) -> None:
    file.numbers = numbers(session, file)
    if file.state is ImportState.CHECKING:
        file.state = ImportState.CHECKED
        return
    file.state, file.finished_at = ImportState.DONE, func.clock_timestamp()
    done = update(ImportRow).where(ImportRow.import_id == file.id, ImportRow.journalist_id.is_not(None))
    session.execute(done.values(canonical=None).execution_options(synchronize_session=False))
    sender = session.get_one(Sender, file.sender_id)
    told = {name: file.numbers.get(name, 0) for name in ("new", "changed", "subscriptions")}
    audit.write(
        session,
        "journalists imported",
        account=session.get(Account, file.account_id) if file.account_id else None,
        sender=sender.slug,
        legal_basis=file.legal_basis,
        file=file.digest,
        new=told["new"],
        changed=told["changed"],
        subscriptions=told["subscriptions"],
    )
    log.info("journalists imported", file=str(file.id), rows=file.rows, **told)


def numbers(session: Session, file: ImportFile) -> dict[str, int]:
    """The rows so far by verdict, and how many subscriptions begin."""
    query = (
        select(ImportRow.verdict, func.count(), func.sum(ImportRow.subscriptions))
        .where(ImportRow.import_id == file.id, ImportRow.verdict.is_not(None))
        .group_by(ImportRow.verdict)
    )
    counted = [(verdict, number, begun) for verdict, number, begun in session.execute(query)]
    told = {verdict.value: number for verdict, number, _ in counted if verdict}
    return told | {"subscriptions": sum(begun or 0 for _, _, begun in counted)}


def _given(found: list[dict[str, Any]], **types: Any) -> Any:
    columns = [column(name, kind() if isinstance(kind, type) else kind) for name, kind in types.items()]
    return (
        func.json_to_recordset(literal(found, JSON))
        .table_valued(*columns, name="given")
        .render_derived(with_types=True)
    )
