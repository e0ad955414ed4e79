"""The embargo as a status line writes it: a date, a time and whose time it is, or it is not understood."""

import re
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from service.manuscripts import dates

_LINE = re.compile(
    r"^(?:strictly\s+)?(?:under\s+)?embargo(?:ed)?(?:\s*[:–—-]|\s+(?:until|till|for|date|to|release|before)\b|\s*$)"
    r"|^hold\s+(?:for|until)\b|^not\s+for\s+(?:release|publication|broadcast)\b|^for\s+release\s+(?:at|after|on|not)\b"
    r"|^(?:под\s+)?эмбарго(?:\s*[:–—-]|\s+(?:до|на|\d)|\s*$)|^не\s+(?:для\s+)?(?:публик|распростран)\w*\s+(?:до|ранее)\b"
    r"|^не\s+подлежит\s|дейін\s+(?:эмбарго|жариялауға\s+болмайды|жарияланбайды)",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+\-−])\s*(\d{1,2})(?::?(\d\d))?(?!\d)", re.IGNORECASE)
_TIME = re.compile(
    r"(?<![\d:.])(\d{1,2})(?:[:.](\d\d))?\s*(?:(a|p)\.?m\b\.?|час\w*|ч\.|сағат)?(?![\d:])", re.IGNORECASE
)

# Only names that mean one offset to every reader: CST, IST or BST would not do.
_ABBREVIATIONS = {
    "utc": 0, "gmt": 0, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "мск": 3, "est": -5, "edt": -4, "pst": -8,
    "pdt": -7,
}  # fmt: skip
_CITIES = {
    r"astana|almaty|астан[аыеу]|алмат[ыа]|алматинск\w+|астананың": "Asia/Almaty",  # one zone, UTC+5, since March 2024
    r"moscow|москв[аыеу]|московск\w+|мәскеу": "Europe/Moscow",
    r"tashkent|ташкент\w*": "Asia/Tashkent",
    r"bishkek|бишкек\w*": "Asia/Bishkek",
    r"baku|баку": "Asia/Baku",
    r"istanbul|ankara|стамбул\w*|анкар\w+": "Europe/Istanbul",
    r"beijing|пекин\w*|бейжің": "Asia/Shanghai",
    r"(?:new\s+)?delhi|дели": "Asia/Kolkata",
    r"london|лондон\w*": "Europe/London",
    r"geneva|женев\w+": "Europe/Zurich",
    r"brussels|брюссел\w+": "Europe/Brussels",
    r"vienna|вен[аыеу]": "Europe/Vienna",
    r"new\s+york|нью-йорк\w*": "America/New_York",
}


def is_line(line: str) -> bool:
    """Whether the line asks to hold the release, however it says until when."""
    return _LINE.search(line) is not None


def read(line: str) -> datetime | None:
    """The instant in UTC, or None unless the line has one date, one time and one zone that everybody reads alike."""
    found = dates.find(line)
    if found is None:
        return None
    rest = f"{line[: found.start]} {line[found.end :]}"
    zone, rest = _zone(rest)
    moment = _time(rest)
    if zone is None or moment is None:
        return None
    return datetime.combine(found.date, moment, zone).astimezone(UTC)


def _zone(text: str) -> tuple[tzinfo | None, str]:
    """The only zone the text names, and the text without it."""
    if offset := _OFFSET.search(text):
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        sign = 1 if offset[1] == "+" else -1
        return (timezone(timedelta(minutes=sign * minutes)) if minutes <= 14 * 60 else None), _OFFSET.sub(" ", text)
    zones: set[tzinfo] = {ZoneInfo(zone) for names, zone in _CITIES.items() if _has(text, names)}
    # A city beside an abbreviation says the same thing twice, or two things: either way it is for a person to settle.
    zones |= {timezone(timedelta(hours=hours)) for name, hours in _ABBREVIATIONS.items() if _has(text, name)}
    return (zones.pop() if len(zones) == 1 else None), text


def _has(text: str, names: str) -> bool:
    return re.search(rf"(?<!\w)(?:{names})(?!\w)", text, re.IGNORECASE) is not None


def _time(text: str) -> time | None:
    if re.search(r"\b(?:noon|полдень)\b", text, re.IGNORECASE):
        return time(12)
    said = [match for match in _TIME.finditer(text) if match[2] or match[3]]
    return _clock(said[0]) if len(said) == 1 else None


def _clock(match: re.Match[str]) -> time | None:
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
