"""Where a release stands with its approvers, and all that was said about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from service import audit
from service.models import Account, Approval, Decision, Release, Revision
from service.releases import Frozen, content_of

EDITS = frozenset(
    {
        *("release written", "release edited", "edition added", "edition dropped"),
        *("release arranged", "release readdressed", "notice written"),
    }
)
"""What the audit log calls work on a release."""
GIVEN = frozenset({"release approved", "release approved in an emergency"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word about the release: who asked or decided, when, about which version, and what they wrote."""

    decision: Decision
    by: str
    author: str
    at: datetime
    version: int
    digest: bytes
    note: str
    emergency: bool
    by_id: UUID


def history(session: Session, release: Release) -> list[Word]:
    """All of them, in order."""
    author = aliased(Account)
    query = (
        select(Approval, Account.name, author.name, Revision.number, Revision.digest)
        .join(Revision, Revision.id == Approval.revision_id)
        .join(Account, Account.id == Approval.decided_by)
        .join(author, author.id == Approval.written_by)
        .where(Revision.release_id == release.id)
        .order_by(Approval.id)
    )
    return [
        Word(
            decision=one.decision,
            by=by,
            author=wrote,
            at=one.created_at,
            version=number,
            digest=digest,
            note=one.note,
            emergency=one.emergency,
            by_id=one.decided_by,
        )
        for one, by, wrote, number, digest in session.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class Emergency:
    """An approval without the right to it: its two names, and the reason."""

    first: str
    by: str
    at: datetime
    note: str


def emergencies(said: Sequence[Word]) -> list[Emergency]:
    """Those of a release's history; the first name is who had asked for it."""
    found = []
    asked = ""
    for word in said:
        if word.decision is Decision.REQUESTED:
            asked = word.by
        elif word.emergency:
            found.append(Emergency(asked, word.by, word.at, word.note))
    return found


def standing(session: Session, release: Release) -> Word | None:
    """The last word about it; None when nobody has asked."""
    return next(reversed(history(session, release)), None)


def last_approved(session: Session, release: Release) -> Frozen | None:
    """The content that was approved last, voided since or not; what an approver has to read is what changed since."""
    query = (
        select(Revision)
        .join(Approval, Approval.revision_id == Revision.id)
        .where(Revision.release_id == release.id, Approval.decision == Decision.APPROVED)
        .order_by(Approval.id.desc())
        .limit(1)
    )
    found = session.scalar(query)
    return content_of(found) if found else None


def who_worked(session: Session, release: Release) -> frozenset[UUID]:
    """Who wrote or edited it since it was last approved, by the audit log: none of them approves it."""
    found = {release.written_by}
    for entry in audit.of(session, release):
        if entry.act in GIVEN:
            found = {release.written_by}
        elif entry.act in EDITS:
            found.add(entry.account_id)
    return frozenset(id_ for id_ in found if id_ is not None)
