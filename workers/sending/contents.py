"""What is sent: the letters of an approved revision, compiled once in each process and kept."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from service import db
from service import tracking as counting
from service.links import Links
from service.mail.compose import Letter
from service.mail.tracked import TrackedLetter
from service.models import Revision
from service.releases import singular
from service.releases.letters import letters, tracked_letters
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

    `tracked` are those for who agreed to be counted; empty where the newsroom counts nobody. `singular` is what single
    deliveries of the chunk in hand have besides.
    """

    letters: Mapping[str, Letter]
    tracked: Mapping[str, Letter]
    topics: list[UUID]
    topic_names: dict[UUID, str]
    pitches: tuple[FrozenPitch, ...] = ()
    singular: Singular = NOTHING


class Contents:
    """The compiled revisions of this process."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self._kept: OrderedDict[tuple[object, ...], Content] = OrderedDict()

    async def of(
        self, session: AsyncConnection[TupleRow], revision_id: UUID, domain: Domain, *, tracking: bool
    ) -> Content:
        """The content of a revision, to be signed with the domain's keys. Raises Tampered."""
        which = (revision_id, tracking, *domain.selectors)
        if which not in self._kept:
            self._kept[which] = await self._read(session, revision_id, domain, tracking=tracking)
        self._kept.move_to_end(which)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[which]

    async def for_chunk(self, session: AsyncConnection[TupleRow], chunk: Chunk, domain: Domain) -> Content:
        """The same with what single people of a chunk have besides. Raises Tampered."""
        content = await self.of(session, chunk.revision_id, domain, tracking=chunk.tracking)
        chain = [row[0] for row in await _asked(session, singular.CHAIN, {"release": chunk.release_id})]
        if not chain and not content.pitches:
            return content
        earlier = await _asked(session, singular.EARLIER, {**chunk.range(), "chain": chain})
        said = await _asked(session, singular.NOTES, chunk.range())
        found = singular.read(map(Earlier._make, earlier), map(Said._make, said), content.pitches)
        return replace(content, singular=found)

    async def _read(
        self, session: AsyncConnection[TupleRow], revision_id: UUID, domain: Domain, *, tracking: bool
    ) -> Content:
        with db.transaction() as reading:
            revision = reading.get_one(Revision, revision_id)
        tracked = self._tracked(revision, domain) if tracking else {}
        names = await session.execute("SELECT id, name FROM topic WHERE id = ANY(%s)", (revision.topic_ids,))
        usual, pitches = letters(revision, self._links, domain.keys), content_of(revision).pitches
        return Content(usual, tracked, revision.topic_ids, dict(await names.fetchall()), pitches)

    def _tracked(self, revision: Revision, domain: Domain) -> dict[str, TrackedLetter]:
        """The letters of who agreed; where their links lead is kept before the first of them leaves."""
        found = tracked_letters(revision, self._links, domain.keys)
        with db.transaction() as keeping:
            for letter in found.values():
                counting.keep(keeping, revision.release_id, letter.targets)
        return found


async def _asked(session: AsyncConnection[TupleRow], statement: str, values: dict[str, object]) -> list[TupleRow]:
    return await (await session.execute(statement, values)).fetchall()
