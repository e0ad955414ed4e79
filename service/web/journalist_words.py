"""The words for where a journalist stands, and for a file on its way in."""

from babel import Locale
from flask_babel import lazy_gettext

from service.journalists.listing import Order
from service.journalists.narrowing import State
from service.models import Frequency, ImportState, NoteKind, SubscriptionState, Verdict
from service.web import languages

STATES = {
    State.ACTIVE: lazy_gettext("gets releases"),
    State.DO_NOT_CONTACT: lazy_gettext("not to be contacted"),
    State.SUPPRESSED: lazy_gettext("address suppressed"),
    State.RESTING: lazy_gettext("address at rest"),
    State.UNCONFIRMED: lazy_gettext("no confirmed topic"),
}
ORDERS = {
    Order.NAME: lazy_gettext("by name"),
    Order.NEWEST: lazy_gettext("newest first"),
    Order.TIER: lazy_gettext("by tier"),
}
SUBSCRIPTIONS = {
    SubscriptionState.CONFIRMED: lazy_gettext("subscribed"),
    SubscriptionState.PENDING: lazy_gettext("not confirmed yet"),
    SubscriptionState.ENDED: lazy_gettext("ended"),
}
FREQUENCIES = {
    Frequency.AT_ONCE: lazy_gettext("at once"),
    Frequency.DAILY: lazy_gettext("once a day"),
    Frequency.WEEKLY: lazy_gettext("once a week"),
}
HOW = {
    "import": lazy_gettext("imported from a file"),
    "by-hand": lazy_gettext("added by hand"),
    "form": lazy_gettext("subscribed themselves by the form, and confirmed it by mail"),
    "preferences": lazy_gettext("chose it on their own page"),
}
NOTES = {
    NoteKind.NOTE: lazy_gettext("Note"),
    NoteKind.KEPT_AWAY: lazy_gettext("Not to be contacted"),
    NoteKind.LET_BACK: lazy_gettext("To be contacted again"),
    NoteKind.MERGED: lazy_gettext("Merged with another entry"),
    NoteKind.PARTED: lazy_gettext("Parted from another entry"),
}
IMPORTS = {
    ImportState.READ: lazy_gettext("columns to be chosen"),
    ImportState.CHECKING: lazy_gettext("being checked"),
    ImportState.CHECKED: lazy_gettext("checked, nothing imported yet"),
    ImportState.IMPORTING: lazy_gettext("being imported"),
    ImportState.DONE: lazy_gettext("imported"),
    ImportState.FAILED: lazy_gettext("not imported"),
    ImportState.UNDONE: lazy_gettext("undone"),
}
VERDICTS = {
    Verdict.NEW: lazy_gettext("new"),
    Verdict.CHANGED: lazy_gettext("known, changed"),
    Verdict.KNOWN: lazy_gettext("known, nothing changes"),
    Verdict.AWAY: lazy_gettext("left before, stay away"),
    Verdict.SUPPRESSED: lazy_gettext("suppressed"),
    Verdict.REPEATED: lazy_gettext("repeated in the file"),
    Verdict.INVALID: lazy_gettext("cannot be read"),
}
COLUMNS = {
    "email": lazy_gettext("E-mail address"),
    "name": lazy_gettext("Name"),
    "outlet": lazy_gettext("Outlet"),
    "country": lazy_gettext("Country"),
    "language": lazy_gettext("Language"),
    "topics": lazy_gettext("Topics"),
    "beat": lazy_gettext("Beat"),
    "tier": lazy_gettext("Tier (1, 2 or 3)"),
}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1251": "Windows-1251 (кириллица)",
    "koi8-r": "KOI8-R (кириллица)",
    "cp1252": "Windows-1252 (Western)",
    "cp1254": "Windows-1254 (Türkçe)",
    "cp1256": "Windows-1256 (العربية)",
}


def countries() -> list[tuple[str, str]]:
    """Every country by its code, in the order of their names in the language of the page."""
    names = Locale.parse(languages.current()).territories
    found = [(code, str(name)) for code, name in names.items() if len(code) == 2 and code.isalpha() and code != "ZZ"]
    return sorted(found, key=lambda one: one[1])


def country(code: str) -> str:
    """The country's name in the language of the page; the code when it has none."""
    return str(Locale.parse(languages.current()).territories.get(code, code))
