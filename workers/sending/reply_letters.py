"""A reply on its way to the media contact: who wrote, about what, their words, and their message enclosed."""

from uuid import UUID

from sqlalchemy.orm import Session

from service import addresses, links, replies
from service.errors import Refused
from service.feedback import people
from service.feedback.event import plain
from service.feedback.mime import Fields, Part, parts, words
from service.mail import enclosed, headers
from service.mail.notices import Notice
from service.models import AccountMail, Delivery, Journalist, Outlet, Received, Release, Sender

LONGEST_TEXT = 20_000
LONGEST_NAME = 100


class Gone(Refused):
    """The reply was erased with its author, or expired, before it could be sent on."""

    def __init__(self) -> None:
        super().__init__("The reply is not kept any more.")


def notice(session: Session, mail: AccountMail, *, eight_bit: bool) -> Notice:
    """What is sent on; from our own domain, answered to the journalist. Raises Gone."""
    received = session.get(Received, UUID(mail.values["received"]))
    delivery = session.get(Delivery, UUID(mail.values["delivery"]))
    if received is None or delivery is None:
        raise Gone
    journalist = session.get_one(Journalist, delivery.journalist_id)
    release = session.get_one(Release, delivery.release_id)
    sender = session.get_one(Sender, release.sender_id)
    found = parts(received.message)
    return Notice(
        mail.kind,
        mail.language,
        mail.address,
        f"{_shown(journalist)} – {sender.name}",
        sender.address,
        {
            "author": people.author(found[0].headers),
            "journalist": _shown(journalist),
            "outlet": _outlet(session, journalist),
            "headline": release.editions[0].headline,
            "text": _text(found),
            "link": links.release(release.id),
        },
        reply_to=_reply_to(found[0].headers, journalist),
        subject=headers.one_line(words(found[0].headers.first("subject"))),
        mark=(replies.MARK, received.id.hex),
        enclosed=enclosed.part(received.message, eight_bit=eight_bit) or b"",
    )


def _shown(journalist: Journalist) -> str:
    return (journalist.name or journalist.address)[:LONGEST_NAME]


def _outlet(session: Session, journalist: Journalist) -> str:
    outlet = session.get(Outlet, journalist.outlet_id) if journalist.outlet_id else None
    return outlet.name if outlet else ""


def _reply_to(found: Fields, journalist: Journalist) -> str:
    """Whoever wrote, if that is an address at all; it need not be the one we wrote to."""
    try:
        return addresses.clean(people.author(found))
    except addresses.BadAddress:
        return journalist.address


def _text(found: tuple[Part, ...]) -> str:
    """The first plain text of the reply itself, line by line without what cannot be seen."""
    body = next((part for part in found if part.type == "text/plain" and not part.attached), None)
    if body is None:
        return ""
    text = body.body[: 4 * LONGEST_TEXT].decode(_charset(body), "replace")[:LONGEST_TEXT]
    return "\n".join(plain(line, 1000) for line in text.splitlines()).strip()


def _charset(part: Part) -> str:
    value = part.headers.first("content-type").lower().partition("charset=")[2]
    name = value.partition(";")[0].strip(" \"'")
    try:
        return name if name and not "".encode(name) else "utf-8"
    except (LookupError, ValueError):
        return "utf-8"
