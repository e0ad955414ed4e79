"""What officers write about a person, and who is not to be contacted, with the reason.

Not to be contacted is a person's wish or our decision about her, whatever her address; a suppression is about an
address. Planning and the gate of the ledger ask for both, so either keeps a mail back that is queued already.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import audit
from service.errors import Refused
from service.manuscripts.characters import clean_text
from service.models import Account, Journalist, JournalistNote, NoteKind

LONGEST = 2_000


class NoWords(Refused):
    """Write a few words."""

    def __init__(self) -> None:
        super().__init__("Write it in 1 to %(most)s characters.", most=LONGEST)


@dataclass(frozen=True, slots=True)
class Said:
    """One line about a person, and who wrote it."""

    note: JournalistNote
    who: str


def of(session: Session, journalist: Journalist) -> list[Said]:
    """All lines, the newest first."""
    query = (
        select(JournalistNote, Account.name)
        .outerjoin(Account, Account.id == JournalistNote.account_id)
        .where(JournalistNote.journalist_id == journalist.id)
        .order_by(JournalistNote.id.desc())
    )
    return [Said(note, who or "") for note, who in session.execute(query)]


def write(
    session: Session, journalist: Journalist, words: str, *, kind: NoteKind = NoteKind.NOTE, by: Account | None
) -> JournalistNote:
    """Keep a note, which is forgotten when the person is erased. Raises NoWords."""
    clean = clean_text(words).strip()
    if not 0 < len(clean) <= LONGEST:
        raise NoWords
    note = JournalistNote(journalist_id=journalist.id, account_id=by.id if by else None, kind=kind, words=clean)
    session.add(note)
    session.flush()
    return note


def keep_away(session: Session, journalist: Journalist, why: str, *, by: Account | None) -> None:
    """Contact this person no more, until somebody lets them back or they subscribe themselves. Raises NoWords."""
    session.refresh(journalist, with_for_update=True)
    if journalist.do_not_contact:
        return
    write(session, journalist, why, kind=NoteKind.KEPT_AWAY, by=by)
    journalist.do_not_contact = True
    audit.write(session, "journalist not to be contacted", account=by, journalist=str(journalist.id))


def let_back(session: Session, journalist: Journalist, why: str, *, by: Account | None) -> None:
    """Contact this person again; what they unsubscribed from stays so. Raises NoWords."""
    session.refresh(journalist, with_for_update=True)
    if not journalist.do_not_contact or journalist.erased_at:
        return
    write(session, journalist, why, kind=NoteKind.LET_BACK, by=by)
    journalist.do_not_contact = False
    audit.write(session, "journalist contacted again", account=by, journalist=str(journalist.id))
