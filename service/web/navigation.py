"""The entries at the head of every officer's page: those whose page there is, for those who may open it."""

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString
from flask_security import current_user

from service.models import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One page to go to; with roles, for whoever has one of them for any sender."""

    words: LazyString
    endpoint: str
    roles: frozenset[Role] = frozenset()


LOOKERS = frozenset({Role.JOURNALISTS, Role.REPORTS, Role.ADMINISTER})
ENTRIES = (
    Entry(lazy_gettext("Home"), "home.show"),
    Entry(lazy_gettext("Releases"), "releases.index"),
    Entry(lazy_gettext("Calendar"), "calendar.show"),
    Entry(lazy_gettext("Journalists"), "journalists.index", frozenset({Role.JOURNALISTS, Role.ADMINISTER})),
    Entry(lazy_gettext("Lists"), "press_lists.index", frozenset({Role.WRITE, Role.JOURNALISTS})),
    Entry(lazy_gettext("Reports"), "reports.index", frozenset({Role.REPORTS, Role.ADMINISTER})),
)
"""In the order of the day's work. A page that is added is named here, or below when it is not for every day."""
FURTHER = (
    Entry(lazy_gettext("Feedback"), "feedback.index", LOOKERS),
    Entry(lazy_gettext("Suppressed"), "suppressions.index", LOOKERS),
    Entry(lazy_gettext("Topics"), "topics.index", frozenset({Role.JOURNALISTS, Role.ADMINISTER})),
    Entry(lazy_gettext("People"), "people.index", frozenset({Role.ADMINISTER})),
)


BELOW = {
    **dict.fromkeys(("stories", "deliveries", "reports", "checks", "approvals", "schedules", "audience"), "releases"),
    **dict.fromkeys(("writing", "media", "pitches", "proofs", "readers", "notices"), "releases"),
    "unmatched": "feedback",
    "segments": "press_lists",
    "audit": "people",
    "identity": "people",
    "journalist": "journalists",
    "duplicates": "journalists",
    "imports": "journalists",
}
"""Pages that stand below another, though another door opens them."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as it is shown. `here` is what aria-current says: "page" for itself, "true" for a page below it."""

    words: str
    address: str
    here: str


def menu() -> list[Item]:
    """The entries for who is signed in."""
    return _items(ENTRIES)


def further() -> list[Item]:
    """What the menu keeps behind one more word."""
    return _items(FURTHER)


def _items(entries: tuple[Entry, ...]) -> list[Item]:
    return [
        Item(str(entry.words), url_for(entry.endpoint), _here(entry))
        for entry in entries
        if entry.endpoint in current_app.view_functions and (not entry.roles or entry.roles & current_user.does)
    ]


def _here(entry: Entry) -> str:
    if request.endpoint == entry.endpoint:
        return "page"
    if any(one.endpoint == request.endpoint for one in ENTRIES + FURTHER):
        return ""
    section = (request.endpoint or "").partition(".")[0]
    section = BELOW.get(section, section)
    return "true" if section == entry.endpoint.partition(".")[0] else ""
