"""Newspapers, agencies, stations and sites."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ARRAY, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.manuscripts.characters import clean_line
from service.models import Outlet, Sender


def named(session: Session, sender: Sender, names: Iterable[str]) -> dict[str, UUID]:
    """The id of the outlet behind each name as it was given, made where there is none; empty names are left out."""
    clean = {name: found for name in names if (found := clean_line(name))}
    # Sorted, so that two imports at once wait for each other instead of dying in a deadlock.
    wanted = cast(sorted(set(clean.values())), ARRAY(Text))
    new = select(literal(sender.id), func.unnest(wanted))
    session.execute(insert(Outlet).from_select([Outlet.sender_id, Outlet.name], new).on_conflict_do_nothing())
    known = select(Outlet.name, Outlet.id).where(Outlet.sender_id == sender.id, Outlet.name == func.any(wanted))
    ids = dict(session.execute(known).all())
    return {name: ids[found] for name, found in clean.items()}


def names(session: Session, sender: Sender) -> dict[UUID, str]:
    """The name of every outlet of the sender, by id."""
    return dict(session.execute(select(Outlet.id, Outlet.name).where(Outlet.sender_id == sender.id)).all())
