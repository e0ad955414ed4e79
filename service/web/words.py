"""The words of the pages, in their language: moments with their zone, numbers with their thousands."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, get_timezone_location
from babel.numbers import format_decimal
from flask_babel import gettext, lazy_gettext, ngettext

from service.errors import Refused
from service.models import DeliveryState, NoticeKind, ReleaseState, Role
from service.reports.words import STATES
from service.web import languages

RELEASE_STATES = {
    ReleaseState.DRAFT: lazy_gettext("Draft"),
    ReleaseState.APPROVED: lazy_gettext("Approved"),
    ReleaseState.SCHEDULED: lazy_gettext("Scheduled"),
    ReleaseState.SENDING: lazy_gettext("Being sent"),
    ReleaseState.PAUSED: lazy_gettext("Paused"),
    ReleaseState.SENT: lazy_gettext("Sent"),
    ReleaseState.CANCELLED: lazy_gettext("Stopped"),
}
ROLES = {
    Role.WRITE: lazy_gettext("write releases"),
    Role.APPROVE: lazy_gettext("approve releases"),
    Role.SEND: lazy_gettext("send releases"),
    Role.JOURNALISTS: lazy_gettext("manage journalists"),
    Role.REPORTS: lazy_gettext("see reports"),
    Role.ADMINISTER: lazy_gettext("administer"),
}
# CLDR has neither of these two orders for English: the day of the week without a comma, the zone behind.
LONG = {"en": "EEEE d MMMM y, HH:mm", "ru": "EEEE, d MMMM y 'г'., HH:mm", "kk": "y 'ж'. d MMMM, EEEE, HH:mm"}
SHORT = {"en": "d MMM y, HH:mm", "ru": "d MMM y 'г'., HH:mm", "kk": "y 'ж'. d MMM, HH:mm"}
DAY = {"en": "d MMMM y", "ru": "d MMMM y 'г'.", "kk": "y 'ж'. d MMMM"}


def release_states_to_choose() -> list[tuple[str, str]]:
    """The states for a filter."""
    return [(state.value, str(words)) for state, words in RELEASE_STATES.items()]


FIELDS = {
    "headline": lazy_gettext("Headline"),
    "subhead": lazy_gettext("Subhead"),
    "place": lazy_gettext("Place"),
    "dated": lazy_gettext("Day"),
    "dateline": lazy_gettext("Dateline as it is printed"),
    "lead": lazy_gettext("Lead"),
    "body": lazy_gettext("Body"),
    "boilerplate": lazy_gettext("About us"),
    "notes": lazy_gettext("Notes to editors"),
    "contacts": lazy_gettext("Media contacts"),
    "topics": lazy_gettext("Topics"),
    "audience": lazy_gettext("Audience"),
    "embargo": lazy_gettext("Embargo"),
    "sender": lazy_gettext("Newsroom"),
}
NOTICE_KINDS = {
    NoticeKind.UPDATE: lazy_gettext("Update"),
    NoticeKind.CORRECTION: lazy_gettext("Correction"),
    NoticeKind.HOLD: lazy_gettext("On hold, do not use"),
    NoticeKind.KILL: lazy_gettext("Withdrawn, do not use"),
}


def named(languages: Iterable[str]) -> list[tuple[str, str]]:
    """Languages to choose from."""
    return [(code, language(code)) for code in languages]


def moment(at: datetime, zone: str = "UTC") -> str:
    """`Thursday 5 December 2024, 09:00 (Almaty, UTC+5)`."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{format_datetime(there, LONG[languages.current()], locale=languages.locale())} ({zone_name(zone, at)})"


def short_moment(at: datetime, zone: str = "UTC") -> str:
    """`5 Dec 2024, 09:00`."""
    there = at.astimezone(ZoneInfo(zone))
    return format_datetime(there, SHORT[languages.current()], locale=languages.locale())


def day(at: date | datetime, zone: str = "UTC") -> str:
    """`5 December 2024`."""
    there = at.astimezone(ZoneInfo(zone)) if isinstance(at, datetime) else at
    return format_date(there, DAY[languages.current()], locale=languages.locale())


def zone_name(zone: str, at: datetime) -> str:
    """`Almaty, UTC+5`: the city people know, and what nobody can mistake; a zone without a city is its offset."""
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    said = f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "") if minutes else "UTC"
    if "/" not in zone or zone.startswith("Etc/"):
        return said
    return f"{get_timezone_location(ZoneInfo(zone), locale=languages.locale(), return_city=True)}, {said}"


def number(count: float) -> str:
    """`1,234`."""
    return format_decimal(count, locale=languages.locale())


def percent(part: int, whole: int) -> str:
    """One decimal; never 100 % before the end, nor 0 % when there is something."""
    if not whole:
        return "–"
    if 0 < part < whole:
        share = min(max(100 * part / whole, 0.1), 99.9)
        return f"{format_decimal(round(share, 1), '0.0', locale=languages.locale())} %"
    return f"{100 * part // whole} %"


def people(count: int) -> str:
    """`1 journalist`, `1,234 journalists`."""
    return str(ngettext("%(number)s journalist", "%(number)s journalists", count, number=number(count)))


def minutes(count: int) -> str:
    """`20 minutes`, `1 hour`, `1 hour 30 minutes`."""
    return " ".join(part for part in (_hours(count // 60), _minutes(count % 60)) if part)


def duration(seconds: float) -> str:
    """`less than a minute`, `about 3 minutes`, `about 2 hours`."""
    if seconds < 60:
        return str(gettext("less than a minute"))
    said = _minutes(round(seconds / 60)) if seconds < 5400 else _hours(round(seconds / 3600))
    return str(gettext("about %(time)s", time=said))


def _hours(count: int) -> str:
    return str(ngettext("%(number)s hour", "%(number)s hours", count, number=number(count))) if count else ""


def _minutes(count: int) -> str:
    return str(ngettext("%(number)s minute", "%(number)s minutes", count, number=number(count))) if count else ""


def language(code: str) -> str:
    """The language's name in the language of the page; the code when it has none."""
    try:
        return Locale.parse(code, sep="-").get_display_name(languages.current()) or code
    except (UnknownLocaleError, ValueError):
        return code


def country(code: str) -> str:
    """The country's name in the language of the page; the code when it has none."""
    return str(languages.locale().territories.get(code.upper(), code))


def sentence(words: str) -> str:
    """The words with a capital to begin with, the rest as it is."""
    return words[:1].upper() + words[1:]


def said(words: str) -> str:
    """Words that a noun keeps, in the language of the page; as they are when the catalogs do not have them."""
    return str(gettext(words)) if "%" not in words else words


def refusal(fault: Refused) -> str:
    """What a noun refuses, and what to do about it, in the language of the page."""
    if not fault.values:
        return said(str(fault))
    return str(gettext(fault.words, **{name: _value(value) for name, value in fault.values.items()}))


def _value(value: object) -> str:
    if isinstance(value, Role):
        return str(ROLES[value])
    if isinstance(value, ReleaseState):
        return str(RELEASE_STATES[value]).lower()
    if isinstance(value, DeliveryState):
        return said(STATES[value])
    return said(str(value))
