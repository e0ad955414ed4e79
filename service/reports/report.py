"""The delivery report of a release, as values."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.models import DeliveryState, ReleaseState
from service.tracking import Engagement


@dataclass(frozen=True, slots=True)
class Count:
    """How many people stand at something, in words, and which part of all they are (0 to 1)."""

    state: str
    label: str
    number: int
    share: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a breakdown; the five columns add up to the total (words.COLUMNS)."""

    name: str
    total: int
    accepted: int
    waiting: int
    failed: int
    bounced: int
    excluded: int


@dataclass(frozen=True, slots=True)
class Failure:
    """What failed or bounced for one reason, with an example of the mail server's own words, verbatim."""

    state: DeliveryState
    reason: str
    number: int
    example: str


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """All that became of a release at one instant. Rates in messages a second, times in UTC.

    `rows` is the number of people planned for; `candidates` what was counted when they were. `settled` are those taken
    as accepted by later evidence or by a person, `maybe_twice` those sent to a second time because nobody could know.
    `engagement` is what those who agreed to be counted did; None where nobody is asked.
    """

    release_id: UUID
    headline: str
    state: ReleaseState
    send_at: datetime | None
    embargo: datetime | None
    candidates: int
    rows: int
    totals: tuple[Count, ...]
    excluded: tuple[Count, ...]
    by_topic: tuple[Row, ...]
    by_outlet: tuple[Row, ...]
    by_country: tuple[Row, ...]
    by_language: tuple[Row, ...]
    by_domain: tuple[Row, ...]
    failures: tuple[Failure, ...]
    events: tuple[Count, ...]
    attempts: int
    uncertain: int
    settled: int
    maybe_twice: int
    first_at: datetime | None
    last_at: datetime | None
    messages_per_second: float | None
    imbalance: str
    engagement: Engagement | None = None

    @property
    def balanced(self) -> bool:
        """Whether the books balance; `imbalance` says why not."""
        return not self.imbalance

    @property
    def breakdowns(self) -> dict[str, tuple[Row, ...]]:
        """The breakdowns by name."""
        return {
            "topic": self.by_topic,
            "outlet": self.by_outlet,
            "country": self.by_country,
            "language": self.by_language,
            "domain": self.by_domain,
        }

    def number(self, state: DeliveryState) -> int:
        """How many people stand at a state."""
        return next(count.number for count in self.totals if count.state == state.value)
