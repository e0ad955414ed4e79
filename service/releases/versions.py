"""The versions of a release that were kept, and what changed from one to the next."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import audiences
from service.errors import NotFound
from service.models import Account, Approval, Decision, Release, Revision
from service.releases.revisions import Frozen, FrozenEdition, content_of

WORDS = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)
MOST_WORDS = 20_000
"""Of both texts together; more are shown as one text in place of the other: finding the least change is quadratic."""


class Change(StrEnum):
    """What happened to a piece of text."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and what happened to them."""

    change: Change
    words: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one edition that changed; `language` is "" for what all editions share."""

    language: str
    field: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One version that was kept, by whom and when, and whether it is or was approved."""

    id: UUID
    number: int
    at: datetime
    by: str
    approved: bool


def versions(session: Session, release: Release) -> list[Version]:
    """All that were kept, newest first."""
    approved = select(Approval.id).where(Approval.revision_id == Revision.id, Approval.decision == Decision.APPROVED)
    query = (
        select(Revision.id, Revision.number, Revision.created_at, Account.name, approved.exists())
        .outerjoin(Account, Account.id == Revision.written_by)
        .where(Revision.release_id == release.id)
        .order_by(Revision.number.desc())
    )
    return [Version(id_, number, at, by or "", was) for id_, number, at, by, was in session.execute(query)]


def version(session: Session, release: Release, number: int) -> Frozen:
    """The content of one of them. Raises NotFound, revisions.Tampered."""
    query = select(Revision).where(Revision.release_id == release.id, Revision.number == number)
    found = session.scalar(query)
    if found is None:
        raise NotFound("This release has no such version.")
    return content_of(found)


def differences(before: Frozen, after: Frozen) -> tuple[Difference, ...]:
    """What changed, field by field, in the order of the editions."""
    return tuple(one for one in (*_shared(before, after), *_editions(before, after)) if _is_change(one))


def _editions(before: Frozen, after: Frozen) -> Iterator[Difference]:
    old = {edition.language: edition for edition in before.editions}
    new = {edition.language: edition for edition in after.editions}
    for language in dict.fromkeys((*new, *old)):
        for name in (field.name for field in fields(FrozenEdition) if field.name != "language"):
            yield Difference(language, name, pieces(_words(old.get(language), name), _words(new.get(language), name)))


def _shared(before: Frozen, after: Frozen) -> Iterator[Difference]:
    for name, of in SHARED.items():
        yield Difference("", name, _items(of(before), of(after)))


def _items(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[Piece, ...]:
    """What stayed and what came, in the new order, then what went."""
    now = [Piece(Change.KEPT if item in before else Change.ADDED, item) for item in after]
    return (*now, *(Piece(Change.REMOVED, item) for item in before if item not in after))


def _is_change(difference: Difference) -> bool:
    return any(piece.change is not Change.KEPT for piece in difference.pieces)


def _words(edition: FrozenEdition | None, name: str) -> str:
    value = getattr(edition, name) if edition else ""
    return str(value) if value else ""


def _contacts(frozen: Frozen) -> tuple[str, ...]:
    return tuple(
        ", ".join(filter(None, (one.name, one.role, one.organisation, one.phone, one.email))) for one in frozen.contacts
    )


def _topics(frozen: Frozen) -> tuple[str, ...]:
    return tuple(str(topic) for topic in frozen.topics)


def _audience(frozen: Frozen) -> tuple[str, ...]:
    return audiences.lines(frozen.audience)


def _embargo(frozen: Frozen) -> tuple[str, ...]:
    return (f"{frozen.embargo:%Y-%m-%d %H:%M} UTC",) if frozen.embargo else ()


def _sender(frozen: Frozen) -> tuple[str, ...]:
    return (f"{frozen.sender.name} <{frozen.sender.address}>",)


SHARED: Mapping[str, Callable[[Frozen], tuple[str, ...]]] = {
    "contacts": _contacts,
    "topics": _topics,
    "audience": _audience,
    "embargo": _embargo,
    "sender": _sender,
}


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """One text beside another, word by word."""
    if before == after:
        return (Piece(Change.KEPT, after),) if after else ()
    old, new = WORDS.findall(before), WORDS.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        return tuple(_of(Change.REMOVED, before) + _of(Change.ADDED, after))
    found: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += _of(Change.KEPT, "".join(new[k:m]))
        else:
            found += _of(Change.REMOVED, "".join(old[i:j])) + _of(Change.ADDED, "".join(new[k:m]))
    return tuple(found)


def _of(change: Change, words: str) -> list[Piece]:
    return [Piece(change, words)] if words else []
