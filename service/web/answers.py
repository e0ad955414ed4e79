"""Public answers that may be kept for a moment: named by their content, so that nothing unseen can change the name."""

from datetime import datetime
from urllib.parse import quote

from flask import Response, request

SHORT = 5
"""Seconds a cache may give them out unasked: what is withdrawn is gone everywhere so soon."""


def kept(content: str | bytes, content_type: str, changed: datetime | None = None) -> Response:
    """An answer with ETag and Last-Modified, or a 304 to who has it already, or the part of it that was asked for."""
    response = Response(content, content_type=content_type)
    response.cache_control.public = True
    response.cache_control.max_age = SHORT
    if changed is not None:  # werkzeug takes None for now
        response.last_modified = changed
    response.add_etag()
    size = len(response.get_data())
    found = response.make_conditional(request, accept_ranges=True, complete_length=size)
    assert isinstance(found, Response)  # noqa: S101 - it gives back what it was given
    return found


def page(content: str, changed: datetime | None = None) -> Response:
    """A page."""
    return kept(content, "text/html; charset=utf-8", changed)


def saved_as(response: Response, name: str) -> Response:
    """Let the browser keep it as a file and run nothing in it (RFC 6266, 4.3)."""
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response
