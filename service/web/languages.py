"""Which language a page speaks: the one asked for in its address, the one chosen before, or the browser's own.

A page that caches may keep is the same for everybody, so of the request nothing but its address decides.
"""

from typing import Any

from babel import Locale
from babel.support import Translations
from flask import Flask, current_app, g, request
from flask_babel import Babel, Domain, get_locale, refresh

from service.web import catalogs
from service.web.security import PUBLIC, PUBLIC_BLUEPRINTS

OFFICERS = ("en", "ru")
EVERYBODY = ("en", "ru", "kk")
"""Languages of the pages that need no sign-in."""
NAMES = {"en": "English", "ru": "Русский", "kk": "Қазақша"}
NEAREST = {"kk": "ru"}
"""What an officer's page speaks to who has chosen a language it has not."""
COOKIE = "language"
PARAMETER = "lang"
BY_ADDRESS = frozenset({"newsroom", "press_kit", "wire"})
"""Blueprints whose answers may be kept and given to others."""
OF_CONTENT = "language"
"""The part of such an address that says which language the releases are in; so then are the words around them."""


class _Catalogs(Domain):  # type: ignore[misc] # Flask-Babel has no types
    """The catalogs as they are written: no compiled copy of them that could be another."""

    def get_translations(self) -> Translations:
        return catalogs.translations(current())


def speak(app: Flask) -> None:
    """Let every page of this application speak the language chosen for it."""
    babel = Babel(app, locale_selector=chosen)
    babel.domain_instance = _Catalogs()
    app.jinja_env.globals.update(
        language_now=current, language_asked=asked, languages_here=languages, language_names=NAMES
    )


def current() -> str:
    """The language of this answer; English outside a request."""
    locale = get_locale() if current_app else None
    return locale.language if locale else "en"


def locale() -> Locale:
    """The same as Babel knows it."""
    return Locale.parse(current())


def languages() -> tuple[str, ...]:
    """The languages of the page that was asked for. What has no address here is answered in any."""
    public = request.endpoint is None or request.endpoint in PUBLIC or request.blueprint in PUBLIC_BLUEPRINTS
    return EVERYBODY if public else OFFICERS


def asked() -> str | None:
    """The language that the address itself asks for: so do public pages, which set no cookie."""
    language = request.args.get(PARAMETER, "")
    return language if language in EVERYBODY else None


def spoken(tag: str) -> str | None:
    """The language of ours for this tag, `ru` for `ru-KZ`; None when we do not speak it."""
    language = tag.partition("-")[0]
    return language if language in EVERYBODY else None


def chosen() -> str:
    """The language of this answer."""
    if request.blueprint in BY_ADDRESS and "visitor" not in g:
        return asked() or spoken(_content()) or "en"
    here = languages()
    wanted = asked() or request.cookies.get(COOKIE, "")
    wanted = wanted if wanted in here else NEAREST.get(wanted, wanted)
    return wanted if wanted in here else request.accept_languages.best_match(here, default="en")


def as_the_visitor() -> None:
    """Speak the visitor's own language from here on: nobody keeps this answer."""
    g.visitor = True
    refresh()


def of_content(tag: str) -> None:
    """Speak the language of what is shown, unless the address asks for another."""
    g.shown = tag
    refresh()


def _content() -> str:
    arguments: dict[str, Any] = request.view_args or {}
    return str(g.get("shown") or arguments.get(OF_CONTENT) or request.args.get(OF_CONTENT, ""))
