"""How a person wants to be written to: in which languages, how often, from when on; and when their digest is made."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.errors import Refused
from service.models import Frequency, Journalist

LANGUAGES = ("en", "kk", "ru", "ar", "de", "es", "fr", "tr", "zh")
"""The languages a person can choose between; a release need not have them."""
MORNING = time(8)
"""When a digest comes, by the clock of its reader."""
MONDAY = 0


class UnknownZone(Refused):
    """Choose a time zone from the list."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name[:60]!a} is no time zone. Choose one from the list.")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose; until `paused_until` only notices come."""

    language: str
    also_reads: tuple[str, ...]
    frequency: Frequency
    zone: str
    paused_until: datetime | None = None


def choose(session: Session, journalist: Journalist, choice: Choice) -> None:
    """Keep the choice. What was left for a digest still comes in one, also to who now wants all at once.

    Raises UnknownZone.
    """
    if choice.zone not in zones():
        raise UnknownZone(choice.zone)
    changed = (journalist.frequency, journalist.zone) != (choice.frequency, choice.zone)
    owed = journalist.digest_due_at is not None or choice.frequency is not Frequency.AT_ONCE
    journalist.language = choice.language
    journalist.also_reads = [language for language in choice.also_reads if language != choice.language]
    journalist.frequency = choice.frequency
    journalist.zone = choice.zone
    journalist.paused_until = choice.paused_until
    if owed and (changed or journalist.digest_due_at is None):
        now = session.scalars(select(func.clock_timestamp())).one()
        journalist.digest_due_at = next_morning(choice.zone, choice.frequency, now)
    session.flush()


def next_morning(zone: str, frequency: Frequency, after: datetime) -> datetime:
    """The next time it is 8:00 there, on a Monday for the weekly ones; by UTC where the zone is none."""
    clock = _clock(zone)
    local = after.astimezone(clock)
    day = local.date()
    if _at(MORNING, day, clock) <= after:
        day += timedelta(days=1)
    if frequency is Frequency.WEEKLY:
        day += timedelta(days=(MONDAY - day.weekday()) % 7)
    return _at(MORNING, day, clock).astimezone(UTC)


def turns(session: Session, sender_id: UUID, at: time, begin: datetime) -> dict[str, datetime]:
    """For each time zone of a newsroom's journalists the first moment from `begin` on when it is so late there."""
    query = select(Journalist.zone).where(Journalist.sender_id == sender_id).distinct()
    return {zone: next_time(zone, at, begin) for zone in session.scalars(query)}


def next_time(zone: str, at: time, begin: datetime) -> datetime:
    """The first moment from `begin` on when it is so late there; by UTC where the zone is none."""
    clock = _clock(zone)
    first = begin.astimezone(clock).date()
    days = (first + timedelta(days=number) for number in range(3))
    return next(moment for day in days if (moment := _at(at, day, clock).astimezone(UTC)) >= begin)


def _clock(zone: str) -> tzinfo:
    return ZoneInfo(zone) if zone in zones() else UTC


def _at(at: time, day: date, clock: tzinfo) -> datetime:
    # Wall clock and zone together: on the days clocks change it is so late still, an hour nearer or further.
    return datetime.combine(day, at, clock)


@cache
def zones() -> frozenset[str]:
    """Every time zone this machine knows by name."""
    return frozenset(available_timezones())
