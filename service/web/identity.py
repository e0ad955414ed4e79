"""A newsroom's own settings, for its administrators: whom mails are from, where answers go, how many one gets."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import accounts, audiences, senders
from service.addresses import BadAddress
from service.errors import NotFound, Refused
from service.models import Answers, Role, Sender
from service.web import rights, words
from service.web.database import transaction

bp = Blueprint("identity", __name__, url_prefix="/newsrooms")

Page = Response | tuple[str, int] | str
SAID = ("name", "address", "reply_to", "postal_address")
ANSWERS = (
    (
        Answers.CONTACT.value,
        lazy_gettext("To the first media contact of the release"),
        lazy_gettext("To the address for answers where none has an e-mail address."),
    ),
    (Answers.NEWSROOM.value, lazy_gettext("To the address for answers"), ""),
    (
        Answers.SERVICE.value,
        lazy_gettext("Through this service"),
        lazy_gettext("Sent on to the media contact, and shown at the delivery. This service must receive mail."),
    ),
)


@bp.get("")
def index() -> Page:
    """The newsrooms she administers."""
    with transaction() as session:
        return render_template("identity/index.html", newsrooms=_mine(session))


@bp.get("/<slug>/settings")
def show(slug: str) -> str:
    """All there is to set."""
    with transaction() as session:
        return _page(session, _one(session, slug), {})


@bp.post("/<slug>/settings")
def save(slug: str) -> Page:
    """Keep it; with a fault in any field nothing is kept."""
    with transaction() as session:
        sender, faults = _one(session, slug), dict[str, str]()
        with session.begin_nested() as kept:
            _keep(session, sender, faults)
            if faults:
                kept.rollback()
        if faults:
            return _page(session, sender, faults), 422
    flash(gettext("Saved. It holds for what is approved and sent from now on."))
    return redirect(url_for("identity.show", slug=slug))


def _keep(session: Session, sender: Sender, faults: dict[str, str]) -> None:
    by, form = rights.account(session), request.form
    given = {name: form.get(name, "") for name in SAID}

    def attempt(field: str, act: Callable[[], None]) -> None:
        try:
            act()
        except Refused as fault:
            faults[_field(fault) or field] = words.refusal(fault)

    attempt("address", lambda: senders.describe(session, sender, **given, by=by))
    attempt("cap_mails", lambda: _cap(session, sender))
    if (answers := _answers(form.get("answers", ""))) is None:
        faults["answers"] = gettext("Choose where answers go.")
    elif answers is not sender.answers:
        senders.answer(session, sender, answers, by=by)
    senders.track(session, sender, on=form.get("tracking") == "yes", by=by)


def _field(fault: Refused) -> str:
    if isinstance(fault, BadAddress):
        return "reply_to" if _is_address(request.form.get("address", "")) else "address"
    if isinstance(fault, senders.NoName | senders.NameTooLong):
        return "name"
    return "postal_address" if isinstance(fault, senders.NoPostalAddress) else ""


def _is_address(word: str) -> bool:
    try:
        senders.check_address(word)
    except BadAddress:
        return False
    return True


def _cap(session: Session, sender: Sender) -> None:
    mails, days = (_number(request.form.get(name, "")) for name in ("cap_mails", "cap_days"))
    if (mails, days) != (sender.cap_mails, sender.cap_days):
        audiences.cap(session, sender, mails, days, by=rights.account(session))


def _number(word: str) -> int | None:
    """A number as it was typed; 0, which no limit may be, for what is none."""
    word = word.strip()
    return None if not word else int(word) if word.isascii() and word.isdigit() and len(word) < 5 else 0


def _answers(word: str) -> Answers | None:
    return Answers(word) if word in {one.value for one in Answers} else None


def _mine(session: Session) -> list[Sender]:
    """Raises accounts.NotAllowed when she administers none."""
    by = rights.account(session)
    found = [one for one in accounts.senders_of(session, by) if accounts.may(by, one.id, Role.ADMINISTER)]
    if not found:
        raise accounts.NotAllowed(Role.ADMINISTER)
    return found


def _one(session: Session, slug: str) -> Sender:
    found = next((one for one in _mine(session) if one.slug == slug), None)
    if found is None:
        raise NotFound("There is no such newsroom.")
    return found


def _page(session: Session, sender: Sender, faults: dict[str, str]) -> str:
    kept = {name: getattr(sender, name) for name in SAID}
    kept |= {"cap_mails": sender.cap_mails or "", "cap_days": sender.cap_days or "", "answers": sender.answers.value}
    typed = {name: request.form.get(name, value) if faults else value for name, value in kept.items()}
    return render_template(
        "identity/show.html",
        sender=sender,
        typed=typed,
        tracking=request.form.get("tracking") == "yes" if faults else sender.tracking,
        answers=ANSWERS,
        mine=_mine(session),
        faults=faults,
    )
