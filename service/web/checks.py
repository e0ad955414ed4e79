"""The checks of a release: each with the way to its field, and its links, tried when somebody asks for it."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import checks
from service.checks import Check, Level
from service.models import Release
from service.web import rights, words
from service.web.database import transaction

bp = Blueprint("checks", __name__)

ARRANGED = ("topics", "contacts", "embargo", "zone")
"""Fields of the page on which audience, contacts and embargo are said."""
LANGUAGES = ("code", "instead")
"""Values that are languages."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A check as a page shows it: its sentence, and where it is put right."""

    blocking: bool
    words: str
    place: str
    address: str


@bp.get("/releases/<uuid:id_>/checks")
def show(id_: UUID) -> str:
    """All that was found."""
    with transaction() as session:
        release = rights.release(session, id_)
        return render_template(
            "approvals/checks.html",
            release=release,
            edition=release.editions[0],
            checks=found_in(session, release),
            **rights.ways(session, release),
            links=len(checks.to_try(session, release)),
        )


@bp.post("/releases/<uuid:id_>/checks/links")
def try_links(id_: UUID) -> Response:
    """Try its links now, and keep what they answer. No transaction is open while they are asked."""
    with transaction() as session:
        urls = checks.to_try(session, rights.release(session, id_))
    answers = checks.try_all(urls)
    with transaction() as session:
        checks.keep(session, rights.release(session, id_), answers, by=rights.account(session))
    flash(ngettext("%(n)s link was tried.", "%(n)s links were tried.", len(urls), n=words.number(len(urls))))
    return redirect(url_for("checks.show", id_=id_))


def found_in(session: Session, release: Release) -> list[Shown]:
    """What the checks find in a release, to be shown."""
    return [shown(check, release) for check in checks.of(session, release)]


def shown(check: Check, release: Release) -> Shown:
    """One of them."""
    values = {name: words.language(str(value)) if name in LANGUAGES else value for name, value in check.values.items()}
    place = words.FIELDS.get(check.field, "")
    said = f"{place} ({words.language(check.language)})" if check.language and len(release.editions) > 1 else str(place)
    sentence = gettext(check.words, **values)
    return Shown(check.level is Level.BLOCKING, sentence, said, _address(check, release))


def _address(check: Check, release: Release) -> str:
    if check.field in ARRANGED:
        return url_for("writing.arrange", id_=release.id, _anchor=check.field)
    if check.field == "kit":
        return url_for("readers.show", id_=release.id)
    language = check.language or release.editions[0].language
    return url_for("writing.edit", id_=release.id, language=language, _anchor=check.field)
