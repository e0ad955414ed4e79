"""A local time and its zone as one instant. What a change of clocks makes doubtful is asked about, never guessed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from service.errors import Refused


class NotATime(Refused):
    """Write it as a date and a time."""

    def __init__(self) -> None:
        super().__init__("Enter a date and a time, as 2026-12-01 09:00.")


class NotAZone(Refused):
    """Name a zone of the tz database."""

    def __init__(self) -> None:
        super().__init__("Choose a time zone, as Asia/Almaty.")


class NeverComes(Refused):
    """Choose another time: the clocks skip this one."""

    def __init__(self, zone: str) -> None:
        super().__init__(
            "Clocks in %(zone)s are put forward over this time, so it never comes. Choose one before or after.",
            zone=zone,
        )


class ComesTwice(Refused):
    """Say which of the two is meant."""

    def __init__(self, zone: str) -> None:
        super().__init__(
            "Clocks in %(zone)s are put back, so this time comes twice that night. Say which of the two you mean.",
            zone=zone,
        )


def instant(words: str, zone: str, *, which: int | None = None) -> datetime:
    """The instant of "2026-12-01T09:00" in a zone, in UTC; `which` of two is 0 for the first, 1 for the second.

    Raises NotATime, NotAZone, NeverComes, ComesTwice.
    """
    if zone not in available_timezones():
        raise NotAZone
    try:
        local = datetime.fromisoformat(words)
    except ValueError:
        raise NotATime from None
    if local.tzinfo is not None:
        raise NotATime
    there = ZoneInfo(zone)
    first, second = local.replace(tzinfo=there, fold=0), local.replace(tzinfo=there, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(there).replace(tzinfo=None) != local:
        raise NeverComes(zone)
    if which is None:
        raise ComesTwice(zone)
    return (second if which else first).astimezone(UTC)


def said(at: datetime, zone: str) -> str:
    """`2026-12-01 09:00 Asia/Almaty (2026-12-01 04:00 UTC)`: what nobody reads wrong in any language."""
    utc = f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return utc if zone == "UTC" else f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone} ({utc})"
