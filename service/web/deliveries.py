"""What a person decides about mails that are uncertain, have failed, or wait for their next try."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import deliveries
from service.deliveries.retrying import RETRIED
from service.errors import Refused
from service.models import Delivery, DeliveryState, Release
from service.releases.progress import progress
from service.web import rights, words
from service.web.database import transaction

bp = Blueprint("deliveries", __name__)

MOST = 200
ALL = "all"
VERDICTS = {"arrived": True, "again": False}


class Unreadable(Refused):
    """A form that none of our pages sends."""

    def __init__(self) -> None:
        super().__init__("This form could not be read. Go back, reload the page and try again.")


@bp.get("/releases/<uuid:id_>/uncertain")
def uncertain(id_: UUID) -> str:
    """Whose mail is uncertain, and what is known."""
    with transaction() as session:
        release = rights.release_to_send(session, id_)
        found = deliveries.uncertain(session, id_, limit=MOST)
        total = len(found) if len(found) < MOST else progress(session, id_).states[DeliveryState.UNCERTAIN]
        return render_template(
            "deliveries/uncertain.html", release=release, edition=release.editions[0], found=found, total=total
        )


@bp.post("/releases/<uuid:id_>/uncertain")
def settle(id_: UUID) -> Response:
    """Decide about one of them, or all."""
    which, verdict = request.form.get("delivery", ""), request.form.get("verdict", "")
    if verdict not in VERDICTS:
        raise Unreadable
    with transaction() as session:
        release, by = rights.release_to_send(session, id_), rights.account(session)
        if which == ALL:
            deliveries.settle_all(session, release, accepted=VERDICTS[verdict], by=by)
        else:
            deliveries.settle(session, _one(session, release, which), accepted=VERDICTS[verdict], by=by)
    arrived, again = gettext("Taken as accepted."), gettext("It goes once more; what went twice already has failed.")
    flash(arrived if VERDICTS[verdict] else again)
    return redirect(url_for("deliveries.uncertain", id_=id_))


@bp.get("/releases/<uuid:id_>/retry")
def retry(id_: UUID) -> str:
    """What failed and what waits, by reason and one by one."""
    with transaction() as session:
        release = rights.release_to_send(session, id_)
        return render_template(
            "deliveries/retry.html",
            release=release,
            edition=release.editions[0],
            troubles=[trouble for trouble in progress(session, id_).troubles if trouble.state in RETRIED],
            found=deliveries.retryable(session, id_, limit=MOST),
            set_aside=deliveries.SET_ASIDE,
            most=MOST,
        )


@bp.post("/releases/<uuid:id_>/retry")
def try_again(id_: UUID) -> Response:
    """Try one of them again, those of one reason, or all that failed."""
    which = request.form.get("delivery", "")
    with transaction() as session:
        release, by = rights.release_to_send(session, id_), rights.account(session)
        if which:
            deliveries.retry(session, _one(session, release, which), by=by)
            number = 1
        else:
            state, reason = _state(request.form.get("state", "")), request.form.get("reason", "")
            number = deliveries.retry_failed(session, release, by=by, state=state, reason=reason)
    flash(ngettext("%(n)s is tried again now.", "%(n)s are tried again now.", number, n=words.number(number)))
    return redirect(url_for("deliveries.retry", id_=id_))


def _one(session: Session, release: Release, which: str) -> Delivery:
    try:
        return deliveries.get(session, release.id, UUID(which))
    except ValueError:
        raise Unreadable from None


def _state(word: str) -> DeliveryState:
    try:
        return DeliveryState(word)
    except ValueError:
        raise Unreadable from None
