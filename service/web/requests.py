"""One line of log for each request, and one id that ties together whatever is said while it is answered."""

from time import perf_counter
from uuid import uuid4

import structlog
from flask import Flask, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars
from werkzeug.wrappers import Response

log = structlog.get_logger(__name__)

QUIET = frozenset({"static", "health.health", "health.ready", "releases.live", "home.live", "imports.live"})


def log_each(app: Flask) -> None:
    """Log every request of this application by its rule: its path may hold a token."""

    @app.before_request
    def _begin() -> None:
        clear_contextvars()
        bind_contextvars(request=uuid4().hex[:16])
        g.began = perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        if request.endpoint not in QUIET:
            rule = request.url_rule.rule if request.url_rule else ""
            seconds = round(perf_counter() - g.get("began", perf_counter()), 4)
            log.info("answered", method=request.method, rule=rule, status=response.status_code, seconds=seconds)
        return response
