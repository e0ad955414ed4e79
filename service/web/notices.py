"""A notice, page by page: what went wrong, in which words, to whom, and by whose word it leaves."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import accounts, approvals, notices, releases
from service.errors import NotFound
from service.manuscripts import BadHeadline
from service.models import Account, FollowUp, Kind, Notice, NoticeKind, Release, ReleaseState, Role
from service.notices import Words
from service.notices.writing import sent
from service.web import rights, words
from service.web.database import transaction

bp = Blueprint("notices", __name__)

PARTS = ("headline", "lead", "body")
Page = Response | tuple[str, int] | str


@bp.get("/releases/<uuid:id_>/notice")
def ask(id_: UUID) -> str:
    """What went wrong, and who has it."""
    with transaction() as session:
        release = _to_write(session, id_)
        return render_template("notices/ask.html", **_about(session, release), state=release.state.value)


@bp.get("/releases/<uuid:id_>/notice/words")
def write(id_: UUID) -> Page:
    """The words of one kind of notice, the text as it was sent beside them."""
    with transaction() as session:
        release, kind = _to_write(session, id_), _kind(request.args.get("kind", ""))
        if kind is None:
            return redirect(url_for("notices.ask", id_=id_))
        return _writing(session, release, kind, notices.propose(session, release, kind), {})


@bp.post("/releases/<uuid:id_>/notice/words")
def begin(id_: UUID) -> Page:
    """A draft of the notice; what has not left of the release stands still from now on."""
    with transaction() as session:
        release, kind = _to_write(session, id_), _kind(request.form.get("kind", ""))
        if kind is None:
            return redirect(url_for("notices.ask", id_=id_))
        said = tuple(_said(edition.language) for edition in sent(session, release))
        faults = {f"headline-{one.language}": gettext("Enter a headline.") for one in said if not one.headline.strip()}
        if faults:
            return _writing(session, release, kind, said, faults), 422
        try:
            notice = notices.begin(session, release, kind, said, by=rights.account(session))
        except BadHeadline as fault:
            return _writing(session, release, kind, said, {f"headline-{said[0].language}": words.refusal(fault)}), 422
        address = url_for("notices.show", id_=notice.id)
    flash(gettext("Written. It goes to nobody before it is approved, or sent in an emergency."))
    return redirect(address)


@bp.get("/releases/<uuid:id_>/notice/send")
def show(id_: UUID) -> str:
    """The notice, whom it is for, and by whose word it leaves."""
    with transaction() as session:
        return _showing(session, _a_notice(session, id_), {})


@bp.post("/releases/<uuid:id_>/notice/approve")
def approve(id_: UUID) -> Response:
    """The second person's word."""
    with transaction() as session:
        approvals.approve(session, _a_notice(session, id_), by=rights.account(session))
    flash(gettext("Approved. It can leave now."))
    return redirect(url_for("notices.show", id_=id_))


@bp.post("/releases/<uuid:id_>/notice/send")
def send(id_: UUID) -> Response:
    """Let it leave now."""
    with transaction() as session:
        notices.send(session, _a_notice(session, id_), by=rights.account(session))
    flash(gettext("It leaves now, before everything else."))
    return redirect(url_for("releases.show", id_=id_))


@bp.post("/releases/<uuid:id_>/notice/emergency")
def hurry(id_: UUID) -> Page:
    """Let it leave now by one person's word, who names the second."""
    with transaction() as session:
        notice, reason = _a_notice(session, id_), request.form.get("reason", "")
        try:
            agreed = _agreed(session, request.form.get("agreed", ""))
            notices.in_emergency(session, notice, by=rights.account(session), agreed=agreed, reason=reason)
        except notices.NotInAgreement as fault:
            name = "agreed" if reason.strip() else "reason"
            return _showing(session, notice, {name: words.refusal(fault)}), 422
    flash(gettext("It leaves now, before everything else. The other person is told by mail."))
    return redirect(url_for("releases.show", id_=id_))


def _to_write(session: Session, id_: UUID) -> Release:
    release = rights.release(session, id_)
    accounts.require_on(rights.account(session), release, Role.WRITE)
    return release


def _a_notice(session: Session, id_: UUID) -> Release:
    release = rights.release(session, id_)
    if release.kind not in (Kind.NOTICE, Kind.FOLLOW_UP):
        raise notices.NotANotice
    return release


def _what(session: Session, release: Release) -> Notice | FollowUp:
    return session.get(Notice, release.id) or session.get_one(FollowUp, release.id)


def _kind(word: str) -> NoticeKind | None:
    return NoticeKind(word) if word in {kind.value for kind in NoticeKind} else None


def _said(language: str) -> Words:
    headline, lead, body = (request.form.get(f"{name}-{language}", "").replace("\0", "") for name in PARTS)
    return Words(language, " ".join(headline.split()), _lines(lead), _lines(body))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _agreed(session: Session, word: str) -> Account | None:
    try:
        return accounts.get(session, UUID(word))
    except (ValueError, NotFound):
        return None


def _about(session: Session, release: Release) -> dict[str, Any]:
    return {"release": release, "edition": release.editions[0], "held": notices.held_by(session, release)}


def _writing(
    session: Session, release: Release, kind: NoticeKind, said: tuple[Words, ...], faults: dict[str, str]
) -> str:
    return render_template(
        "notices/words.html",
        **_about(session, release),
        kind=kind,
        said=said,
        earlier={edition.language: edition for edition in sent(session, release)},
        stops=notices.stops(release, kind),
        pauses=release.state is ReleaseState.SENDING and kind in (NoticeKind.CORRECTION, NoticeKind.HOLD),
        faults=faults,
    )


def _showing(session: Session, notice: Release, faults: dict[str, str]) -> str:
    found, account = _what(session, notice), rights.account(session)
    about = releases.get(session, found.about_id)
    return render_template(
        "notices/show.html",
        release=notice,
        edition=notice.editions[0],
        kind=found.kind if isinstance(found, Notice) else None,
        about=about,
        audience=notices.audience_of(session, notice),
        approves=accounts.may(account, notice.sender_id, Role.APPROVE) and account.id != notice.written_by,
        steers=accounts.may(account, notice.sender_id, Role.SEND),
        writes=accounts.may(account, notice.sender_id, Role.WRITE),
        others=[(str(one.id), one.name) for one in notices.may_agree(session, notice, by=account)],
        typed={name: request.form.get(name, "") for name in ("reason", "agreed")},
        faults=faults,
    )
