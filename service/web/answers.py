"""Public answers that may be kept for a moment: named by their content, so that nothing unseen can change the name."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from flask import Response, request
from werkzeug.http import generate_etag

SHORT = 5
"""Seconds a cache may give them out unasked: what is withdrawn is gone everywhere so soon."""
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Made:
    """An answer before anybody asked for it; `etag` is the name of its content."""

    content: bytes
    content_type: str
    changed: datetime | None
    links: tuple[str, ...]
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "etag", generate_etag(self.content))


def made(
    content: str | bytes, content_type: str = HTML, changed: datetime | None = None, links: tuple[str, ...] = ()
) -> Made:
    """This content as an answer; `links` are values of its Link header."""
    return Made(content.encode() if isinstance(content, str) else content, content_type, changed, links)


def given(answer: Made) -> Response:
    """It with ETag and Last-Modified, or a 304 to who has it already, or the part of it that was asked for."""
    response = Response(answer.content, content_type=answer.content_type)
    response.cache_control.public = True
    response.cache_control.max_age = SHORT
    if answer.changed is not None:  # werkzeug takes None for now
        response.last_modified = answer.changed
    for link in answer.links:
        response.headers.add("Link", link)
    response.set_etag(answer.etag)
    found = response.make_conditional(request, accept_ranges=True, complete_length=len(answer.content))
    assert isinstance(found, Response)  # noqa: S101 - it gives back what it was given
    return found


def kept(content: str | bytes, content_type: str, changed: datetime | None = None) -> Response:
    """The same at once, of what is made for this request alone."""
    return given(made(content, content_type, changed))


def page(content: str, changed: datetime | None = None) -> Response:
    """A page."""
    return kept(content, HTML, changed)


def saved_as(response: Response, name: str) -> Response:
    """Let the browser keep it as a file and run nothing in it (RFC 6266, 4.3)."""
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response
