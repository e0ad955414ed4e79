"""What a journalist gets, and how: by the link in any mail, or by one asked for here. No account, no cookie."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import addresses, floods, links, preferences, subscriptions
from service.journalists import LANGUAGES
from service.preferences import Opened, Several
from service.signing import Expired, Forged
from service.web import public_words, reader_forms, visitors
from service.web.database import transaction
from service.web.reader_forms import VERSION
from service.web.subscribe import expired

bp = Blueprint("preferences", __name__)
bp.register_error_handler(floods.TooMany, visitors.too_many)
bp.register_error_handler(Forged, lambda _fault: expired())
bp.register_error_handler(Expired, lambda _fault: expired())
bp.after_request(visitors.tell_nobody)


@bp.errorhandler(Several)
def several(fault: Several) -> str:
    """Which of the newsrooms that know this address."""
    return visitors.page("reader/several.html", senders=fault.senders)


@bp.get("/preferences")
def ask_form() -> str:
    """For who has no mail of ours at hand."""
    return visitors.page("reader/ask.html", email="", fault="")


@bp.post("/preferences")
def ask() -> Response | tuple[str, int]:
    """Mail the address a link, if it is known; the answer is the same if not. Raises TooMany."""
    email = request.form.get("email", "").strip()
    asked = redirect(url_for("preferences.link_asked", lang=visitors.language()), 303)
    try:
        if visitors.is_robot(request.form):
            return asked
    except visitors.Stale:
        return visitors.page("reader/ask.html", email=email, fault="stale"), 422
    if not reader_forms.is_address(email):
        return visitors.page("reader/ask.html", email=email, fault="bad_address"), 422
    visitors.admit()
    with transaction() as session:
        preferences.ask(session, email, language=visitors.language())
    return asked


@bp.get("/preferences/asked")
def link_asked() -> str:
    """What happens now."""
    return visitors.message("check_mail", "link_asked", "link_late")


@bp.get("/preferences/<token>")
def show(token: str) -> str:
    """The choices as they are."""
    with transaction() as session:
        return _shown(session, opened(session, token), token)


@bp.post("/preferences/<token>")
def save(token: str) -> str | tuple[str, int]:
    """Keep what was chosen."""
    with transaction() as session:
        found = opened(session, token)
        journalist = found.journalist
        filled = reader_forms.choices(request.form, own=(journalist.language, *journalist.also_reads))
        if filled.faults:
            return _shown(session, found, token, fault=filled.faults["zone"]), 422
        choice = filled.choice(reader_forms.pause(request.form, journalist.paused_until, datetime.now(UTC)))
        preferences.save(
            session, found, choice, filled.topics, consent=_consent(found), tracking=_tracking(found, request.form)
        )
        return _shown(session, found, token, saved=True)


@bp.post("/preferences/<token>/leave")
def leave(token: str) -> str:
    """End all of it."""
    with transaction() as session:
        found = opened(session, token)
        subscriptions.end_all(session, found.journalist)
    return visitors.page("reader/left_all.html", theirs=found.journalist.language, opened=found, token=token)


def opened(session: Session, token: str) -> Opened:
    """Whose link this is. Raises Forged, Expired, Several."""
    return preferences.open_(session, token, newsroom=request.values.get("newsroom", ""))


def _consent(found: Opened) -> dict[str, Any]:
    said = public_words.of(visitors.language(found.journalist.language))
    return _proof(found, said.consent.format(newsroom=found.sender.name), said.language)


def _tracking(found: Opened, form: Mapping[str, str]) -> dict[str, Any] | None:
    """The proof that they agree to be counted, if they do; where it is not asked, what they said before stands."""
    agrees = form.get("tracking") == "yes" if found.sender.tracking else found.journalist.tracking_agreed
    if not agrees:
        return None
    said = public_words.of(visitors.language(found.journalist.language))
    return _proof(found, f"{said.tracking.format(newsroom=found.sender.name)} {said.tracking_note}", said.language)


def _proof(found: Opened, words: str, language: str) -> dict[str, Any]:
    by = {"delivery": str(found.delivery.id)} if found.delivery else {}
    return {"words": words, "form": VERSION, "language": language, "at": datetime.now(UTC).isoformat(), **by}


def _shown(session: Session, found: Opened, token: str, *, saved: bool = False, fault: str = "") -> str:
    journalist = found.journalist
    return visitors.page(
        "reader/preferences.html",
        theirs=journalist.language,
        opened=found,
        reason=preferences.reason(session, found),
        lines=preferences.lines(session, found),
        address=addresses.masked(journalist.address),
        is_paused=bool(journalist.paused_until and journalist.paused_until > datetime.now(UTC)),
        offered=tuple(dict.fromkeys((*LANGUAGES, journalist.language, *journalist.also_reads))),
        zones=tuple(dict.fromkeys((*reader_forms.zone_names(), journalist.zone))),
        weeks=reader_forms.WEEKS,
        newsroom=links.newsroom(found.sender.slug),
        token=token,
        saved=saved,
        fault=fault,
    )
