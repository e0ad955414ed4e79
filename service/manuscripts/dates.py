"""Calendar dates as press offices write them, in English, Russian and Kazakh."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from babel.dates import get_month_names


@dataclass(frozen=True, slots=True)
class Found:
    """A date and where it stands in the text."""

    date: date
    start: int
    end: int


def _month_numbers() -> dict[str, int]:
    numbers = {"sept": 9}  # AP style; CLDR has only "Sep"
    for language in ("kk", "ru", "en"):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names = get_month_names(width, context, language)
                numbers |= {name.lower().rstrip("."): number for number, name in names.items()}
    return numbers


_MONTHS = _month_numbers()
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
_ENDING = r"(?:[а-яёәғқңөұүһі]{1,4})?"  # Kazakh declines the month at the end of the date: 22 қаңтарда
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|-го|-е)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_YEAR_WORD = r"(?:\s*(?:года|год|гг?\.|г(?!\w)|жылғы|жылдың|жылы|жыл|ж\.))"
_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_DAY}[\s-]+(?:of\s+)?{_MONTH}{_ENDING}(?!\w)\.?,?[\s-]+{_YEAR}{_YEAR_WORD}?",
        rf"(?<!\w){_MONTH}\.?\s+{_DAY},?\s+{_YEAR}",
        rf"(?<!\d){_YEAR}{_YEAR_WORD}?,?\s+{_DAY}[\s-]+{_MONTH}{_ENDING}(?!\w)",
        rf"{_DAY}\.(?P<number>\d{{1,2}})\.{_YEAR}{_YEAR_WORD}?",
        rf"(?<!\d){_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)(?!\d)",
    )
]
# 03/04/2024 is April or March depending on the reader, so slashes count only where one number cannot be a month.
_SLASHES = re.compile(rf"(?<!\d)(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})/{_YEAR}")


def find(text: str) -> Found | None:
    """The first full date (day, month and year) in the text, if there is one that cannot be read in two ways."""
    return min((*_worded(text), *_slashed(text)), key=lambda found: found.start, default=None)


def _worded(text: str) -> Iterator[Found]:
    for form in _FORMS:
        for match in form.finditer(text):
            groups = match.groupdict()
            month = _MONTHS[groups["month"].lower()] if "month" in groups else int(groups["number"])
            yield from _existing(match, month=month, day=int(groups["day"]))


def _slashed(text: str) -> Iterator[Found]:
    for match in _SLASHES.finditer(text):
        first, second = int(match["first"]), int(match["second"])
        if first > 12 or first == second:
            yield from _existing(match, month=second, day=first)
        elif second > 12:
            yield from _existing(match, month=first, day=second)


def _existing(match: re.Match[str], *, month: int, day: int) -> Iterator[Found]:
    try:
        day_meant = date(int(match["year"]), month, day)
    except ValueError:
        return
    yield Found(day_meant, match.start(), match.end())
