"""What journalists fill in: read once, with every fault named at once and what was typed kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from werkzeug.datastructures import MultiDict

from service import addresses, journalists, signups
from service.addresses import BadAddress
from service.journalists import LANGUAGES, Choice
from service.journalists.choosing import zones
from service.models import Topic
from service.settings import settings

VERSION = "2026-11"
"""Of the form and its words of consent: kept with each consent, changed with them."""
WEEKS = (1, 2, 4, 8, 12)


@dataclass(slots=True)
class Filled:
    """A form as it was filled in. `faults` name the words of what is wrong, by field."""

    email: str = ""
    name: str = ""
    outlet: str = ""
    topics: tuple[str, ...] = ()
    language: str = "en"
    also_reads: tuple[str, ...] = ()
    frequency: str = "at-once"
    zone: str = "UTC"
    faults: dict[str, str] = field(default_factory=dict)

    def choice(self, paused_until: datetime | None = None) -> Choice:
        """What was chosen."""
        return Choice(self.language, self.also_reads, signups.frequency(self.frequency), self.zone, paused_until)


def empty(language: str) -> Filled:
    """The form before anybody has typed."""
    return Filled(language=language, zone=settings().reader_zone)


def choices(form: MultiDict[str, str], *, own: Sequence[str] = ()) -> Filled:
    """The choices alone. `own` languages are theirs already, offered or not."""
    languages = {*LANGUAGES, *own}
    wanted = form.get("language", "")
    filled = Filled(
        topics=tuple(form.getlist("topics")),
        language=wanted if wanted in languages else "en",
        also_reads=tuple(code for code in form.getlist("also_reads") if code in languages),
        frequency=form.get("frequency", ""),
        zone=form.get("zone", ""),
    )
    if filled.zone not in zones():
        filled.faults["zone"] = "bad_zone"
    return filled


def wish(form: MultiDict[str, str], offered: Sequence[Topic]) -> Filled:
    """All of it, for who subscribes; topics that are not offered are passed over."""
    filled = choices(form)
    filled.email, filled.name, filled.outlet = (form.get(name, "").strip() for name in ("email", "name", "outlet"))
    known = {topic.slug for topic in offered}
    filled.topics = tuple(slug for slug in dict.fromkeys(filled.topics) if slug in known)
    if not is_address(filled.email):
        filled.faults["email"] = "bad_address"
    try:
        journalists.clean_name(filled.name)
    except journalists.NameTooLong:
        filled.faults["name"] = "bad_name"
    if not filled.topics:
        filled.faults["topics"] = "no_topic"
    return filled


def is_address(words: str) -> bool:
    """Whether mail could be sent there."""
    try:
        addresses.clean(words)
    except BadAddress:
        return False
    return True


def pause(form: MultiDict[str, str], before: datetime | None, now: datetime) -> datetime | None:
    """When the pause that was chosen ends: so many weeks from now, as it was, or never begun."""
    wanted = form.get("pause", "")
    if wanted == "keep":
        return before
    return now + timedelta(weeks=int(wanted)) if wanted in map(str, WEEKS) else None


@cache
def autonym(code: str) -> str:
    """What a language calls itself; its code when it is not known."""
    try:
        locale = Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return code
    return locale.get_display_name(code.replace("-", "_")) or code


@cache
def zone_names() -> tuple[str, ...]:
    """The zones to choose from: those named after a place, and UTC."""
    areas = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ("UTC", *sorted(name for name in zones() if name.startswith(areas)))


def day(at: datetime, language: str, zone: str = "UTC") -> str:
    """`24 November 2026`, as the language writes it, by the zone's calendar."""
    there = at.astimezone(ZoneInfo(zone) if zone in zones() else UTC)
    # Day before month, as in all our pages.
    return format_date(there.date(), "long", locale="en_GB" if language == "en" else language)
