"""The files of a release: put in, described, taken out, and taken over from what the newsroom has already."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from service import accounts
from service.errors import Refused
from service.models import Release, ReleaseState, Role
from service.newsroom import kit, pictures
from service.newsroom.kit import BadFile, Caption
from service.scanning import Infected, ScannerAway
from service.web import lists, rights, words
from service.web.database import transaction

bp = Blueprint("media", __name__)

FORM = 100_000
"""Bytes of a form beside its file."""
SAID = ("caption", "credit", "alt", "rights")


@bp.url_value_preprocessor
def let_files_in(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Larger requests than elsewhere, said before anybody reads the form."""
    if endpoint == "media.add":
        request.max_content_length = kit.LARGEST + FORM


@bp.get("/releases/<uuid:id_>/files")
def index(id_: UUID) -> str:
    """The files of a release, room for one more, and what the newsroom has."""
    with transaction() as session:
        return _listing(session, _to_write(session, id_), {})


@bp.post("/releases/<uuid:id_>/files")
def add(id_: UUID) -> ResponseReturnValue:
    """One file more."""
    upload = request.files.get("file")
    with transaction() as session:
        release, by = _to_write(session, id_), rights.account(session)
        if upload is None or not upload.filename:
            return _listing(session, release, {"file": gettext("Choose a file.")}), 422
        try:
            content = upload.read(kit.LARGEST + 1)
            kit.attach(session, release, upload.filename, upload.mimetype, content, by=by, said=_said())
        except (BadFile, pictures.BadPicture, Infected, ScannerAway) as fault:
            return _listing(session, release, {"file": words.refusal(fault)}), 422
    flash(gettext("Added. It is approved and opens with the release."))
    return redirect(url_for("media.index", id_=id_))


@bp.post("/releases/<uuid:id_>/files/<key>/words")
def describe(id_: UUID, key: str) -> ResponseReturnValue:
    """Say something else of it."""
    with transaction() as session:
        kit.describe(session, _to_write(session, id_), key, _said(), by=rights.account(session))
    flash(gettext("Saved."))
    return redirect(url_for("media.index", id_=id_))


@bp.post("/releases/<uuid:id_>/files/<key>/drop")
def drop(id_: UUID, key: str) -> ResponseReturnValue:
    """Take it out of this release."""
    with transaction() as session:
        kit.detach(session, _to_write(session, id_), key, by=rights.account(session))
    flash(gettext("Taken out. Other releases that have it keep it."))
    return redirect(url_for("media.index", id_=id_))


@bp.post("/releases/<uuid:id_>/files/again")
def again(id_: UUID) -> ResponseReturnValue:
    """Take over what another release has."""
    with transaction() as session:
        kit.reuse(session, _to_write(session, id_), _id(request.form.get("file", "")), by=rights.account(session))
    flash(gettext("Added, with all that is said of it."))
    return redirect(url_for("media.index", id_=id_))


@bp.get("/releases/<uuid:id_>/files/<key>")
def show(id_: UUID, key: str) -> ResponseReturnValue:
    """Its preview, for whoever may see the release."""
    with transaction() as session:
        found = kit.file(session, rights.release(session, id_).id, key, preview=True)
    return Response(found.content, content_type=found.type)


def _to_write(session: Session, id_: UUID) -> Release:
    release = rights.release(session, id_)
    accounts.require_on(rights.account(session), release, Role.WRITE)
    return release


def _said() -> Caption:
    return Caption(**{name: request.form.get(name, "") for name in SAID})


def _id(word: str) -> UUID:
    try:
        return UUID(word)
    except ValueError:
        raise Refused("This form could not be read. Go back, reload the page and try again.") from None


def _listing(session: Session, release: Release, faults: dict[str, str]) -> str:
    return render_template(
        "media/index.html",
        release=release,
        edition=release.editions[0],
        files=kit.of(session, release),
        others=kit.library(session, release, words=lists.words()),
        q=lists.words(),
        locked=release.state is not ReleaseState.DRAFT,
        typed=_said() if faults else Caption(),
        largest=kit.LARGEST // 1_000_000,
        faults=faults,
    )
