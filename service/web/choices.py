"""How a person likes her pages: their language and their colours, kept in cookies that know nothing else of her."""

import re

from flask import Blueprint, Flask, current_app, redirect, request
from werkzeug.wrappers import Response

from service.errors import Refused
from service.web import languages

bp = Blueprint("choices", __name__)

COLOURS = ("auto", "light", "dark")
COLOURS_COOKIE = "colours"
A_YEAR = 365 * 24 * 3600
HERE = re.compile(r"/(?![/\\])[!-\[\]-~]*")
"""A path of ours: printable ASCII with no backslash, which browsers read as a slash."""


class Unknown(Refused):
    """Choose one of those there are."""

    def __init__(self) -> None:
        super().__init__("There is no such language and there are no such colours here. Choose one of those offered.")


@bp.post("/choices")
def choose() -> Response:
    """Keep a language or colours, and go back to the page."""
    language, colours = request.form.get("language"), request.form.get("colours")
    if language not in (None, *languages.EVERYBODY) or colours not in (None, *COLOURS):
        raise Unknown
    wanted = request.form.get("next", "")
    response = redirect(wanted if HERE.fullmatch(wanted) else "/")
    for name, value in ((languages.COOKIE, language), (COLOURS_COOKIE, colours)):
        if value is not None:
            keep(response, name, value)
    return response


def equip(app: Flask) -> None:
    """Let templates know what was chosen."""
    app.jinja_env.globals.update(colours=colours, all_colours=COLOURS, where_we_are=where_we_are)


def colours() -> str:
    """The colours chosen; "auto" follows the system."""
    chosen = request.cookies.get(COLOURS_COOKIE, "")
    return chosen if chosen in COLOURS else "auto"


def where_we_are() -> str:
    """The address to come back to; the answer to a form has none of its own."""
    return request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else "/"


def keep(response: Response, name: str, value: str) -> None:
    """Let the browser say this with every request from now on."""
    response.set_cookie(
        name, value, max_age=A_YEAR, secure=current_app.config["SESSION_COOKIE_SECURE"], httponly=True, samesite="Lax"
    )
