"""The words of the pages: moments with their zone, numbers with their thousands."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError

from service.models import NoticeKind, ReleaseState

RELEASE_STATES = {
    ReleaseState.DRAFT: "Draft",
    ReleaseState.APPROVED: "Approved",
    ReleaseState.SCHEDULED: "Scheduled",
    ReleaseState.SENDING: "Being sent",
    ReleaseState.PAUSED: "Paused",
    ReleaseState.SENT: "Sent",
    ReleaseState.CANCELLED: "Stopped",
}

NOTICE_KINDS = {
    NoticeKind.UPDATE: "Update",
    NoticeKind.CORRECTION: "Correction",
    NoticeKind.HOLD: "On hold, do not use",
    NoticeKind.KILL: "Withdrawn, do not use",
}


def moment(at: datetime, zone: str = "UTC") -> str:
    """`Thursday 5 December 2024, 09:00 (Asia/Almaty)`."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{there:%A} {there.day} {there:%B %Y, %H:%M} ({zone})"


def short_moment(at: datetime, zone: str = "UTC") -> str:
    """`5 Dec 2024, 09:00`."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{there.day} {there:%b %Y, %H:%M}"


def number(count: int) -> str:
    """`1,234`."""
    return f"{count:,}"


def percent(part: int, whole: int) -> str:
    """One decimal; never 100 % before the end, nor 0 % when there is something."""
    if not whole:
        return "–"
    if 0 < part < whole:
        return f"{min(max(100 * part / whole, 0.1), 99.9):.1f} %"
    return f"{100 * part // whole} %"


def people(count: int) -> str:
    """`1 journalist`, `1,234 journalists`."""
    return f"{count:,} journalist{'' if count == 1 else 's'}"


def minutes(count: int) -> str:
    """`20 minutes`, `1 hour`, `1 hour 30 minutes`."""
    parts = ((count // 60, "hour"), (count % 60, "minute"))
    return " ".join(f"{part} {unit}{'' if part == 1 else 's'}" for part, unit in parts if part)


def duration(seconds: float) -> str:
    """`less than a minute`, `about 3 minutes`, `about 2 hours`."""
    if seconds < 60:
        return "less than a minute"
    amount, unit = (seconds / 60, "minute") if seconds < 5400 else (seconds / 3600, "hour")
    return f"about {round(amount)} {unit}{'' if round(amount) == 1 else 's'}"


def language(code: str) -> str:
    """The language's English name; the code when it has none."""
    try:
        return Locale.parse(code, sep="-").get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code


def sentence(words: str) -> str:
    """The words with a capital to begin with, the rest as it is."""
    return words[:1].upper() + words[1:]
