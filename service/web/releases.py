"""Releases: the list of them, and the page from which one is watched and steered."""

from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import accounts, deliveries, holds, releases, senders
from service.models import Release, ReleaseState, Role
from service.releases.overview import overview, topics_of
from service.releases.progress import progress
from service.web import rights
from service.web.database import transaction

bp = Blueprint("releases", __name__)

MOVING = (ReleaseState.SCHEDULED, ReleaseState.SENDING, ReleaseState.PAUSED)


@bp.get("/")
def home() -> Response:
    """The first page there is."""
    return redirect(url_for("releases.index"))


@bp.get("/releases")
def index() -> str:
    """All releases she may see, newest first."""
    with transaction() as session:
        found = overview(session, senders=rights.senders(session))
    return render_template("releases/index.html", releases=found)


@bp.get("/releases/<uuid:id_>")
def show(id_: UUID) -> str:
    """One release on its way."""
    with transaction() as session:
        return render_template("releases/show.html", **_state(session, rights.release(session, id_)))


@bp.get("/releases/<uuid:id_>/live")
def live(id_: UUID) -> str:
    """The part of that page that moves."""
    with transaction() as session:
        return render_template("releases/_live.html", **_state(session, rights.release(session, id_)))


@bp.post("/releases/<uuid:id_>/pause")
def pause(id_: UUID) -> Response:
    """Start nothing new."""
    with transaction() as session:
        releases.pause(session, rights.release_to_send(session, id_), by=rights.account(session))
    flash("Paused. Nothing new starts until you resume.")
    return redirect(url_for("releases.show", id_=id_))


@bp.post("/releases/<uuid:id_>/resume")
def resume(id_: UUID) -> Response:
    """Go on where it stopped."""
    with transaction() as session:
        releases.resume(session, rights.release_to_send(session, id_), by=rights.account(session))
    flash("Resumed. It goes on where it stopped; nobody gets it twice.")
    return redirect(url_for("releases.show", id_=id_))


@bp.get("/releases/<uuid:id_>/stop")
def ask_to_stop(id_: UUID) -> str:
    """A page that names the effect."""
    with transaction() as session:
        return render_template("releases/stop.html", **_state(session, rights.release_to_send(session, id_)))


@bp.post("/releases/<uuid:id_>/stop")
def stop(id_: UUID) -> Response:
    """Start nothing new, for good."""
    with transaction() as session:
        releases.cancel(session, rights.release_to_send(session, id_), by=rights.account(session))
    flash("Stopped. Whoever had not got it will not get it.")
    return redirect(url_for("releases.show", id_=id_))


@bp.get("/releases/<uuid:id_>/later")
def ask_to_extend(id_: UUID) -> str:
    """A page that says how many subscribed since."""
    with transaction() as session:
        release = rights.release_to_send(session, id_)
        people = releases.newcomers(session, release)
        return render_template("releases/later.html", release=release, edition=release.editions[0], people=people)


@bp.post("/releases/<uuid:id_>/later")
def extend(id_: UUID) -> Response:
    """Send it to those who subscribed since."""
    with transaction() as session:
        releases.extend(session, rights.release_to_send(session, id_), by=rights.account(session))
    flash("It leaves now for those who subscribed since.")
    return redirect(url_for("releases.show", id_=id_))


def _state(session: Session, release: Release) -> dict[str, Any]:
    began = perf_counter()
    counted = progress(session, release.id)
    taken = perf_counter() - began
    steers = accounts.may(rights.account(session), release.sender_id, Role.SEND)
    domain = senders.get(session, release.sender_id).address.rpartition("@")[2]
    return {
        "holds": holds.concerning(session, domain) if release.state in MOVING else (),
        "release": release,
        "edition": release.editions[0],
        "topics": topics_of(session, [release.id]).get(release.id, ()),
        "steers": steers,
        "progress": counted,
        "pace": releases.pace_of(session, release),
        "resuming": releases.resuming(session, release),
        # It looks through the subscribers, so not while the page asks every two seconds.
        "newcomers": releases.newcomers(session, release) if steers and release.state is ReleaseState.SENT else 0,
        "begun": release.state in deliveries.SENT_AGAIN_IN and bool(counted.states),
        "asked": uuid4().hex[:8],
        # Ask again after two seconds, later as answers slow, and not at all when there is nothing left to see.
        "again": round(min(2 + 10 * taken, 30), 1) if release.state in MOVING else None,
    }
