"""Choosing an audience: what is named must be the newsroom's own, and stages must come one after the other."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.audiences import conditions
from service.audiences.audience import Audience, Part, Stage, read
from service.audiences.conditions import Conditions
from service.errors import NotFound, Refused
from service.models import Base, Journalist, Outlet, PressList, Release, Segment, Topic

LATEST = 7 * 24 * 60
"""Minutes after the first wave."""


class BadStages(Refused):
    """Stages that cannot follow each other; the message says what can."""


def of(session: Session, release: Release) -> Audience:
    """The audience of a release as it is now: its lists and segments by their present names and conditions."""
    kept = read(release.audience)
    return Audience(
        lists=_parts(session, kept.lists),
        segments=_segments(session, kept.segments),
        within=kept.within,
        without=kept.without,
        stages=kept.stages,
    )


def _parts(session: Session, parts: Sequence[Part]) -> tuple[Part, ...]:
    if not parts:
        return ()
    query = select(PressList).where(PressList.id.in_([part.id for part in parts]))
    found = {one.id: Part(one.id, one.name) for one in session.scalars(query)}
    return tuple(found.get(part.id, part) for part in parts)


def _segments(session: Session, parts: Sequence[Part]) -> tuple[Part, ...]:
    if not parts:
        return ()
    query = select(Segment).where(Segment.id.in_([part.id for part in parts]))
    found = {one.id: Part(one.id, one.name, conditions.read(one.conditions)) for one in session.scalars(query)}
    return tuple(found.get(part.id, part) for part in parts)


def check(session: Session, sender_id: UUID, audience: Audience) -> None:
    """Raises NotFound for what is not this newsroom's, BadStages."""
    _check_ours(session, sender_id, PressList, [part.id for part in audience.lists], "There is no such list.")
    _check_ours(session, sender_id, Segment, [part.id for part in audience.segments], "There is no such segment.")
    for one in (audience.within, audience.without, *(stage.conditions for stage in audience.stages)):
        check_conditions(session, sender_id, one)
    _check_stages(audience.stages)


def check_conditions(session: Session, sender_id: UUID, given: Conditions) -> None:
    """Raises NotFound for what is not this newsroom's."""
    _check_ours(session, sender_id, PressList, given.lists, "There is no such list.")
    _check_ours(session, sender_id, Outlet, given.outlets, "There is no such outlet.")
    _check_ours(session, sender_id, Topic, given.topics, "There is no such topic.")
    _check_ours(session, sender_id, Journalist, given.persons, "There is no such journalist.")


def _check_ours(session: Session, sender_id: UUID, noun: type[Base], ids: Sequence[UUID], words: str) -> None:
    if not ids:
        return
    columns: Any = noun
    query = select(func.count(columns.id)).where(columns.id.in_(ids), columns.sender_id == sender_id)
    if session.scalar(query) != len(set(ids)):
        raise NotFound(words)


def _check_stages(stages: Sequence[Stage]) -> None:
    if not stages:
        return
    if stages[0].after_minutes != 0:
        raise BadStages("The first wave leaves at the release's time.")
    if stages[-1].conditions:
        raise BadStages("The last wave is everybody who is left: it takes no condition.")
    if any(not stage.conditions for stage in stages[:-1]):
        raise BadStages("Say who is in each wave before the last; one without a condition would take everybody.")
    for before, after in pairwise(stages):
        _check_order(before, after)


def _check_order(before: Stage, after: Stage) -> None:
    if after.after_minutes is None:
        return
    if before.after_minutes is None:
        raise BadStages("After a wave that you start by hand, the next ones are started by hand as well.")
    if not before.after_minutes < after.after_minutes <= LATEST:
        raise BadStages("Each wave leaves later than the one before it, and within seven days of the first.")
