"""Who stands before a public page, as far as it has to be known: their network, their language, and whether a robot."""

import secrets
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from flask import Flask, Response, current_app, make_response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from service import floods
from service.errors import Refused
from service.mail.words import direction
from service.signing import Forged, Purpose, sign, verify
from service.web import public_words

log = structlog.get_logger(__name__)

TRAP = "website"
"""A field that people do not see and robots fill in."""
STAMP = "stamp"
TOO_FAST = 2.0
"""Seconds in which nobody fills in a form."""
TOO_OLD = 24 * 3600.0
AN_HOUR = 3600


class Stale(Refused):
    """Show the form once more: it was open for longer than a day."""


def believe(app: Flask, proxies: int) -> None:
    """Take the visitor's address from X-Forwarded-For, as far as our own proxies wrote it; nothing else of theirs."""
    if proxies:
        fixed = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0, x_host=0, x_port=0, x_prefix=0)
        app.wsgi_app = fixed  # type: ignore[method-assign]


def admit() -> None:
    """Count this request for mail by its network. Raises floods.TooMany."""
    network = floods.network_of(request.remote_addr or "")
    if "X-Forwarded-For" in request.headers and "werkzeug.proxy_fix.orig" not in request.environ:
        # Behind a proxy that is not believed everybody comes from one network, and uses up its share together.
        log.warning("visitors cannot be told apart", set="TRUSTED_PROXIES")
    floods.admit(network)


def language(theirs: str = "") -> str:
    """The language to answer in: what they chose on the page, what they get mail in, what their browser asks for."""
    chosen = request.values.get("lang", "")
    if chosen in public_words.SPOKEN:
        return chosen
    if theirs:
        return public_words.of(theirs).language
    return request.accept_languages.best_match(public_words.SPOKEN, default="en")


def page(template: str, *, theirs: str = "", **context: Any) -> str:
    """A page in the visitor's language; it knows no session and sets no cookie."""
    said = public_words.of(language(theirs))
    own = {"said": said, "spoken": public_words.WORDS, "dir": direction(said.language), "stamp": stamp()}
    return current_app.jinja_env.get_template(template).render(**own | context)


def message(title: str, *sentences: str, **context: Any) -> str:
    """A page that only says something: names of words, as filled in by `context`."""
    return page("reader/message.html", title=title, sentences=sentences, **context)


def too_many(_fault: floods.TooMany) -> Response:
    """The answer to a flood."""
    response = make_response(message("too_many_title", "too_many"), 429)
    response.headers["Retry-After"] = str(AN_HOUR)
    return response


def stamp(at: float | None = None) -> str:
    """The moment a form was shown, sealed: who posts without it never saw the form."""
    seconds = time.time() if at is None else at
    return sign(Purpose.FORM, UUID(int=int(seconds * 1000) << 80 | secrets.randbits(80)))


def is_robot(form: Mapping[str, str]) -> bool:
    """Whether no person filled this in: the trap is full, the stamp is none of ours, or it was done in no time.

    Raises Stale.
    """
    try:
        shown = (verify(Purpose.FORM, form.get(STAMP, "")).int >> 80) / 1000
    except Forged:
        return True
    age = time.time() - shown
    if age > TOO_OLD:
        raise Stale
    return bool(form.get(TRAP)) or age < TOO_FAST


def tell_nobody(response: Response) -> Response:
    """The address of the page holds a token, so no page it leads to is told where its visitor came from."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
