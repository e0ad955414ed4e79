"""Errors become pages here and nowhere else. What is not there and what is not yours are one page, byte for byte."""

import traceback

import structlog
from flask import Flask, Response, make_response
from flask_babel import gettext, lazy_gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from service.accounts import NotAllowed
from service.errors import NotFound, Refused
from service.floods import TooMany, TooManyTries
from service.signing import Forged
from service.web import languages, pages, words

log = structlog.get_logger(__name__)

SENTENCES = {
    400: lazy_gettext("The request could not be read."),
    404: lazy_gettext(
        "If you typed or pasted the address, check that it is complete. A link in an e-mail may have been cut in two."
    ),
    405: lazy_gettext("This address does not answer to that. Go back and use the buttons of the page."),
    413: lazy_gettext("What was sent is larger than this service takes."),
}
TITLES = {
    400: lazy_gettext("This request is not valid"),
    403: lazy_gettext("This is not open to you"),
    404: lazy_gettext("There is nothing here"),
    405: lazy_gettext("That is not how it works here"),
    413: lazy_gettext("This is too large"),
    422: lazy_gettext("That cannot be done now"),
    429: lazy_gettext("Not so often"),
    500: lazy_gettext("Something went wrong"),
    503: lazy_gettext("Try again in a moment"),
}
QUARTER = 15 * 60
"""Seconds in a quarter of an hour."""
RETRY_AFTER = 10
"""Seconds: about what a PostgreSQL restart takes."""


def answer(app: Flask) -> None:
    """Register every error of this door."""
    app.register_error_handler(NotFound, _missing)
    app.register_error_handler(Forged, _missing)
    app.register_error_handler(NotAllowed, lambda fault: page(403, words.refusal(fault)))
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(TooManyTries, _too_many)
    app.register_error_handler(Refused, lambda fault: page(422, words.refusal(fault)))
    app.register_error_handler(CSRFError, _stale)
    for away in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(away, _away)
    app.register_error_handler(SecurityError, _strange_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def page(code: int, sentence: str = "", **context: str) -> Response:
    """The page of an error. It knows no person, no session and no path, so that it is the same for all."""
    languages.as_the_visitor()
    title = TITLES.get(code, TITLES[400])
    sentence = sentence or SENTENCES.get(code, SENTENCES[400])
    return make_response(pages.plain("error.html", title=title, sentence=sentence, **context), code)


def _missing(_fault: Refused) -> Response:
    return page(404)


def _too_many(fault: TooMany | TooManyTries) -> Response:
    response = page(429, words.refusal(fault))
    response.headers["Retry-After"] = str(QUARTER if isinstance(fault, TooManyTries) else 4 * QUARTER)
    return response


def _stale(_fault: CSRFError) -> Response:
    return page(
        403, gettext("The page was open for too long, or in another session. Go back, reload it and try again.")
    )


def _away(fault: Exception) -> Response:
    log.warning("database away", fault=type(fault).__name__)
    sentence = gettext(
        "The service cannot reach its database just now. Nothing was changed; what was sent before is safe."
    )
    response = page(503, sentence)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _strange_host(_fault: SecurityError) -> Response:
    # No address of ours can be made for a host that is not ours, so not even a style sheet can be named.
    return Response("This address is not served here.\n", 400, content_type="text/plain; charset=utf-8")


def _http(fault: HTTPException) -> AnyResponse:
    if fault.code is None or fault.code < 400:
        return fault.get_response()
    response = page(fault.code)
    if isinstance(fault, MethodNotAllowed) and fault.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(fault.valid_methods))
    return response


def _fault(fault: Exception) -> Response:
    # Frames only: the message of an error may hold an address or a body.
    frames = "".join(traceback.format_tb(fault.__traceback__)[-5:])
    log.error("page failed", fault=type(fault).__name__, at=frames)
    request_id = structlog.contextvars.get_contextvars().get("request", "")
    sentence = gettext("This is our fault and it has been noted. Try again later; if it stays, tell us this number:")
    return page(500, sentence, number=request_id)
