"""Subscribing: a form, a mail, a page with a button. Whoever asks learns nothing about an address from the answer."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from service import floods, links, senders, signups
from service.journalists import LANGUAGES
from service.models import Sender, Topic
from service.signing import Expired, Forged
from service.signups import Wish
from service.web import public_words, reader_forms, visitors
from service.web.database import transaction
from service.web.reader_forms import VERSION, Filled

bp = Blueprint("subscribe", __name__)
bp.register_error_handler(floods.TooMany, visitors.too_many)
bp.after_request(visitors.tell_nobody)


@bp.get("/subscribe/<slug>")
def form(slug: str) -> str:
    """The form. Raises NotFound."""
    sender, topics = _offer(slug)
    return _form(sender, topics, reader_forms.empty(visitors.language()))


@bp.post("/subscribe/<slug>")
def ask(slug: str) -> Response | tuple[str, int]:
    """Mail the address a link. The answer is the same for all addresses, and for robots. Raises NotFound, TooMany."""
    sender, topics = _offer(slug)
    filled = reader_forms.wish(request.form, topics)
    asked = redirect(url_for("subscribe.asked", slug=slug, lang=visitors.language()), 303)
    try:
        if visitors.is_robot(request.form):
            return asked
    except visitors.Stale:
        filled.faults[""] = "stale"
    if filled.faults:
        return _form(sender, topics, filled), 422
    visitors.admit()
    _keep(sender, filled)
    return asked


@bp.get("/subscribe/<slug>/asked")
def asked(slug: str) -> str:
    """What happens now."""
    return visitors.message("check_mail", "subscribe_asked", "mail_late", newsroom=links.newsroom(slug))


@bp.get("/confirm/<token>")
def confirmation(token: str) -> str | tuple[str, int]:
    """A page with a button: mail scanners open every link, and opening must confirm nothing."""
    try:
        with transaction() as session:
            signup, _mail = signups.asked(session, token)
            sender = senders.get(session, signup.sender_id)
            topics = [topic for topic in signups.offered(session, sender) if topic.slug in signup.topics]
    except (Forged, Expired):
        return expired()
    return visitors.page("reader/confirm.html", sender=sender, topics=topics, token=token, theirs=signup.language)


@bp.post("/confirm/<token>")
def confirm(token: str) -> str | tuple[str, int]:
    """Begin the subscription, once."""
    try:
        with transaction() as session:
            begun = signups.confirm(session, token)
    except (Forged, Expired):
        return expired()
    return visitors.page(
        "reader/confirmed.html",
        theirs=begun.journalist.language,
        sender=begun.sender,
        topics=begun.topics,
        choices=links.preferences(begun.mail),
        newsroom=links.newsroom(begun.sender.slug),
    )


def expired() -> tuple[str, int]:
    """One page for every link that is wrong, used, cut or old; it offers a new one."""
    return visitors.page("reader/expired.html", email="", fault=""), 404


def _offer(slug: str) -> tuple[Sender, list[Topic]]:
    with transaction() as session:
        sender = senders.by_slug(session, slug)
        return sender, signups.offered(session, sender)


def _form(sender: Sender, topics: list[Topic], filled: Filled) -> str:
    return visitors.page(
        "reader/subscribe.html",
        sender=sender,
        topics=topics,
        filled=filled,
        offered=LANGUAGES,
        zones=reader_forms.zone_names(),
        newsroom=links.newsroom(sender.slug),
    )


def _keep(sender: Sender, filled: Filled) -> None:
    said = public_words.of(visitors.language())
    words = said.consent.format(newsroom=sender.name)
    consent = {"words": words, "form": VERSION, "language": said.language}
    wish = Wish(filled.email, filled.name, filled.outlet, filled.topics, filled.choice())
    with transaction() as session:
        signups.ask(session, sender, wish, consent=consent, language=said.language)
