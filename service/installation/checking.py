"""The check: is this the database we knew, as far as we knew it, and did its clock go as fast as time?"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select

from service import db
from service.installation import clocks, keeping
from service.installation.clocks import Reading
from service.installation.fingerprint import difference, fingerprint
from service.installation.witness import Memory, Witness
from service.installation.witnesses import ask, witnesses
from service.models import Installation


@dataclass(frozen=True, slots=True)
class Checked:
    """The database's time, to which no jump led that was not noticed; and whether nothing may leave now."""

    at: datetime
    held: bool


def check() -> Checked:
    """Look whether this database was put back or its clock jumped, hold everything if so, and remember this beat.

    What may leave now is judged by `at`: a clock that jumps after the check has no say. Raises Unwitnessed.
    """
    with witnesses() as found:
        with db.transaction() as session:
            id_ = keeping.known(session).id
        # Recalled before the row is locked: what a witness knows by then is at most what the database knows.
        memories = ask(found, lambda witness: witness.recall(id_))
        readings = ask(list(memories), _read)
        with db.transaction() as session:
            installation = keeping.known(session)
            reason = _doubt(installation, fingerprint(session), memories, readings)
            if reason:
                # As high as anybody remembers, so that what was found once is not found again.
                installation.beat = max(installation.beat, *(memory.beat for memory in memories.values()))
                keeping.hold(session, installation, reason)
            held = installation.held_at is not None
            if not held:
                _beat(installation, readings)
            beat = installation.beat
        _remember(list(readings), id_, beat, readings)
    return Checked(_moment(readings), held)


def _read(witness: Witness) -> Reading:
    began = clocks.uptime()
    of, other = witness.clock()
    with db.transaction() as session:
        said = session.scalars(select(func.clock_timestamp())).one()
    return Reading(said.timestamp(), other, of, blur=clocks.uptime() - began)


def _doubt(
    installation: Installation, where: str, memories: dict[Witness, Memory], readings: dict[Witness, Reading]
) -> str:
    """What speaks against sending from this database, in words; empty when nothing does."""
    if moved := difference(installation.fingerprint, where):
        return f"This is not the database as it was: {moved}."
    return _older(installation.beat, memories) or _jumped(memories, readings)


def _older(beat: int, memories: dict[Witness, Memory]) -> str:
    if any(memory.beat > beat for memory in memories.values()):
        return "This database is older than it was: an earlier state of it was put back in its place."
    if any(memory.copied for memory in memories.values()):
        return "The data directory was put back from a copy, or was moved: its database may be an old one."
    return ""


def _jumped(memories: dict[Witness, Memory], readings: dict[Witness, Reading]) -> str:
    """By the first witness that can tell: a clock that nobody sets stands before one that may itself be wrong."""
    for witness, reading in readings.items():
        then = memories[witness].reading
        if then is None:
            continue
        seconds = clocks.jump(then, reading)
        if seconds:
            way = "forward" if seconds > 0 else "back"
            return f"The database's clock jumped {clocks.span(seconds)} {way}: what is due by it may not be due at all."
        if then.of == reading.of:
            return ""
    return ""


def _beat(installation: Installation, readings: dict[Witness, Reading]) -> None:
    installation.beat += 1
    installation.beat_at = _moment(readings)


def _remember(found: list[Witness], id_: UUID, beat: int, readings: dict[Witness, Reading]) -> None:
    ask(found, lambda witness: witness.keep(id_, beat, readings[witness]))


def _moment(readings: dict[Witness, Reading]) -> datetime:
    return datetime.fromtimestamp(min(reading.database for reading in readings.values()), UTC)
