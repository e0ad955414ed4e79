"""What an officer says to one journalist or topic above a release, and the one question to those without an answer."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import accounts, addresses, follow_ups, journalists, pitches, releases, senders, topics
from service.errors import NotFound, Refused
from service.models import Journalist, Release, Role, Topic
from service.web import rights, words
from service.web.database import transaction

bp = Blueprint("pitches", __name__)

Page = Response | tuple[str, int] | str


@bp.get("/releases/<uuid:id_>/pitch")
def index(id_: UUID) -> str:
    """All notes of a release, and room for one more."""
    with transaction() as session:
        return _listing(session, _to_write(session, id_), {})


@bp.post("/releases/<uuid:id_>/pitch")
def say(id_: UUID) -> Page:
    """One note more, for a person or a topic."""
    with transaction() as session:
        release, by = _to_write(session, id_), rights.account(session)
        try:
            person, topic = _journalist(session, release), _topic(session, release)
            pitches.say(session, release, request.form.get("note", ""), by=by, journalist=person, topic=topic)
        except pitches.BadNote as fault:
            return _listing(session, release, {"note": words.refusal(fault)}), 422
        except (pitches.NotForThem, addresses.BadAddress, NotFound) as fault:
            return _listing(session, release, {"journalist": words.refusal(fault)}), 422
    flash(gettext("Kept. It stands above the release for them, and for nobody else."))
    return redirect(url_for("pitches.index", id_=id_))


@bp.post("/releases/<uuid:id_>/pitch/drop")
def drop(id_: UUID) -> Page:
    """Say it to nobody."""
    with transaction() as session:
        release = _to_write(session, id_)
        pitches.take_back(session, release, _id(request.form.get("pitch", "")), by=rights.account(session))
    flash(gettext("Taken back."))
    return redirect(url_for("pitches.index", id_=id_))


@bp.get("/releases/<uuid:id_>/follow-up")
def ask(id_: UUID) -> str:
    """How many did not answer, and room for a question to them."""
    with transaction() as session:
        return _asking(session, _to_write(session, id_), {})


@bp.post("/releases/<uuid:id_>/follow-up")
def begin(id_: UUID) -> Page:
    """A draft of that question."""
    with transaction() as session:
        release = _to_write(session, id_)
        said = {one.language: request.form.get(f"said-{one.language}", "") for one in release.editions}
        try:
            written = follow_ups.begin(session, release, said, by=rights.account(session))
        except follow_ups.NothingSaid as fault:
            first = next(language for language, text in said.items() if not text.strip())
            return _asking(session, release, {f"said-{first}": words.refusal(fault)}), 422
        address = url_for("notices.show", id_=written.id)
    flash(gettext("Written. It goes to nobody before somebody else has approved it."))
    return redirect(address)


def _to_write(session: Session, id_: UUID) -> Release:
    release = rights.release(session, id_)
    accounts.require_on(rights.account(session), release, Role.WRITE)
    return release


def _journalist(session: Session, release: Release) -> Journalist | None:
    address = request.form.get("journalist", "").strip()
    sender = senders.get(session, release.sender_id)
    return journalists.by_address(session, sender, address) if address else None


def _topic(session: Session, release: Release) -> Topic | None:
    return next((topic for topic in _topics(session, release) if topic.slug == request.form.get("topic", "")), None)


def _topics(session: Session, release: Release) -> list[Topic]:
    wanted = {topic.topic_id for topic in release.topics}
    return [topic for topic in topics.all(session, senders.get(session, release.sender_id)) if topic.id in wanted]


def _id(word: str) -> UUID:
    try:
        return UUID(word)
    except ValueError:
        raise Refused("This form could not be read. Go back, reload the page and try again.") from None


def _listing(session: Session, release: Release, faults: dict[str, str]) -> str:
    return render_template(
        "pitches/index.html",
        release=release,
        edition=release.editions[0],
        notes=pitches.of(session, release),
        topics=[(topic.slug, topic.name) for topic in _topics(session, release)],
        typed={name: request.form.get(name, "") if faults else "" for name in ("note", "journalist", "topic")},
        locked=release.state not in releases.EDITABLE,
        approved=release.state.value in ("approved", "scheduled"),
        longest=pitches.LONGEST,
        faults=faults,
    )


def _asking(session: Session, release: Release, faults: dict[str, str]) -> str:
    earlier = follow_ups.of(session, release)
    return render_template(
        "pitches/follow_up.html",
        release=release,
        edition=release.editions[0],
        waiting=follow_ups.waiting(session, release),
        earlier=earlier.release_id if earlier else None,
        typed={one.language: request.form.get(f"said-{one.language}", "") for one in release.editions},
        faults=faults,
    )
