"""Segments: conditions kept under a name."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import audit
from service.audiences import conditions as conditions_
from service.audiences.conditions import Conditions
from service.audiences.lists import InUse
from service.audiences.names import clean, rights_to_keep, used_by
from service.errors import NotFound, Refused
from service.models import Account, Segment, Sender


class NameTaken(Refused):
    """Choose another name."""

    def __init__(self, name: str) -> None:
        super().__init__("There is a segment “%(name)s” already; choose another name.", name=name)


class NoCondition(Refused):
    """Choose at least one condition."""

    def __init__(self) -> None:
        super().__init__("Choose at least one condition: without any, it would be everybody.")


def make(session: Session, sender: Sender, name: str, conditions: Conditions, *, by: Account) -> Segment:
    """A new segment. Raises accounts.NotAllowed, names.BadName, NameTaken, NoCondition."""
    rights_to_keep(by, sender.id)
    values = {"sender_id": sender.id, "name": clean(name), "conditions": _checked(conditions)}
    found: Segment | None = session.scalar(insert(Segment).values(values).on_conflict_do_nothing().returning(Segment))
    if found is None:
        raise NameTaken(clean(name))
    audit.write(session, "segment made", account=by, segment=str(found.id))
    return found


def change(session: Session, segment: Segment, name: str, conditions: Conditions, *, by: Account) -> None:
    """Name and conditions anew; what was approved keeps those it had.

    Raises accounts.NotAllowed, names.BadName, NameTaken, NoCondition.
    """
    rights_to_keep(by, segment.sender_id)
    wanted, checked = clean(name), _checked(conditions)
    taken = select(Segment.id).where(Segment.sender_id == segment.sender_id, Segment.name == wanted)
    if session.scalar(taken.where(Segment.id != segment.id)):
        raise NameTaken(wanted)
    segment.name, segment.conditions, segment.changed_at = wanted, checked, func.now()
    audit.write(session, "segment changed", account=by, segment=str(segment.id))
    session.flush()


def _checked(conditions: Conditions) -> dict[str, object]:
    if not conditions:
        raise NoCondition
    return conditions_.plain(conditions)


def drop(session: Session, segment: Segment, *, by: Account) -> None:
    """The conditions go; nobody else does. Raises accounts.NotAllowed, InUse."""
    rights_to_keep(by, segment.sender_id)
    if headlines := used_by(session, segment.sender_id, segment.id):
        raise InUse(headlines)
    audit.write(session, "segment dropped", account=by, segment=str(segment.id))
    session.delete(segment)
    session.flush()


def get(session: Session, id_: UUID, *, senders: Collection[UUID] | None = None) -> Segment:
    """The segment. Raises NotFound, also when it belongs to none of `senders`."""
    found = session.get(Segment, id_)
    if found is None or (senders is not None and found.sender_id not in senders):
        raise NotFound("There is no such segment.")
    return found


def all(session: Session, senders: Collection[UUID]) -> list[Segment]:  # noqa: A001 - segments.all is what it is
    """Every segment of these newsrooms, by name."""
    query = select(Segment).where(Segment.sender_id.in_(senders)).order_by(Segment.name, Segment.id)
    return list(session.scalars(query))


def people(session: Session, segment: Segment) -> int:
    """For how many journalists of the newsroom its conditions hold now, erased ones left out."""
    clauses, values = conditions_.clauses(conditions_.read(segment.conditions), "")
    where = " AND ".join(("j.sender_id = :sender", "j.erased_at IS NULL", *clauses.values()))
    query = text(f"SELECT count(*) FROM journalist j WHERE {where}")  # noqa: S608 - put together from constants
    return session.scalar(query, {"sender": segment.sender_id, **values}) or 0
