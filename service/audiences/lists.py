"""Lists: people put together by hand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import audit
from service.audiences.names import clean, rights_to_keep, used_by
from service.errors import NotFound, Refused
from service.models import Account, Journalist, ListMember, Outlet, PressList, Sender


class NameTaken(Refused):
    """Choose another name."""

    def __init__(self, name: str) -> None:
        super().__init__("There is a list “%(name)s” already; choose another name.", name=name)


class InUse(Refused):
    """Take it out of those releases first."""

    def __init__(self, headlines: Sequence[str]) -> None:
        super().__init__(
            "It is part of the audience of a release that has not left: “%(headline)s”. Take it out there first.",
            headline=headlines[0],
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """A list, and how many are on it."""

    list: PressList
    people: int


def make(session: Session, sender: Sender, name: str, *, by: Account) -> PressList:
    """A new list. Raises accounts.NotAllowed, names.BadName, NameTaken."""
    rights_to_keep(by, sender.id)
    wanted = clean(name)
    values = {"sender_id": sender.id, "name": wanted}
    found: PressList | None = session.scalar(
        insert(PressList).values(values).on_conflict_do_nothing().returning(PressList)
    )
    if found is None:
        raise NameTaken(wanted)
    audit.write(session, "list made", account=by, list=str(found.id))
    return found


def rename(session: Session, list_: PressList, name: str, *, by: Account) -> None:
    """Call it otherwise; what was approved keeps the name it had.

    Raises accounts.NotAllowed, names.BadName, NameTaken.
    """
    rights_to_keep(by, list_.sender_id)
    wanted = clean(name)
    taken = select(PressList.id).where(PressList.sender_id == list_.sender_id, PressList.name == wanted)
    if session.scalar(taken.where(PressList.id != list_.id)):
        raise NameTaken(wanted)
    list_.name = wanted
    audit.write(session, "list renamed", account=by, list=str(list_.id))
    session.flush()


def drop(session: Session, list_: PressList, *, by: Account) -> None:
    """The list goes, its people stay. Raises accounts.NotAllowed, InUse."""
    rights_to_keep(by, list_.sender_id)
    if headlines := used_by(session, list_.sender_id, list_.id):
        raise InUse(headlines)
    audit.write(session, "list dropped", account=by, list=str(list_.id))
    session.delete(list_)
    session.flush()


def put(session: Session, list_: PressList, journalists: Collection[UUID], *, by: Account) -> int:
    """Put these people of the same newsroom on it; how many were not yet. Raises accounts.NotAllowed, NotFound."""
    rights_to_keep(by, list_.sender_id)
    theirs = select(Journalist.id).where(
        Journalist.sender_id == list_.sender_id, Journalist.id.in_(journalists), Journalist.erased_at.is_(None)
    )
    known = session.scalars(theirs).all()
    if len(known) < len(set(journalists)):
        raise NotFound("There is no such journalist.")
    if not known:
        return 0
    rows = [{"list_id": list_.id, "journalist_id": id_} for id_ in known]
    added = session.scalars(
        insert(ListMember).values(rows).on_conflict_do_nothing().returning(ListMember.journalist_id)
    ).all()
    audit.write(session, "list extended", account=by, list=str(list_.id), people=len(added))
    return len(added)


def take_off(session: Session, list_: PressList, journalist: UUID, *, by: Account) -> None:
    """Take somebody off it; again changes nothing. Raises accounts.NotAllowed."""
    rights_to_keep(by, list_.sender_id)
    session.execute(
        delete(ListMember).where(ListMember.list_id == list_.id, ListMember.journalist_id == journalist),
        execution_options={"synchronize_session": False},
    )
    audit.write(session, "list shortened", account=by, list=str(list_.id), journalist=str(journalist))


def get(session: Session, id_: UUID, *, senders: Collection[UUID] | None = None) -> PressList:
    """The list. Raises NotFound, also when it belongs to none of `senders`."""
    found = session.get(PressList, id_)
    if found is None or (senders is not None and found.sender_id not in senders):
        raise NotFound("There is no such list.")
    return found


def all(session: Session, senders: Collection[UUID]) -> list[Listed]:  # noqa: A001 - lists.all is what it is
    """Every list of these newsrooms, by name."""
    people = select(func.count()).where(ListMember.list_id == PressList.id).scalar_subquery()
    query = select(PressList, people).where(PressList.sender_id.in_(senders)).order_by(PressList.name, PressList.id)
    return [Listed(list_, number) for list_, number in session.execute(query)]


def members(
    session: Session, list_: PressList, *, search: str = "", skip: int = 0, limit: int = 50
) -> list[tuple[Journalist, str]]:
    """One page of them by name, each with their outlet."""
    query = (
        select(Journalist, func.coalesce(Outlet.name, ""))
        .join(ListMember, ListMember.journalist_id == Journalist.id)
        .outerjoin(Outlet, Outlet.id == Journalist.outlet_id)
        .where(ListMember.list_id == list_.id, *_found_by(search))
        .order_by(Journalist.name, Journalist.id)
    )
    return [(person, outlet) for person, outlet in session.execute(query.offset(skip).limit(limit))]


def count(session: Session, list_: PressList, *, search: str = "") -> int:
    """How many `members` lists on all its pages."""
    query = select(func.count()).select_from(ListMember).join(Journalist).where(ListMember.list_id == list_.id)
    return session.scalar(query.where(*_found_by(search))) or 0


def _found_by(search: str) -> list[ColumnElement[bool]]:
    if not search:
        return []
    columns = (Journalist.name, Journalist.address)
    return [or_(*(column.icontains(search, autoescape=True) for column in columns))]
