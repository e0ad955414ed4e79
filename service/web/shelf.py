"""Answers of newsrooms that were made before and are still true: whether they are, the database is asked each time.

A release opens by its hour and is withdrawn by somebody; both change the mark of its newsroom, and what was kept under
another mark is not found any more.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from flask import Flask, Response, current_app, request
from sqlalchemy.orm import Session

from service.newsroom import changes
from service.newsroom.changes import Standing
from service.web import answers
from service.web.answers import Made
from service.web.database import transaction

_KEY = "dateline.shelf"
MOST = 16_000_000
"""Bytes one process keeps, of the answers last used."""
LARGEST = 500_000
"""Bytes of one: a year's sitemap is not worth the place of a hundred pages."""
PARAMETERS = ("lang", "language", "page", "q", "topic")
"""What of a query a newsroom's answer may depend on. Nothing else of a request does: no cookie, no header."""
Make = Callable[[Session, Standing], Made | Response]


class Shelf:
    """The last used answers, by what they depend on; shared by the threads of a process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Any, ...], Made] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def find(self, key: tuple[Any, ...]) -> Made | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: tuple[Any, ...], answer: Made) -> None:
        if len(answer.content) > LARGEST:
            return
        with self._lock:
            before = self._kept.pop(key, None)
            self._kept[key] = answer
            self._size += len(answer.content) - (len(before.content) if before else 0)
            while self._size > MOST:
                _, oldest = self._kept.popitem(last=False)
                self._size -= len(oldest.content)


def equip(app: Flask) -> None:
    """Give this application an empty one."""
    app.extensions[_KEY] = Shelf()


def answer(newsroom: str, make: Make) -> Response:
    """The answer to this request about a newsroom, made by `make` if it is not there. Raises Missing."""
    shelf: Shelf = current_app.extensions[_KEY]
    with transaction() as session:
        standing = changes.standing(session, newsroom)
        key = (standing.mark, *_asked())
        found = shelf.find(key)
        if found is not None:
            return answers.given(found)
        new = make(session, standing)
        if isinstance(new, Response):
            return new
        # What opened while it was being made may be in it, and belongs under the next mark.
        if changes.standing(session, newsroom).mark == standing.mark:
            shelf.keep(key, new)
    return answers.given(new)


def _asked() -> tuple[Any, ...]:
    query = tuple(request.args.get(name) for name in PARAMETERS)
    return request.endpoint, tuple(sorted((request.view_args or {}).items())), query
