"""Undoing an import: what it added and nobody has used since goes again; the rest stays, and is counted."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from service import audit
from service.errors import Refused
from service.models import Account, ImportFile, ImportState


@dataclass(frozen=True, slots=True)
class Undone:
    """What went, and how many of the people it had added stay as they were used since."""

    people: int
    subscriptions: int
    stay: int


class NothingToUndo(Refused):
    """There is nothing left to take back."""

    def __init__(self) -> None:
        super().__init__("This import is undone already, was never made, or is too long ago to undo.")


BATCH = 10_000
"""People removed by one statement: each is looked for in every table that could name them."""
# Used is who was written to, has a say of their own, or was worked on by somebody.
_USED = """
    EXISTS (SELECT FROM delivery d WHERE d.journalist_id = j.id)
    OR EXISTS (SELECT FROM journalist_note n WHERE n.journalist_id = j.id)
    OR EXISTS (SELECT FROM journalist_merge m WHERE j.id IN (m.kept_id, m.gone_id))
    OR EXISTS (SELECT FROM address_change c WHERE c.journalist_id = j.id)
    OR EXISTS (SELECT FROM list_member l WHERE l.journalist_id = j.id)
    OR EXISTS (SELECT FROM accreditation a WHERE a.journalist_id = j.id)
    OR j.do_not_contact OR j.erased_at IS NOT NULL OR j.merged_into IS NOT NULL
"""
_MAILED = """EXISTS (SELECT FROM delivery d WHERE d.journalist_id = s.journalist_id AND d.topic_id = s.topic_id)"""
BEGUN = f"""
    FROM subscription s JOIN import_row r ON r.import_id = :file AND r.journalist_id = s.journalist_id
    WHERE s.state = 'confirmed' AND s.proof ->> 'import' = :name AND NOT {_MAILED}
"""
ADDED = f"""
    FROM import_row r JOIN journalist j ON j.id = r.journalist_id
    WHERE r.import_id = :file AND r.verdict = 'new' AND NOT ({_USED})
      AND NOT EXISTS (SELECT FROM subscription s WHERE s.journalist_id = j.id
                      AND (s.state <> 'confirmed' OR s.proof ->> 'import' IS DISTINCT FROM :name))
"""  # noqa: S608 - put together from constants
ALL = text("SELECT count(*) FROM import_row WHERE import_id = :file AND verdict = 'new' AND journalist_id IS NOT NULL")
COUNT = text(f"SELECT (SELECT count(*) {ADDED}) AS people, (SELECT count(*) {BEGUN}) AS subscriptions")
REMOVE_PEOPLE = text(f"DELETE FROM journalist WHERE id IN (SELECT j.id {ADDED} LIMIT {BATCH})")  # noqa: S608
REMOVE_SUBSCRIPTIONS = text(f"""
    DELETE FROM subscription WHERE (journalist_id, topic_id) IN (SELECT s.journalist_id, s.topic_id {BEGUN})
""")  # noqa: S608 - put together from constants


def undoable(session: Session, file: ImportFile) -> Undone:
    """What undoing it now would do. Raises NothingToUndo."""
    if file.state is not ImportState.DONE:
        raise NothingToUndo
    values = {"file": file.id, "name": str(file.id)}
    found = session.execute(COUNT, values).one()
    added = session.scalars(ALL, values).one()
    return Undone(found.people, found.subscriptions, added - found.people)


def undo(session: Session, file: ImportFile, *, by: Account | None) -> Undone:
    """Take back what the import added and nothing has used since; known people's changed entries stay changed.

    Raises NothingToUndo.
    """
    session.refresh(file, with_for_update=True)
    told = undoable(session, file)
    values = {"file": file.id, "name": str(file.id)}
    for _ in range(0, told.people, BATCH):
        session.execute(REMOVE_PEOPLE, values)
    session.execute(REMOVE_SUBSCRIPTIONS, values)
    file.state = ImportState.UNDONE
    session.flush()
    session.expire_all()
    audit.write(
        session, "import undone", account=by, file=file.digest, people=told.people, subscriptions=told.subscriptions
    )
    return told
