"""The contract of a witness: what remembers, outside the database, how far it had come."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from service.installation.clocks import Reading


class Unheard(Exception):
    """This witness cannot be reached now; another may."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a witness remembers. `copied`: it is itself the copy of one, put where it now is by somebody."""

    beat: int = 0
    reading: Reading | None = None
    copied: bool = False


class Witness(Protocol):
    """Remembers for an installation by its id, which every copy of the database has in common."""

    @property
    def name(self) -> str: ...

    def clock(self) -> tuple[str, float]:
        """The name of a clock beside the database's, and what it says in seconds. Raises Unheard."""
        ...

    def recall(self, id_: UUID) -> Memory:
        """What it remembers; an empty Memory when it is new or has lost it. Raises Unheard."""
        ...

    def keep(self, id_: UUID, beat: int, reading: Reading) -> None:
        """Remember the reading, and the beat unless it knows a higher one. Raises Unheard."""
        ...
