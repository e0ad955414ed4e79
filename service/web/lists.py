"""Lists by address: filters and page number stand in the query, so that a list can be kept and sent to somebody."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from flask import current_app, request, url_for

from service.errors import Refused

E = TypeVar("E", bound=StrEnum)

SIZE = 50
MOST_PAGES = 1000
LONGEST_WORDS = 200


class UnknownFilter(Refused):
    """Open the list without it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "The address of this list asks for something it does not have (“%(name)s”). Open the list anew.", name=name
        )


def one_of(name: str, kind: type[E]) -> E | None:
    """The value of a filter that has few; None when nothing is chosen. Raises UnknownFilter, as all of these do."""
    value = request.args.get(name, "")
    if not value:
        return None
    try:
        return kind(value)
    except ValueError:
        raise UnknownFilter(name) from None


def many_of(name: str, kind: type[E]) -> frozenset[E]:
    """The values of a filter of which several can be chosen."""
    try:
        return frozenset(kind(value) for value in request.args.getlist(name) if value)
    except ValueError:
        raise UnknownFilter(name) from None


def number(name: str, least: int, most: int) -> int | None:
    """A number within its bounds."""
    value = request.args.get(name, "")
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most):
        raise UnknownFilter(name)
    return int(value)


def id_of(name: str) -> UUID | None:
    """The id of something."""
    value = request.args.get(name, "")
    if not value:
        return None
    try:
        return UUID(value)
    except ValueError:
        raise UnknownFilter(name) from None


def id_in(value: str) -> UUID:
    """An id out of a form."""
    try:
        return UUID(value)
    except ValueError:
        raise UnknownFilter("id") from None


def words(name: str = "q") -> str:
    """What was typed to search for. PostgreSQL keeps no NUL, so none is looked for."""
    return request.args.get(name, "").replace("\0", "").strip()[:LONGEST_WORDS]


@dataclass(frozen=True, slots=True)
class Pages:
    """Which part of a list is shown."""

    number: int
    total: int
    size: int = SIZE

    @property
    def first(self) -> int:
        """Of those shown, counted from one; 0 when there is none."""
        return min(self.skipped + 1, self.total)

    @property
    def last(self) -> int:
        return min(self.skipped + self.size, self.total)

    @property
    def skipped(self) -> int:
        return (self.number - 1) * self.size

    @property
    def before(self) -> int | None:
        """The page before this one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        """The page after this one."""
        return self.number + 1 if self.last < self.total else None


def page_number() -> int:
    """Which page is asked for."""
    return number("page", 1, MOST_PAGES) or 1


def here(**changes: Any) -> str:
    """The address of this page with these changes to its query; what is None is left out, and so is the page number."""
    return url_for(request.endpoint or "home.show", **{**carried(), **(request.view_args or {}), **changes})


def carried() -> dict[str, Any]:
    """What was asked for besides the page's number, to go along in a link.

    Not what `url_for` takes for itself: `endpoint`, and `_scheme`, `_method` and their like.
    """
    return {
        name: request.args.getlist(name)
        for name in request.args
        if name not in ("page", "endpoint") and not name.startswith("_")
    }


def address_of(endpoint: str, **values: Any) -> str | None:
    """The address of a page, if there is such a page in this application."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
