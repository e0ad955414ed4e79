"""A release and the world: its place in the newsroom, and who may read it before everybody else."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import journalists, senders
from service.addresses import BadAddress
from service.errors import NotFound
from service.models import AccountMailState, Publication, Release
from service.newsroom import embargo, kit, places, publishing
from service.newsroom.embargo import NotToBeMailed
from service.web import rights, words
from service.web.database import transaction

bp = Blueprint("readers", __name__)


LETTER_STATES = {
    None: "",
    AccountMailState.QUEUED: lazy_gettext("The mail with it leaves in a moment."),
    AccountMailState.ATTEMPTING: lazy_gettext("The mail with it leaves in a moment."),
    AccountMailState.DEFERRED: lazy_gettext("The mail with it is tried again."),
    AccountMailState.ACCEPTED: lazy_gettext("Mailed."),
    AccountMailState.FAILED: lazy_gettext("The mail with it was not accepted."),
    AccountMailState.UNCERTAIN: lazy_gettext("Nobody can know whether the mail with it arrived."),
}


@bp.get("/releases/<uuid:id_>/newsroom")
def show(id_: UUID) -> str:
    """Where it stands in the newsroom, who was granted it early, who accepted and opened it."""
    with transaction() as session:
        release = rights.release_to_send(session, id_)
        return render_template("readers/show.html", faults={}, address="", **_state(session, release))


@bp.post("/releases/<uuid:id_>/newsroom/readers")
def accredit(id_: UUID) -> Response | tuple[str, int]:
    """Grant it to a journalist the newsroom knows, and mail her the link."""
    address = request.form.get("address", "")
    with transaction() as session:
        release, by = rights.release_to_send(session, id_), rights.account(session)
        try:
            who = journalists.by_address(session, senders.get(session, release.sender_id), address)
        except (NotFound, BadAddress):
            fault = gettext("No journalist of this newsroom has this address. Add the journalist first.")
            context = {"faults": {"address": fault}, "address": address, **_state(session, release)}
            return render_template("readers/show.html", **context), 422
        reader = embargo.accredit(session, release, who, by=by).id
        try:
            embargo.mail(session, release, reader, by=by)
        except NotToBeMailed as fault:
            flash(gettext("Granted.") + " " + words.refusal(fault))
        else:
            flash(gettext("Granted. The mail with the link leaves now; it opens once the embargo is accepted."))
    return redirect(url_for("readers.show", id_=id_))


@bp.post("/releases/<uuid:id_>/newsroom/readers/<uuid:reader>/mail")
def mail(id_: UUID, reader: UUID) -> Response:
    """Mail her the link once more."""
    with transaction() as session:
        embargo.mail(session, rights.release_to_send(session, id_), reader, by=rights.account(session))
    flash(gettext("The mail with the link leaves now."))
    return redirect(url_for("readers.show", id_=id_))


@bp.post("/releases/<uuid:id_>/newsroom/readers/<uuid:reader>/revoke")
def revoke(id_: UUID, reader: UUID) -> Response:
    """Let her link open nothing any more."""
    with transaction() as session:
        embargo.revoke(session, rights.release_to_send(session, id_), reader, by=rights.account(session))
    flash(gettext("Revoked. The link opens nothing from now on."))
    return redirect(url_for("readers.show", id_=id_))


@bp.post("/releases/<uuid:id_>/newsroom/shown")
def choose(id_: UUID) -> Response:
    """Let it appear in the newsroom, or only go by mail."""
    shown = request.form.get("shown") == "yes"
    with transaction() as session:
        publishing.show(session, rights.release_to_send(session, id_), by=rights.account(session), shown=shown)
    flash(gettext("It will appear in the newsroom.") if shown else gettext("It goes by mail only."))
    return redirect(url_for("readers.show", id_=id_))


@bp.get("/releases/<uuid:id_>/newsroom/withdraw")
def ask_to_withdraw(id_: UUID) -> str:
    """A page that names the effect."""
    with transaction() as session:
        return render_template("readers/withdraw.html", **_state(session, rights.release_to_send(session, id_)))


@bp.post("/releases/<uuid:id_>/newsroom/withdraw")
def withdraw(id_: UUID) -> Response:
    """Take it out of the newsroom, for good."""
    reason = request.form.get("reason", "").strip()[:500]
    with transaction() as session:
        publishing.withdraw(session, rights.release_to_send(session, id_), by=rights.account(session), reason=reason)
    flash(gettext("Withdrawn. Its address says so from now on, and feeds no longer carry it."))
    return redirect(url_for("readers.show", id_=id_))


def _state(session: Session, release: Release) -> dict[str, Any]:
    publication = session.get(Publication, release.id)
    newsroom = senders.get(session, release.sender_id).slug
    return {
        "release": release,
        "edition": release.editions[0],
        "publication": publication,
        "is_open": publishing.is_open(session, release.id),
        "place": places.release(newsroom, publication.slug) if publication else "",
        "readers": embargo.readers(session, release),
        "link": places.embargo,
        "letter_states": LETTER_STATES,
        "underway": embargo.UNDERWAY,
        "downloads": kit.downloads(session, release.id),
        "kit": kit.KIT,
    }
