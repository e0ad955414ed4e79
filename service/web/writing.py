"""Writing a release: its words in each language, whom it is for, how it will look, and what it was before."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session, object_session
from werkzeug.wrappers import Response as AnyResponse

from service import accounts, approvals, journalists, manuscripts, moments, releases, senders, topics
from service.approvals import Word
from service.errors import NotFound, Refused
from service.journalists import LANGUAGES
from service.manuscripts import BadHeadline, Manuscript, Unreadable
from service.models import Edition, Journalist, MediaContact, Release, ReleaseState, Role, Sender
from service.releases import ChangedMeanwhile
from service.releases.preview import part, preview, reader_of
from service.web import lists, rights, words
from service.web.database import transaction

bp = Blueprint("writing", __name__)

Page = AnyResponse | tuple[str, int] | str

LINES = ("headline", "subhead", "place", "dateline")
TEXTS = ("lead", "body", "boilerplate", "notes")
# What a mail may look like needs its own styles, and nothing else: no script, no form, no way out of the frame.
PREVIEW_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)


@bp.get("/releases/new")
def begin() -> str:
    """A page for the first words, or a file."""
    with transaction() as session:
        return render_template("writing/new.html", **_choices(session, request.args.get("newsroom", "")))


@bp.post("/releases/new")
def write() -> Page:
    """A new draft, out of a headline or a file."""
    faults: dict[str, str] = {}
    with transaction() as session:
        offered = _choices(session, request.form.get("newsroom", ""))
        sender: Sender = offered["sender"]
        try:
            manuscript = _manuscript()
            named = topics.by_slugs(session, sender, request.form.getlist("topics"))
            release = releases.write(session, sender, [manuscript], by=rights.account(session), topics=named)
        except Unreadable as fault:
            faults["file"] = words.refusal(fault)
        except BadHeadline as fault:
            faults["headline"] = words.refusal(fault)
        except (releases.NoTopic, topics.UnknownTopics) as fault:
            faults["topics"] = words.refusal(fault)
        if faults:
            return render_template("writing/new.html", **{**offered, "faults": faults}), 422
        if manuscript.remarks:
            return render_template("writing/imported.html", release=release, manuscript=manuscript)
        return redirect(url_for("writing.edit", id_=release.id, language=manuscript.language))


@bp.get("/releases/<uuid:id_>/write/<language>")
def edit(id_: UUID, language: str) -> str:
    """One edition, to be written."""
    with transaction() as session:
        release = _to_write(session, id_)
        return _editing(release, releases.edition_in(release, language))


@bp.post("/releases/<uuid:id_>/write/<language>")
def save(id_: UUID, language: str) -> Page:
    """Keep these words as a version; somebody else's are never written over unseen."""
    with transaction() as session:
        release = _to_write(session, id_)
        try:
            fields = _fields()
            edition = releases.edit(
                session, release, language, by=rights.account(session), seen=_number("version"), **fields
            )
        except ChangedMeanwhile as fault:
            return _editing(release, fault.edition, faults={"version": words.refusal(fault)}, theirs=True), 409
        except (BadHeadline, BadDate) as fault:
            name = "headline" if isinstance(fault, BadHeadline) else "dated"
            found = releases.edition_in(release, language)
            return _editing(release, found, faults={name: words.refusal(fault)}), 422
        releases.freeze(session, release, by=rights.account(session))
    flash(gettext("Saved as a version."))
    return redirect(url_for("writing.edit", id_=id_, language=edition.language))


@bp.post("/releases/<uuid:id_>/write/<language>/autosave")
def autosave(id_: UUID, language: str) -> tuple[Response, int] | Response:
    """Keep these words while she writes; no version is made of them."""
    with transaction() as session:
        release = _to_write(session, id_)
        try:
            fields = _fields()
            edition = releases.edit(
                session, release, language, by=rights.account(session), seen=_number("version"), **fields
            )
        except (ChangedMeanwhile, BadHeadline, BadDate) as fault:
            return jsonify(said=words.refusal(fault)), 409
        return jsonify(version=edition.version, said=gettext("All is saved."))


@bp.post("/releases/<uuid:id_>/editions")
def add(id_: UUID) -> Page:
    """One more language, empty or out of a file."""
    with transaction() as session:
        release = _to_write(session, id_)
        language = request.form.get("language", "")
        if language not in LANGUAGES:
            raise Refused("Choose one of the languages.")
        words_of_first = release.editions[0]
        blank = _blank(language, words_of_first.headline)
        releases.add_edition(session, release, blank, by=rights.account(session))
    flash(gettext("The headline is still that of the first edition: translate it too."))
    return redirect(url_for("writing.edit", id_=id_, language=language))


@bp.get("/releases/<uuid:id_>/editions/<language>/drop")
def ask_to_drop(id_: UUID, language: str) -> str:
    """A page that names the effect."""
    with transaction() as session:
        release = _to_write(session, id_)
        return render_template("writing/drop.html", release=release, edition=releases.edition_in(release, language))


@bp.post("/releases/<uuid:id_>/editions/<language>/drop")
def drop(id_: UUID, language: str) -> Page:
    """Leave a language out."""
    with transaction() as session:
        release = _to_write(session, id_)
        releases.freeze(session, release, by=rights.account(session))
        releases.drop_edition(session, release, language, by=rights.account(session))
        first = release.editions[0].language
    flash(gettext("Left out. Its words are in the versions, should you want them back."))
    return redirect(url_for("writing.edit", id_=id_, language=first))


@bp.get("/releases/<uuid:id_>/arrange")
def arrange(id_: UUID) -> str:
    """Whom it is for, whom to call, until when it is secret."""
    with transaction() as session:
        return _arranging(session, _to_write(session, id_), {})


@bp.post("/releases/<uuid:id_>/arrange")
def rearrange(id_: UUID) -> Page:
    """Say so."""
    with transaction() as session:
        release, by = _to_write(session, id_), rights.account(session)
        sender = senders.get(session, release.sender_id)
        try:
            releases.arrange(
                session,
                release,
                by=by,
                topics=topics.by_slugs(
                    session,
                    sender,
                    request.form.getlist("topics"),
                    also={topic.topic_id for topic in release.topics},
                ),
                contacts=senders.contacts_of(session, sender, _ids("contacts")),
                embargo=_embargo(),
                zone=request.form.get("zone", "UTC"),
            )
        except (releases.NoTopic, topics.UnknownTopics) as fault:
            return _arranging(session, release, {"topics": words.refusal(fault)}), 422
        except moments.NotAZone as fault:
            return _arranging(session, release, {"zone": words.refusal(fault)}), 422
        except (moments.NotATime, moments.NeverComes, moments.ComesTwice) as fault:
            twice = isinstance(fault, moments.ComesTwice)
            return _arranging(session, release, {"embargo": words.refusal(fault)}, twice=twice), 422
    flash(gettext("Saved."))
    return redirect(url_for("writing.arrange", id_=id_))


@bp.get("/releases/<uuid:id_>/preview/<language>")
def look(id_: UUID, language: str) -> Response:
    """The mail as it would leave now, made by the renderer of what leaves: `as` is html or text, `reader` somebody."""
    with transaction() as session:
        release = rights.release(session, id_)
        reader = reader_of(session, release, _reader(session, release))
        message = preview(session, release, releases.edition_in(release, language).language, reader)
    kind = "plain" if request.args.get("as") == "text" else "html"
    found = Response(part(message, kind), content_type=f"text/{kind}; charset=utf-8")
    found.headers["Content-Security-Policy"] = PREVIEW_POLICY
    return found


@bp.get("/releases/<uuid:id_>/versions")
def versions(id_: UUID) -> str:
    """All versions that were kept."""
    with transaction() as session:
        release = rights.release(session, id_)
        found = releases.versions(session, release)
        return render_template("writing/versions.html", release=release, edition=release.editions[0], versions=found)


@bp.get("/releases/<uuid:id_>/versions/<int:number>")
def version(id_: UUID, number: int) -> str:
    """What one version changed from the one before it, or from any other (`from`)."""
    with transaction() as session:
        release = rights.release(session, id_)
        earlier = lists.number("from", 1, 1_000_000) or number - 1
        after = releases.version(session, release, number)
        changes = releases.differences(releases.version(session, release, earlier), after) if earlier else ()
        return render_template(
            "writing/version.html",
            release=release,
            edition=release.editions[0],
            number=number,
            earlier=earlier,
            differences=changes,
            topic_names={
                str(topic.id): topic.name for topic in topics.all(session, senders.get(session, release.sender_id))
            },
            fields=words.FIELDS,
        )


class BadDate(Refused):
    """Write the day of the dateline as a date."""

    def __init__(self) -> None:
        super().__init__("Enter the day as a date, as 2026-12-01.")


def _to_write(session: Session, id_: UUID) -> Release:
    release = rights.release(session, id_)
    accounts.require_on(rights.account(session), release, Role.WRITE)
    return release


def _choices(session: Session, slug: str) -> dict[str, Any]:
    """The newsrooms she may write for, the one chosen, and its topics. Raises NotAllowed when there is none."""
    account = rights.account(session)
    mine = [
        one for one in accounts.senders_of(session, account) if accounts.may_anywhere_in(account, one.id, Role.WRITE)
    ]
    if not mine:
        raise accounts.NotAllowed(Role.WRITE)
    sender = next((one for one in mine if one.slug == slug), mine[0])
    about = [one for one in topics.open_ones(session, sender) if accounts.may(account, sender.id, Role.WRITE, one.id)]
    offered = [(topic.slug, topic.name) for topic in about]
    return {"senders": mine, "sender": sender, "topics": offered, "languages": words.named(LANGUAGES), "faults": {}}


def _manuscript() -> Manuscript:
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        return manuscripts.read_file(upload.filename, upload.read(manuscripts.LARGEST_FILE + 1))
    language = request.form.get("language", "en")
    return _blank(language if language in LANGUAGES else "en", request.form.get("headline", ""))


def _blank(language: str, headline: str) -> Manuscript:
    return Manuscript(language, "", headline, "", None, None, "", "", "", "", (), (), "utf-8", ())


def _fields() -> dict[str, str | date | None]:
    given: dict[str, str | date | None] = {name: " ".join(request.form.get(name, "").split()) for name in LINES}
    given |= {name: request.form.get(name, "").replace("\r\n", "\n").replace("\0", "").strip() for name in TEXTS}
    try:
        given["dated"] = date.fromisoformat(request.form["dated"]) if request.form.get("dated") else None
    except ValueError:
        raise BadDate from None
    return given


def _number(name: str) -> int:
    value = request.form.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _reader(session: Session, release: Release) -> Journalist | None:
    """The journalist chosen in the address, one of this newsroom's. Raises NotFound."""
    id_ = lists.id_of("reader")
    return journalists.get(session, id_, senders=[release.sender_id]) if id_ else None


def _ids(name: str) -> list[UUID]:
    try:
        return [UUID(value) for value in request.form.getlist(name)]
    except ValueError:
        raise NotFound("There is no such media contact.") from None


def _embargo() -> datetime | None:
    at = request.form.get("embargo", "")
    if not at:
        return None
    chosen = request.form.get("which", "")
    return moments.instant(at, request.form.get("zone", ""), which=int(chosen) if chosen in ("0", "1") else None)


def _editing(release: Release, edition: Edition, *, faults: dict[str, str] | None = None, theirs: bool = False) -> str:
    typed = {name: request.form.get(name, "") for name in (*LINES, *TEXTS, "dated")} if faults else None
    kept = {name: getattr(edition, name) or "" for name in (*LINES, *TEXTS, "dated")}
    names = {one.language for one in release.editions}
    return render_template(
        "writing/edit.html",
        release=release,
        edition=edition,
        value=typed or kept,
        theirs=kept if theirs else None,
        faults=faults or {},
        others=words.named(language for language in LANGUAGES if language not in names),
        locked=release.state not in releases.EDITABLE,
        fields=words.FIELDS,
        word=_word(release),
    )


def _word(release: Release) -> Word | None:
    """What was said last of its approval."""
    session = object_session(release)
    return approvals.standing(session, release) if session and release.state is ReleaseState.DRAFT else None


def _said_of(contact: MediaContact) -> str:
    return ", ".join(filter(None, (contact.role, contact.organisation, contact.phone, contact.email)))


def _arranging(session: Session, release: Release, faults: dict[str, str], *, twice: bool = False) -> str:
    sender = senders.get(session, release.sender_id)
    there = ZoneInfo(release.zone)
    kept = release.embargo.astimezone(there).strftime("%Y-%m-%dT%H:%M") if release.embargo else ""
    chosen = {topic.topic_id for topic in release.topics}
    return render_template(
        "writing/arrange.html",
        release=release,
        edition=release.editions[0],
        topics=[
            (topic.slug, topic.name)
            for topic in topics.all(session, sender)
            if topic.closed_at is None or topic.id in chosen
        ],
        chosen=request.form.getlist("topics")
        if faults
        else [topic.slug for topic in topics.all(session, sender) if topic.id in chosen],
        contacts=[(str(one.id), one.name, _said_of(one)) for one in senders.all_contacts(session, sender)],
        named=[str(named.contact_id) for named in release.contacts],
        embargo=request.form.get("embargo", "") if faults else kept,
        zone=request.form.get("zone", "") if faults else release.zone,
        zones=sorted(available_timezones()),
        twice=twice,
        faults=faults,
    )
