"""Who did what to which thing. Entries are only ever added; the database refuses to change them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from service.models import Account, AuditEntry, Edition, Release, Right, Sender


@dataclass(frozen=True, slots=True)
class Which:
    """What the log is narrowed to; days are of UTC."""

    act: str = ""
    who: UUID | None = None
    about: UUID | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with the names of who and whom; without `who` it was the service itself, or an operator."""

    entry: AuditEntry
    who: str
    whom: str
    headline: str


def write(
    session: Session,
    act: str,
    *,
    account: Account | None = None,
    release: Release | None = None,
    release_id: UUID | None = None,
    **detail: Any,
) -> None:
    """Note an act in its own transaction's fate. `detail` is plain JSON: ids as text, never an address or a token."""
    entry = AuditEntry(
        act=act,
        account_id=account.id if account else None,
        release_id=release.id if release else release_id,
        detail=detail,
    )
    session.add(entry)


def of(session: Session, release: Release) -> list[AuditEntry]:
    """All that was done to a release, in the order it was done."""
    # Ids are UUIDv7: their order is that of time, also within one transaction, where `at` is the same.
    query = select(AuditEntry).where(AuditEntry.release_id == release.id).order_by(AuditEntry.id)
    return list(session.scalars(query))


def lines(session: Session, senders: Collection[UUID], which: Which, *, skip: int = 0, limit: int = 50) -> list[Line]:
    """What was done for these senders or by their people, newest first."""
    query = select(AuditEntry).where(*_conditions(senders, which)).order_by(AuditEntry.id.desc())
    found = list(session.scalars(query.offset(skip).limit(limit)))
    names, headlines = _names(session, found), _headlines(session, found)
    return [
        Line(
            entry,
            who=names.get(str(entry.account_id), ""),
            whom=names.get(str(entry.detail.get("to")), ""),
            headline=headlines.get(entry.release_id, "") if entry.release_id else "",
        )
        for entry in found
    ]


def count(session: Session, senders: Collection[UUID], which: Which) -> int:
    """How many they are."""
    return session.scalars(select(func.count()).select_from(AuditEntry).where(*_conditions(senders, which))).one()


def acts(session: Session, senders: Collection[UUID]) -> list[str]:
    """The kinds of act there are."""
    query = select(AuditEntry.act).where(*_conditions(senders, Which())).distinct().order_by(AuditEntry.act)
    return list(session.scalars(query))


def _conditions(senders: Collection[UUID], which: Which) -> list[ColumnElement[bool]]:
    found = [_of_senders(senders)]
    if which.act:
        found.append(AuditEntry.act == which.act)
    if which.who:
        found.append(or_(AuditEntry.account_id == which.who, AuditEntry.detail["to"].astext == str(which.who)))
    if which.about:
        found.append(AuditEntry.release_id == which.about)
    if which.since:
        found.append(AuditEntry.at >= _midnight(which.since))
    if which.until:
        found.append(AuditEntry.at < _midnight(which.until + timedelta(days=1)))
    return found


def _of_senders(senders: Collection[UUID]) -> ColumnElement[bool]:
    """Acts on their releases, acts that name them, and what their people did to nothing of anybody's."""
    slugs = select(Sender.slug).where(Sender.id.in_(senders))
    people = select(Right.account_id).where(Right.sender_id.in_(senders))
    names_no_sender = and_(AuditEntry.release_id.is_(None), AuditEntry.detail["sender"].astext.is_(None))
    return or_(
        AuditEntry.release_id.in_(select(Release.id).where(Release.sender_id.in_(senders))),
        AuditEntry.detail["sender"].astext.in_(slugs),
        and_(names_no_sender, AuditEntry.account_id.in_(people)),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _names(session: Session, found: list[AuditEntry]) -> dict[str, str]:
    ids = {entry.account_id for entry in found if entry.account_id}
    for entry in found:
        ids |= _uuid(entry.detail.get("to"))
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    return {str(id_): name for id_, name in rows}


def _uuid(value: object) -> set[UUID]:
    try:
        return {UUID(str(value))}
    except ValueError:
        return set()


def _headlines(session: Session, found: list[AuditEntry]) -> dict[UUID, str]:
    ids = {entry.release_id for entry in found if entry.release_id}
    query = select(Edition.release_id, Edition.headline).where(Edition.release_id.in_(ids), Edition.position == 0)
    return {row.release_id: row.headline for row in session.execute(query)}
