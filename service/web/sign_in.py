"""The one-time link a person signs in with, asked for by mail, and the password she then chooses."""

from typing import cast
from unicodedata import normalize

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_security import current_user, hash_password, login_user
from werkzeug.wrappers import Response

from service import accounts
from service.accounts import LINKS_AN_HOUR
from service.addresses import BadAddress
from service.mail.notice_words import LANGUAGES
from service.models import CameBy
from service.web import languages, visitors
from service.web.database import transaction
from service.web.people import People, Person
from service.web.security import PASSWORD_LENGTH

bp = Blueprint("sign_in", __name__)

BY_LINK = "by_link"
"""In the session of who came by a one-time link: she may set a password without knowing the one before."""


@bp.get("/sign-in-link")
def link_form() -> str:
    """Ask for a link by mail."""
    return render_template("security/ask_for_link.html", email="", fault="")


@bp.post("/sign-in-link")
def ask_for_link() -> Response | tuple[str, int]:
    """Have it sent, if there is such an account; the answer is the same if not."""
    visitors.admit()
    email = request.form.get("email", "")
    try:
        with transaction() as database:
            language = _mail_language()
            accounts.ask_for_link(database, email, language=language)
    except BadAddress:
        fault = gettext("This is not an e-mail address. Write it as in ada@rivers.example.")
        return render_template("security/ask_for_link.html", email=email, fault=fault), 422
    return redirect(url_for("sign_in.link_asked"))


def _mail_language() -> str:
    # The page's language when it was chosen; else the browser's, of which the mails may have more than the pages.
    chosen = request.cookies.get(languages.COOKIE, "") or languages.asked() or ""
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES, default="en")


@bp.get("/sign-in-link/asked")
def link_asked() -> str:
    """What happens now."""
    return render_template("security/link_asked.html", most=LINKS_AN_HOUR)


@bp.get("/sign-in/<token>")
def ask(token: str) -> str:
    """A page with a button: mail scanners open every link, and opening must use nothing up."""
    return render_template("security/link.html", token=token)


@bp.post("/sign-in/<token>")
def redeem(token: str) -> Response:
    """Sign in by the link, once; a mailbox that somebody else reads does not stand in for the second factor."""
    with transaction() as database:
        person = Person(accounts.redeem(database, token))
    # Nothing of the session before: not its CSRF token, not what somebody else may have planted in it.
    session.clear()
    session[BY_LINK] = person.fs_uniquifier
    session["began_by"] = CameBy.LINK.value
    factors = current_app.extensions["security"].two_factor_plugins
    second: Response | None = factors.tf_enter(
        person, remember_me=False, primary_authn_via="link", next_loc=url_for("sign_in.password")
    )
    if second is not None:
        return second
    login_user(person, remember=False, authn_via=["link"])
    return redirect(url_for("sign_in.password"))


@bp.get("/password")
def password() -> str:
    """Choose a password."""
    return _form(_person(), {})


@bp.post("/password")
def set_password() -> Response | tuple[str, int]:
    """Keep it, and end every other session."""
    person = _person()
    faults = _faults(person, request.form.get("current", ""), request.form.get("password", ""))
    if faults:
        return _form(person, faults), 422
    people = cast("People", current_app.extensions["security"].datastore)
    came_by = person.came_by or CameBy.PASSWORD
    people.set_password(person, hash_password(_normal(request.form["password"])))
    session.clear()
    login_user(person, remember=False, authn_via=[came_by.value])
    flash(gettext("Your password is set. Other places where you were signed in are signed out."))
    return redirect(url_for("home.show"))


def _person() -> Person:
    return cast("Person", current_user._get_current_object())


def _form(person: Person, faults: dict[str, str]) -> str:
    needed = _needs_current(person)
    return render_template("security/password.html", needed=needed, least=PASSWORD_LENGTH, faults=faults)


def _needs_current(person: Person) -> bool:
    return person.password is not None and session.get(BY_LINK) != person.fs_uniquifier


def _faults(person: Person, current: str, chosen: str) -> dict[str, str]:
    faults = {}
    if _needs_current(person) and not person.verify_and_update_password(_normal(current)):
        faults["current"] = gettext("This is not your current password.")
    if len(_normal(chosen)) < PASSWORD_LENGTH:
        faults["password"] = gettext("Take %(number)s characters or more.", number=PASSWORD_LENGTH)
    return faults


def _normal(typed: str) -> str:
    # As Flask-Security does when it compares: keyboards differ in how they compose an accented letter.
    return normalize("NFKD", typed)
