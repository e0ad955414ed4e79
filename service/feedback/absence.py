"""Until when somebody is away: read out of an automatic answer where it can be, and never guessed."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import NamedTuple

from service.feedback.absence_words import AFTER, BACK, SPAN, UNTIL, months, weekdays
from service.feedback.mime import Fields, Part
from service.feedback.own_words import own_words

LONGEST = timedelta(days=3 * 365)
LONGEST_WITHOUT_YEAR = timedelta(days=200)
MOST_DAYS = 30
BEFORE, BEHIND = 60, 20
"""So many characters around a day decide what it means."""

_APPLE_END = re.compile(r"endDate=(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)T")


class _Named(NamedTuple):
    """A day as a text names it; `ends` when it is the later one of a span written as one ("July 10-31")."""

    start: int
    end: int
    day: date | None
    ends: bool


def until(parts: tuple[Part, ...], subject: str) -> date | None:
    """The last day of an absence or the day of return, as they put it; None when they do not say, or not clearly."""
    headers = parts[0].headers
    sent = _sent(headers)
    marked = _APPLE_END.search(headers.first("x-apple-criteria"))
    if marked:
        return _day(marked, sent)
    for text in (subject[:200], own_words(parts)):
        for forms in (_dates(), _weekdays()):
            for named in _days(text, forms, sent):
                if named.day and _is_end(text, named):
                    return named.day
    return None


def _sent(headers: Fields) -> date | None:
    try:
        return parsedate_to_datetime(headers.first("date")[:100]).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _is_end(text: str, named: _Named) -> bool:
    before, behind = text[max(0, named.start - BEFORE) : named.start], text[named.end : named.end + BEHIND]
    said = UNTIL.search(before) or BACK.search(before) or SPAN.search(before) or AFTER.match(behind)
    return named.ends or said is not None


def _days(text: str, forms: Iterable[re.Pattern[str]], sent: date | None) -> list[_Named]:
    """The first MOST_DAYS days that a text names, in its order."""
    found = [
        _Named(match.start(), match.end(), _day(match, sent), "b" in match.groupdict() and match["b"] is not None)
        for form in forms
        for match in form.finditer(text)
    ]
    return sorted(found, key=lambda named: named.start)[:MOST_DAYS]


@cache
def _dates() -> tuple[re.Pattern[str], ...]:
    """How days are written: ISO, 22.1.2024, 22/1, 22 January, January 10-22, 1月22日."""
    month = _any_of(months())
    nth = r"(?:st|nd|rd|th|er|\.|º|°|-?го)?"
    span = rf"(?P<b>\d\d?{nth}\s?(?:-|–|to|through|until)\s?)?"
    forms = (
        r"(?<![\d./-])(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)(?!\d)",
        r"(?<![\d./-])(?P<d>\d\d?)\.\s?(?P<m>\d\d?)\.(?:\s?(?P<y>\d{4}|\d\d)(?!\d))?(?!\d)",
        r"(?<![\d./-])(?P<d>\d\d?)/(?P<m>\d\d?)(?:/(?P<y>\d{4}|\d\d))?(?![\d/])",
        rf"(?<![\d./])(?P<d>\d\d?){nth}\s{{0,3}}(?:de |of )?(?P<m>{month})\w{{0,6}}\.?(?:,?\s(?:de )?(?P<y>\d{{4}}))?",
        rf"\b(?P<m>{month})\.?\s{span}(?P<d>\d\d?){nth}(?![\d:])(?:,?\s(?P<y>\d{{4}}))?",
        r"(?<!\d)(?:(?P<y>\d{4})\s?[年년]\s?)?(?P<m>\d\d?)\s?[月월]\s?(?P<d>\d\d?)\s?[日일号號]",
    )
    return tuple(re.compile(form, re.IGNORECASE) for form in forms)


@cache
def _weekdays() -> tuple[re.Pattern[str]]:
    """A weekday by itself; before a date it says nothing that the date does not."""
    form = (
        rf"\b(?P<w>{_any_of(weekdays())})\w{{0,3}}\b(?![\s,.]{{0,3}}(?:the |den |le |el )?(?:\d|{_any_of(months())}))"
    )
    return (re.compile(form, re.IGNORECASE),)


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _day(found: re.Match[str], sent: date | None) -> date | None:
    said = found.groupdict()
    try:
        if said.get("w"):
            return _weekday(said["w"], sent)
        month = int(said["m"]) if said["m"].isdecimal() else months()[said["m"].lower()]
        if "/" in found[0] and int(said["d"]) <= 12 and int(said["d"]) != month:
            return None  # 5/6 is a day in May or in June, depending on who writes it.
        return _within(said["y"], month, int(said["d"]), sent)
    except (ValueError, OverflowError, KeyError):
        return None


def _weekday(word: str, sent: date | None) -> date | None:
    """The next such day after the one it was written on."""
    if sent is None:
        return None
    return sent + timedelta(days=(weekdays()[word.lower()] - sent.weekday() - 1) % 7 + 1)


def _within(year: str | None, month: int, day: int, sent: date | None) -> date | None:
    """The day, in the year that it must mean; None when it was over before it was said, or is absurdly far."""
    if year:
        named = date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        return named if sent is None or timedelta(0) <= named - sent <= LONGEST else None
    if sent is None:
        return None
    coming = date(sent.year, month, day)
    if coming < sent:
        coming = date(sent.year + 1, month, day)
    return coming if coming - sent <= LONGEST_WITHOUT_YEAR else None
