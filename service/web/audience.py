"""The audience of a release: choosing it with its exact number, why somebody gets it or not, and its waves."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import accounts, audiences, journalists, releases, senders, topics
from service.addresses import BadAddress
from service.audiences import BadStages
from service.errors import NotFound
from service.models import Journalist, Release, Role, Sender
from service.releases.audience import Whom
from service.web import audience_form, rights, words
from service.web.audience_words import LEFT_OUT, wave
from service.web.database import transaction

bp = Blueprint("audience", __name__)

Page = Response | tuple[str, int] | str
MOST_FOUND = 20
ASKS_WHY = (Role.WRITE, Role.APPROVE, Role.SEND, Role.JOURNALISTS)
"""Who sees single people of it: names and addresses."""


@bp.get("/releases/<uuid:id_>/audience")
def choose(id_: UUID) -> str:
    """Whom it is for, and how many that is."""
    with transaction() as session:
        return render_template("audience/choose.html", **_kept(session, rights.release(session, id_)))


@bp.post("/releases/<uuid:id_>/audience")
def save(id_: UUID) -> Page:
    """Keep the choice; or only count it, for a browser without JavaScript."""
    with transaction() as session:
        release = _to_write(session, id_)
        sender = senders.get(session, release.sender_id)
        given = audience_form.read(session, sender, request.form)
        if request.form.get("act") == "count" and not given.faults:
            return render_template("audience/choose.html", **_typed(session, release, given))
        if not given.faults:
            _readdress(session, release, given)
        if given.faults:
            return render_template("audience/choose.html", **_typed(session, release, given)), 422
    flash(gettext("Saved."))
    return redirect(url_for("audience.choose", id_=id_))


def _readdress(session: Session, release: Release, given: audience_form.Read) -> None:
    by = rights.account(session)
    try:
        releases.readdress(session, release, by=by, topics=given.topics, audience=given.audience)
    except releases.NoTopic as fault:
        given.faults["topics"] = words.refusal(fault)
    except BadStages as fault:
        given.faults["first"] = words.refusal(fault)


@bp.post("/releases/<uuid:id_>/audience/count")
def count(id_: UUID) -> Page:
    """How many it would be: the part of the page that follows the form. Nothing is kept."""
    with transaction() as session:
        release = _to_write(session, id_)
        given = audience_form.read(session, senders.get(session, release.sender_id), request.form)
        return render_template("audience/_reach.html", **_numbers(session, release, _whom(release, given)))


@bp.post("/releases/<uuid:id_>/audience/why")
def why(id_: UUID) -> Page:
    """Why somebody, known by address or name, gets it or not."""
    asked = " ".join(request.form.get("who", "").split())[:200]
    with transaction() as session:
        release = rights.release_with(session, id_, ASKS_WHY)
        found = _found(session, senders.get(session, release.sender_id), asked)
        told = releases.why(session, release, found[0]) if len(found) == 1 else None
        return render_template(
            "audience/why.html",
            release=release,
            edition=release.editions[0],
            asked=asked,
            people=found,
            most=MOST_FOUND,
            why=told,
            left_out=LEFT_OUT,
            wave_name=wave,
        )


def _found(session: Session, sender: Sender, asked: str) -> list[Journalist]:
    if not asked:
        return []
    try:
        return [journalists.by_address(session, sender, asked)]
    except (NotFound, BadAddress):
        return journalists.all(session, sender, search=asked, limit=MOST_FOUND)


@bp.get("/releases/<uuid:id_>/waves")
def waves(id_: UUID) -> str:
    """The waves of a release, and what may be done about those to come."""
    with transaction() as session:
        return render_template("audience/waves.html", **_waves(session, rights.release(session, id_)))


@bp.post("/releases/<uuid:id_>/waves/<int:number>/start")
def start(id_: UUID, number: int) -> Page:
    """Let a wave leave now."""
    with transaction() as session:
        releases.start_wave(session, rights.release_to_send(session, id_), number, by=rights.account(session))
    flash(gettext("It leaves now."))
    return redirect(url_for("audience.waves", id_=id_))


@bp.get("/releases/<uuid:id_>/waves/<int:number>/drop")
def ask_to_drop(id_: UUID, number: int) -> str:
    """A page that names the effect."""
    with transaction() as session:
        release = rights.release_to_send(session, id_)
        return render_template("audience/drop.html", number=number, **_waves(session, release))


@bp.post("/releases/<uuid:id_>/waves/<int:number>/drop")
def drop(id_: UUID, number: int) -> Page:
    """Let this wave and those after it not leave."""
    with transaction() as session:
        releases.drop_wave(session, rights.release_to_send(session, id_), number, by=rights.account(session))
    flash(gettext("Dropped. Whoever had not got it will not get it by a wave."))
    return redirect(url_for("audience.waves", id_=id_))


def _to_write(session: Session, id_: UUID) -> Release:
    release = rights.release(session, id_)
    accounts.require_on(rights.account(session), release, Role.WRITE)
    return release


def _whom(release: Release, given: audience_form.Read) -> Whom:
    languages = tuple(edition.language for edition in release.editions)
    return Whom(tuple(topic.id for topic in given.topics), languages, given.audience)


def _kept(session: Session, release: Release) -> dict[str, Any]:
    sender = senders.get(session, release.sender_id)
    chosen = {topic.topic_id for topic in release.topics}
    theirs = [topic for topic in topics.all(session, sender) if topic.id in chosen]
    kept = audience_form.kept(session, sender, theirs, audiences.of(session, release))
    return {**_form(session, release, sender, kept, {}), **_numbers(session, release, None)}


def _typed(session: Session, release: Release, given: audience_form.Read) -> dict[str, Any]:
    sender = senders.get(session, release.sender_id)
    form = _form(session, release, sender, request.form, given.faults)
    return {**form, **_numbers(session, release, _whom(release, given))}


def _form(
    session: Session, release: Release, sender: Sender, given: audience_form.Given, faults: dict[str, str]
) -> dict[str, Any]:
    writes = accounts.may_on(rights.account(session), release, Role.WRITE)
    return {
        "sender": sender,
        "offered": audience_form.offered(session, sender),
        "given": given,
        "faults": faults,
        "locked": release.state not in releases.EDITABLE or not writes,
    }


def _numbers(session: Session, release: Release, whom: Whom | None) -> dict[str, Any]:
    by = rights.account(session)
    asks = any(accounts.may_on(by, release, role) for role in ASKS_WHY)
    reach = releases.reach_of(session, release, whom) if whom else releases.reach(session, release)
    return {
        "asks": asks,
        "release": release,
        "edition": release.editions[0],
        "reach": reach,
        "sample": releases.sample(session, release, whom=whom, total=reach.total) if asks else [],
        "left_out": LEFT_OUT,
        "wave_name": wave,
        "waves": releases.waves_of(session, release),
        "unsaved": whom is not None,
    }


def _waves(session: Session, release: Release) -> dict[str, Any]:
    return {
        "release": release,
        "edition": release.editions[0],
        "waves": releases.waves_of(session, release),
        "wave_name": wave,
        "steers": accounts.may_on(rights.account(session), release, Role.SEND),
    }
