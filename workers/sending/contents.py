"""What is sent: the letters of an approved revision, compiled once in each process and kept."""

from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from service import db
from service.links import Links
from service.mail.compose import Letter
from service.models import Revision
from service.releases.letters import letters

KEPT = 8
"""Revisions a process keeps compiled: more are rarely sent at once, and each may hold some megabytes."""


@dataclass(frozen=True, slots=True)
class Content:
    """A revision as a worker needs it: letters by language, its audience's topics and their names."""

    letters: dict[str, Letter]
    topics: list[UUID]
    topic_names: dict[UUID, str]


class Contents:
    """The compiled revisions of this process."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self._kept: OrderedDict[UUID, Content] = OrderedDict()

    async def of(self, session: AsyncConnection[TupleRow], revision_id: UUID) -> Content:
        """The content of a revision. Raises Tampered."""
        if revision_id not in self._kept:
            self._kept[revision_id] = await self._read(session, revision_id)
        self._kept.move_to_end(revision_id)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[revision_id]

    async def _read(self, session: AsyncConnection[TupleRow], revision_id: UUID) -> Content:
        with db.transaction() as reading:
            revision = reading.get_one(Revision, revision_id)
        names = await session.execute("SELECT id, name FROM topic WHERE id = ANY(%s)", (revision.topic_ids,))
        return Content(letters(revision, self._links), revision.topic_ids, dict(await names.fetchall()))
