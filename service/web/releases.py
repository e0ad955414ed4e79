"""Releases: the list of them, and the page from which one is watched and steered."""

from time import perf_counter
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import accounts, approvals, deliveries, holds, notices, releases, senders
from service.models import Decision, DeliveryState, Release, ReleaseState, Role
from service.releases.overview import Trouble, Wanted, count, overview, topics_of
from service.releases.progress import progress
from service.releases.slow import slow_domains
from service.web import lists, polling, rights
from service.web.database import transaction

bp = Blueprint("releases", __name__)

MOST_DAYS = 3660
MOVING = (ReleaseState.SCHEDULED, ReleaseState.SENDING, ReleaseState.PAUSED)


@bp.get("/releases")
def index() -> str:
    """All releases she may see, newest first."""
    wanted, number = _wanted(), lists.page_number()
    with transaction() as session:
        mine = rights.senders(session)
        pages = lists.Pages(number, count(session, senders=mine, wanted=wanted))
        found = overview(session, senders=mine, wanted=wanted, skip=pages.skipped, limit=pages.size)
    return render_template(
        "releases/index.html", releases=found, pages=pages, wanted=wanted, narrowed=wanted != Wanted(), Trouble=Trouble
    )


@bp.get("/releases/<uuid:id_>")
def show(id_: UUID) -> str:
    """One release on its way."""
    with transaction() as session:
        release = rights.release(session, id_)
        return render_template(
            "releases/show.html", notices=notices.about(session, release), **_state(session, release)
        )


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
    flash(gettext("Paused. Nothing new starts until you resume."))
    return redirect(url_for("releases.show", id_=id_))


@bp.post("/releases/<uuid:id_>/resume")
def resume(id_: UUID) -> Response:
    """Go on where it stopped."""
    with transaction() as session:
        releases.resume(session, rights.release_to_send(session, id_), by=rights.account(session))
    flash(gettext("Resumed. It goes on where it stopped; nobody gets it twice."))
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
    flash(gettext("Stopped. Whoever had not got it will not get it."))
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
    flash(gettext("It leaves now for those who subscribed since."))
    return redirect(url_for("releases.show", id_=id_))


def _wanted() -> Wanted:
    return Wanted(
        states=lists.many_of("state", ReleaseState),
        words=lists.words(),
        topic=lists.id_of("topic"),
        days=lists.number("days", 1, MOST_DAYS),
        trouble=lists.one_of("trouble", Trouble),
    )


def _words(session: Session, release: Release) -> dict[str, Any]:
    """What was said of its approval: whether one is waited for, and what was approved without the right to."""
    said = approvals.history(session, release)
    waits = release.state is ReleaseState.DRAFT and bool(said) and said[-1].decision is Decision.REQUESTED
    return {"waits": waits, "emergencies": approvals.emergencies(said)}


def _state(session: Session, release: Release) -> dict[str, Any]:
    began = perf_counter()
    counted = progress(session, release.id)
    moving = release.state in MOVING and counted.states.get(DeliveryState.DEFERRED)
    slow = slow_domains(session, release.id) if moving else ()
    taken = perf_counter() - began
    steers = accounts.may_on(rights.account(session), release, Role.SEND)
    domain = senders.get(session, release.sender_id).address.rpartition("@")[2]
    return {
        "holds": holds.concerning(session, domain) if release.state in MOVING else (),
        "release": release,
        "edition": release.editions[0],
        "topics": topics_of(session, [release.id]).get(release.id, ()),
        "steers": steers,
        **_words(session, release),
        "writes": accounts.may_on(rights.account(session), release, Role.WRITE),
        "progress": counted,
        "pace": releases.pace_of(session, release),
        "resuming": releases.resuming(session, release),
        # It looks through the subscribers, so not while the page asks every two seconds.
        "newcomers": releases.newcomers(session, release) if steers and release.state is ReleaseState.SENT else 0,
        "begun": release.state in deliveries.SENT_AGAIN_IN and bool(counted.states),
        "slow": slow,
        **polling.again(taken, moving=release.state in MOVING),
    }
