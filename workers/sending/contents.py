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
from workers.sending.domains import Domain

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
        self._kept: OrderedDict[tuple[object, ...], Content] = OrderedDict()

    async def of(self, session: AsyncConnection[TupleRow], revision_id: UUID, domain: Domain) -> Content:
        """The content of a revision, to be signed with the domain's keys. Raises Tampered."""
        which = (revision_id, *domain.selectors)
        if which not in self._kept:
            self._kept[which] = await self._read(session, revision_id, domain)
        self._kept.move_to_end(which)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[which]

    async def _read(self, session: AsyncConnection[TupleRow], revision_id: UUID, domain: Domain) -> Content:
        with db.transaction() as reading:
            revision = reading.get_one(Revision, revision_id)
        names = await session.execute("SELECT id, name FROM topic WHERE id = ANY(%s)", (revision.topic_ids,))
        return Content(letters(revision, self._links, domain.keys), revision.topic_ids, dict(await names.fetchall()))
