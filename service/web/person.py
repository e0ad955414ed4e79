"""What is a journalist's alone: their data, a new address, being forgotten; by a link mailed to nobody else."""

import json

from flask import Blueprint, make_response, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import addresses, floods, journalists, links, preferences, senders
from service.preferences import Opened, Several
from service.signing import Expired, Forged
from service.web import reader_forms, visitors
from service.web.database import transaction
from service.web.preferences import opened, several
from service.web.subscribe import expired

bp = Blueprint("person", __name__)
bp.register_error_handler(floods.TooMany, visitors.too_many)
bp.register_error_handler(Several, several)
bp.register_error_handler(Forged, lambda _fault: expired())
bp.register_error_handler(Expired, lambda _fault: expired())
bp.after_request(visitors.tell_nobody)


@bp.post("/preferences/<token>/link")
def mail_link(token: str) -> str:
    """Mail the person the link that opens what is theirs alone. Raises TooMany."""
    visitors.admit()
    with transaction() as session:
        found = opened(session, token)
        preferences.mail_link(session, found.journalist)
    return visitors.message("check_mail", "link_asked", "link_late", theirs=found.journalist.language)


@bp.post("/preferences/<token>/data")
def export(token: str) -> Response:
    """All that is kept, to be taken along."""
    with transaction() as session:
        data = preferences.export(session, _theirs(session, token).journalist)
    response = make_response(json.dumps(data, ensure_ascii=False, indent=2))
    response.content_type = "application/json; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@bp.post("/preferences/<token>/address")
def change_address(token: str) -> str | tuple[str, int]:
    """Mail both addresses a link to agree by. Raises TooMany."""
    wanted = request.form.get("email", "").strip()
    with transaction() as session:
        found = _theirs(session, token)
        language = visitors.language(found.journalist.language)
        if not reader_forms.is_address(wanted):
            return visitors.message("problem", "bad_address", theirs=language), 422
        visitors.admit()
        preferences.change_address(session, found.journalist, wanted, language=language)
    return visitors.message("check_mail", "address_asked", "link_late", theirs=language)


@bp.get("/address/<token>")
def agreement(token: str) -> str:
    """A page with a button."""
    with transaction() as session:
        change, _mail, journalist = preferences.agreement(session, token)
        sender = senders.get(session, journalist.sender_id)
    return visitors.page(
        "reader/agree.html",
        theirs=journalist.language,
        sender=sender,
        token=token,
        old=addresses.masked(journalist.address),
        new=addresses.masked(change.address),
    )


@bp.post("/address/<token>")
def agree(token: str) -> str:
    """Say yes for one of the two mailboxes."""
    with transaction() as session:
        agreed = preferences.agree(session, token)
    said = "agreed_taken" if agreed.is_taken else "agreed_done" if agreed.is_done else "agreed_waiting"
    return visitors.message("agreed_title", said, newsroom_name=agreed.sender.name)


@bp.get("/preferences/<token>/erase")
def ask_to_erase(token: str) -> str:
    """What it means, and a button."""
    with transaction() as session:
        found = _theirs(session, token)
    return visitors.page("reader/erase.html", theirs=found.journalist.language, opened=found, token=token)


@bp.post("/preferences/<token>/erase")
def erase(token: str) -> str:
    """Forget the person: the fingerprint that keeps them from being written to alone stays."""
    with transaction() as session:
        found = _theirs(session, token)
        language = visitors.language(found.journalist.language)
        journalists.erase(session, found.journalist)
    return visitors.message("erased_title", "erased_text", theirs=language, newsroom=links.newsroom(found.sender.slug))


def _theirs(session: Session, token: str) -> Opened:
    found = opened(session, token)
    if not found.is_theirs:
        raise Expired
    return found
