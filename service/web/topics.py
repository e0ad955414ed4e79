"""Topics: what journalists subscribe to, how many do, and what is offered to them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from slugify import slugify
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import accounts, senders, topics
from service.errors import NotFound
from service.models import Role, Sender, Topic
from service.senders import BadSlug, SlugTaken
from service.topics import NoName
from service.web import rights, words
from service.web.database import transaction

bp = Blueprint("topics", __name__)

Page = Response | tuple[str, int]
LOOKING = (Role.JOURNALISTS, Role.ADMINISTER)


@bp.get("/topics")
def index() -> str:
    """Those of every newsroom she looks after, with their people."""
    with transaction() as session:
        return _page(session)


@bp.post("/topics")
def add() -> Page:
    """One more topic for a newsroom."""
    name, slug = request.form.get("name", ""), request.form.get("slug", "").strip()
    with transaction() as session:
        sender = _sender(session, request.form.get("newsroom", ""))
        accounts.require(rights.account(session), sender.id, Role.ADMINISTER)
        try:
            topics.add(session, sender, slug or slugify(name, max_length=60), name)
        except (NoName, SlugTaken, BadSlug) as fault:
            field = "name" if isinstance(fault, NoName) or not name.strip() else "slug"
            return _page(session, faults={field: words.refusal(fault)}), 422
    flash(gettext("Added. Journalists can subscribe to it from now on."))
    return redirect(url_for("topics.index"))


@bp.get("/topics/<uuid:id_>")
def show(id_: UUID) -> str:
    """One topic: its name, its people, and closing it."""
    with transaction() as session:
        return _one(session, _topic(session, id_))


@bp.post("/topics/<uuid:id_>/name")
def rename(id_: UUID) -> Page:
    """Another name for it."""
    with transaction() as session:
        topic = _topic(session, id_)
        try:
            topics.rename(session, topic, request.form.get("name", ""), by=rights.account(session))
        except NoName as fault:
            return _one(session, topic, faults={"name": words.refusal(fault)}), 422
    flash(gettext("Renamed. Its subscribers see the new name from now on."))
    return redirect(url_for("topics.index"))


@bp.post("/topics/<uuid:id_>/close")
def close(id_: UUID) -> Response:
    """Offer it to nobody any more."""
    with transaction() as session:
        topics.close(session, _topic(session, id_), by=rights.account(session))
    flash(gettext("Closed. Nobody can subscribe to it or choose it for a release; it can be opened again."))
    return redirect(url_for("topics.index"))


@bp.post("/topics/<uuid:id_>/reopen")
def reopen(id_: UUID) -> Response:
    """Offer it again."""
    with transaction() as session:
        topics.reopen(session, _topic(session, id_), by=rights.account(session))
    flash(gettext("Open again: journalists can subscribe to it."))
    return redirect(url_for("topics.index"))


def _mine(session: Session) -> list[Sender]:
    """The newsrooms whose topics she may look at. Raises NotAllowed when there is none."""
    account = rights.account(session)
    ids = rights.looked_after(account, LOOKING)
    if not ids:
        raise accounts.NotAllowed(Role.JOURNALISTS)
    return [one for one in accounts.senders_of(session, account) if one.id in ids]


def _sender(session: Session, slug: str) -> Sender:
    found = next((one for one in _mine(session) if one.slug == slug), None)
    if found is None:
        raise NotFound("There is no such newsroom.")
    return found


def _topic(session: Session, id_: UUID) -> Topic:
    return topics.get(session, id_, senders=[one.id for one in _mine(session)])


def _page(session: Session, faults: dict[str, str] | None = None) -> str:
    mine, account = _mine(session), rights.account(session)
    run = [one for one in mine if accounts.may(account, one.id, Role.ADMINISTER)]
    typed: dict[str, Any] = {name: request.form.get(name, "") for name in ("name", "slug", "newsroom")}
    return render_template(
        "topics/index.html",
        newsrooms=[(one, topics.counted(session, one)) for one in mine],
        run=[(one.slug, one.name) for one in run],
        typed=typed,
        faults=faults or {},
    )


def _one(session: Session, topic: Topic, faults: dict[str, str] | None = None) -> str:
    sender = senders.get(session, topic.sender_id)
    people = next(one for one in topics.counted(session, sender) if one.topic.id == topic.id)
    return render_template(
        "topics/show.html",
        topic=topic,
        sender=sender,
        people=people,
        runs=accounts.may(rights.account(session), sender.id, Role.ADMINISTER),
        typed=request.form.get("name", topic.name),
        faults=faults or {},
    )
