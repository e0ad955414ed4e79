"""A file on its way in, as an officer takes it through: given, looked at, its columns chosen, checked, imported."""

from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import PurePath
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, undefer

from service import audit, db, jobs
from service.errors import NotFound, Refused
from service.imports.columns import guess, sound
from service.imports.encoding import ENCODINGS
from service.imports.sheet import Sheet, open_
from service.journalists import grounds
from service.manuscripts.characters import clean_line
from service.models import Account, ImportFile, ImportRow, ImportState, Sender, Topic

SHOWN = 5
"""Rows of a preview."""
LONGEST_SHOWN = 60
"""Characters of a cell in it."""
UNREAD, BEGUN = -1, 0
"""Of the cursor: the rows are not in the table yet; none is done with."""
KEPT_DAYS = 7
"""As long as what was not imported stays: cells with remarks, and files nobody decided about."""
UNDONE_WITHIN_DAYS = 30
REMEMBERED = 20
"""Files shown in the list of those that came before."""


class NoColumns(Refused):
    """Choose which column has the addresses, and none of them twice."""

    def __init__(self) -> None:
        super().__init__("Choose the column with the e-mail addresses, and no column for two things.")


class NotNow(Refused):
    """Look at how far the file has come."""

    def __init__(self) -> None:
        super().__init__("This file has come further meanwhile. Open its page again.")


def give(session: Session, sender: Sender, name: str, data: bytes, *, by: Account | None) -> ImportFile:
    """Keep a file to be looked at; nobody is imported yet. Raises UnreadableFile, BadTable."""
    sheet = open_(data)
    found = ImportFile(
        sender_id=sender.id,
        account_id=by.id if by else None,
        name=clean_line(PurePath(name.replace("\\", "/")).name)[:200] or "file",
        digest=sha256(data).hexdigest(),
        data=data,
        rows=len(sheet.rows),
        preview=_preview(sheet),
        mapping=guess(sheet.header, [cells for _, cells in sheet.rows]),
    )
    session.add(found)
    session.flush()
    return found


def get(session: Session, id_: UUID, *, senders: Collection[UUID]) -> ImportFile:
    """This file. Raises NotFound, also when it is of none of `senders`."""
    found = session.get(ImportFile, id_, populate_existing=True)
    if found is None or found.sender_id not in senders:
        raise NotFound("There is no such file.")
    return found


def lately(session: Session, senders: Collection[UUID]) -> list[ImportFile]:
    """The files of these senders, the newest first."""
    query = select(ImportFile).where(ImportFile.sender_id.in_(senders)).order_by(ImportFile.id.desc())
    return list(session.scalars(query.limit(REMEMBERED)))


def read_again(session: Session, file: ImportFile, *, encoding: str = "", delimiter: str = "") -> None:
    """Read a CSV in another encoding or by another delimiter. Raises UnreadableFile, BadTable, NotNow."""
    _locked(session, file, {ImportState.READ, ImportState.CHECKED})
    sheet = open_(_data(session, file), encoding=encoding, delimiter=delimiter)
    file.rows, file.preview, file.state = len(sheet.rows), _preview(sheet), ImportState.READ
    file.mapping = guess(sheet.header, [cells for _, cells in sheet.rows])
    session.flush()


def choose(
    session: Session,
    file: ImportFile,
    mapping: Mapping[str, int],
    *,
    legal_basis: str,
    topics: Collection[Topic] = (),
    updates: bool = False,
) -> None:
    """Say which column is what and on what grounds; the file is checked from now on.

    Whoever's row names no topic is subscribed to `topics`. Raises NoColumns, NoLegalBasis, NotNow.
    """
    _locked(session, file, {ImportState.READ, ImportState.CHECKED})
    if not sound(mapping, len(file.preview["header"])):
        raise NoColumns
    file.legal_basis = grounds(legal_basis)
    file.mapping, file.updates = dict(mapping), updates
    file.topic_ids = [topic.id for topic in topics if topic.sender_id == file.sender_id]
    _set_off(session, file, ImportState.CHECKING, UNREAD)


def begin(session: Session, file: ImportFile, *, by: Account | None) -> None:
    """Import it: a job does, some thousand rows at a time. Raises NotNow."""
    _locked(session, file, {ImportState.CHECKED})
    file.account_id = by.id if by else file.account_id
    file.data = None
    _set_off(session, file, ImportState.IMPORTING, BEGUN)


def drop(session: Session, file: ImportFile, *, by: Account | None) -> None:
    """Forget a file that was not imported. Raises NotNow."""
    _locked(session, file, {ImportState.READ, ImportState.CHECKED, ImportState.FAILED})
    session.execute(delete(ImportFile).where(ImportFile.id == file.id))
    audit.write(session, "import dropped", account=by, file=file.digest)


def working(session: Session) -> list[UUID]:
    """Files that a job should be busy with, and none has said so for half a minute."""
    busy = (ImportFile.state.in_((ImportState.CHECKING, ImportState.IMPORTING)),)
    return list(session.scalars(select(ImportFile.id).where(*busy, ImportFile.changed_at < func.now() - _seconds(30))))


def tidy(session: Session) -> None:
    """Forget what is of no more use: files nobody decided about, cells with their remarks, and what undoing needs."""
    waits = ImportFile.state.in_((ImportState.READ, ImportState.CHECKED, ImportState.FAILED))
    old = ImportFile.created_at < func.now() - _seconds(KEPT_DAYS * 86400)
    finished = ImportFile.finished_at < func.now() - _seconds(KEPT_DAYS * 86400)
    past = ImportFile.finished_at < func.now() - _seconds(UNDONE_WITHIN_DAYS * 86400)
    whose = select(ImportFile.id)
    for act in (
        delete(ImportFile).where(waits, old),
        update(ImportRow)
        .where(ImportRow.import_id.in_(whose.where(finished)), ImportRow.cells != [])
        .values(cells=[], canonical=None, remark=""),
        delete(ImportRow).where(ImportRow.import_id.in_(whose.where(past))),
    ):
        session.execute(act.execution_options(synchronize_session=False))


def _seconds(number: int) -> Any:
    return func.make_interval(0, 0, 0, 0, 0, 0, number)


def _set_off(session: Session, file: ImportFile, state: ImportState, cursor: int) -> None:
    file.state, file.cursor, file.numbers, file.fault = state, cursor, {}, ""
    file.changed_at = func.clock_timestamp()
    session.flush()
    id_ = str(file.id)
    db.after_commit(session, lambda: jobs.ring(jobs.Job.IMPORT, id_))


def _locked(session: Session, file: ImportFile, states: Collection[ImportState]) -> None:
    session.refresh(file, with_for_update=True)
    if file.state not in states:
        raise NotNow


def _data(session: Session, file: ImportFile) -> bytes:
    query = select(ImportFile).where(ImportFile.id == file.id).options(undefer(ImportFile.data))
    data = session.scalars(query.execution_options(populate_existing=True)).one().data
    if data is None:
        raise NotNow
    return data


def sheet_of(session: Session, file: ImportFile) -> Sheet:
    """The whole sheet, read as it was shown. Raises NotNow when it is kept no more."""
    shown = file.preview
    return open_(_data(session, file), encoding=_named(shown["encoding"]), delimiter=shown["delimiter"])


def _named(encoding: str) -> str:
    # What was told from a mark is told from it again: the names with marks are none an officer chooses.
    return encoding if encoding in ENCODINGS else ""


def _preview(sheet: Sheet) -> dict[str, Any]:
    return {
        "kind": sheet.kind,
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "sheet": sheet.name,
        "others": sheet.others,
        "header": [cell[:LONGEST_SHOWN] for cell in sheet.header],
        "rows": [[number, [cell[:LONGEST_SHOWN] for cell in cells]] for number, cells in sheet.rows[:SHOWN]],
    }
