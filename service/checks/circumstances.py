"""What a release is held against besides itself: the hour, its audience, its press kit, its links, its weight."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from service.models import Trial


@dataclass(frozen=True, slots=True)
class KitFile:
    """A file of the press kit, without its content."""

    name: str
    size: int
    is_picture: bool
    alt: str
    credit: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """As they are at this moment. `elsewhere`: by language, the readers who would get an edition they did not ask for.

    `weights` are the octets of the page in each edition's mail; `trials` what its links answered when last tried.
    """

    now: datetime
    send_at: datetime | None = None
    zone: str = "UTC"
    reach: int | None = None
    elsewhere: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    kit: tuple[KitFile, ...] = ()
    trials: Mapping[str, Trial] = field(default_factory=dict)
    weights: Mapping[str, int] = field(default_factory=dict)
