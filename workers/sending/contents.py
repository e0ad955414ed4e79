"""What is sent: the letters of an approved revision, compiled once in each process and kept."""

from collections import OrderedDict
from dataclasses import dataclass, replace
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from service import db
from service.links import Links
from service.mail.compose import Letter
from service.models import Revision
from service.releases import singular
from service.releases.letters import letters
from service.releases.revisions import FrozenPitch, content_of
from service.releases.singular import Earlier, Said, Singular
from workers.sending.chunks import Chunk
from workers.sending.domains import Domain

NOTHING = Singular()
KEPT = 8
"""Revisions a process keeps compiled: more are rarely sent at once, and each may hold some megabytes."""


@dataclass(frozen=True, slots=True)
class Content:
    """A revision as a worker needs it: letters by language, its audience's topics and their names, approved notes.

    `singular` is what single deliveries of the chunk in hand have besides.
    """

    letters: dict[str, Letter]
    topics: list[UUID]
    topic_names: dict[UUID, str]
    pitches: tuple[FrozenPitch, ...] = ()
    singular: Singular = NOTHING


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

    async def for_chunk(self, session: AsyncConnection[TupleRow], chunk: Chunk, domain: Domain) -> Content:
        """The same with what single people of a chunk have besides. Raises Tampered."""
        content = await self.of(session, chunk.revision_id, domain)
        chain = [row[0] for row in await _asked(session, singular.CHAIN, {"release": chunk.release_id})]
        if not chain and not content.pitches:
            return content
        earlier = await _asked(session, singular.EARLIER, {**chunk.range(), "chain": chain})
        said = await _asked(session, singular.NOTES, chunk.range())
        found = singular.read(map(Earlier._make, earlier), map(Said._make, said), content.pitches)
        return replace(content, singular=found)

    async def _read(self, session: AsyncConnection[TupleRow], revision_id: UUID, domain: Domain) -> Content:
        with db.transaction() as reading:
            revision = reading.get_one(Revision, revision_id)
        names = await session.execute("SELECT id, name FROM topic WHERE id = ANY(%s)", (revision.topic_ids,))
        made, pitches = letters(revision, self._links, domain.keys), content_of(revision).pitches
        return Content(made, revision.topic_ids, dict(await names.fetchall()), pitches)


async def _asked(session: AsyncConnection[TupleRow], statement: str, values: dict[str, object]) -> list[TupleRow]:
    return await (await session.execute(statement, values)).fetchall()
