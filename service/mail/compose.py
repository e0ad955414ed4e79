"""From an edition to one person's bytes: all that is common is rendered and encoded once, only the islands are not.

Where an edition comes from is not this module's business: it takes plain values, so that a preview, a test send and
the sending way all use the same renderer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import css_inline

from service.links import Links
from service.mail import attachments as enclosed
from service.mail import headers, mime
from service.mail.attachments import Attachment
from service.mail.dkim import Key, Signer
from service.mail.environment import Page, environment

PERSONAL = b"To: %s\r\nMessage-ID: <%s>\r\nDate: %s\r\nList-Unsubscribe: %s\r\n"
"""The fields that differ by person."""
ANSWERS = b"Reply-To: %s\r\n"
"""One more of them, where each mail has an address of its own for answers."""
THREADED = b"In-Reply-To: %s\r\nReferences: %s\r\n"
"""Two more in an answer to earlier mail of ours (RFC 5322, 3.6.4)."""


class Person(NamedTuple):
    """Whom a mail is for, at the moment it is sent."""

    address: str
    name: str
    outlet: str
    topic: str
    note: str = ""
    """What the officer says to them alone, above the release; only a template that has room for it shows it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What the common headers say: who sends, under which List-Id, for which customer and campaign."""

    sender_name: str
    address: str
    reply_to: str
    """"": answers come to a signed address of each delivery."""
    list_id: str
    feedback_id: str
    version: str
    """Eight hexadecimal digits of the content's hash: part of each Message-ID."""


class Mail(NamedTuple):
    """One message. Without `dots` no line of it begins with one: nothing to double on the way (RFC 5321, 4.5.2)."""

    message: bytes
    dots: bool


class Letter:
    """One edition, ready for any number of people."""

    def __init__(
        self,
        template: str,
        context: Mapping[str, Any],
        identity: Identity,
        links: Links,
        *,
        keys: Sequence[Key] = (),
        attachments: Sequence[Attachment] = (),
    ) -> None:
        """Signed with each of the keys. Raises attachments.TooLarge."""
        self._links = links
        self._context = {**environment().globals, **context}
        self._version = identity.version
        self._domain = identity.address.rpartition("@")[2]
        mark = f"island-{identity.version}-"
        pages = _pages(template)
        self._text, self._html = pages.text, pages.html
        plain, page = (mime.sendable(part.common(mark, **context)) for part in (pages.text, pages.html))
        self._in_text, self._in_html = _standing(plain, mark, pages.text), _standing(page, mark, pages.html)
        text = _pieces(plain, mark, self._in_text)
        # Only <style> is inlined: the rules a dark or narrow screen asks for stay in the head.
        inlined = css_inline.CSSInliner(keep_style_tags=True).inline(page)
        html = self._cut(_pieces(inlined, mark, self._in_html))
        kind, self._narrow, self._wide = _frames(text, html, identity.version, attachments)
        self._head = _common_headers(identity, pages.subject.common(mark, **context)) + kind + b"\r\n"
        self._answers = (identity.sender_name, links.reply) if not identity.reply_to else None
        self._personal = PERSONAL + (ANSWERS if self._answers else b"")
        self._signer = Signer(keys, self._head, self._personal) if keys else None
        self._answering = Signer(keys, self._head, self._personal + THREADED) if keys else None

    def message(
        self, person: Person, delivery: UUID, at: datetime, *, eight_bit: bool = True, thread: Sequence[str] = ()
    ) -> bytes:
        """The whole message, CRLF line ends, not dot-stuffed. The same arguments give the same bytes, always."""
        return self.compose(person, delivery, at, eight_bit=eight_bit, thread=thread).message

    def compose(
        self,
        person: Person,
        delivery: UUID,
        at: datetime,
        *,
        eight_bit: bool = True,
        signed: bool = True,
        thread: Sequence[str] = (),
    ) -> Mail:
        """The same message, and what a relay would have to look for in it; not `signed` for one that signs itself.

        `thread`: the Message-IDs of what this person got before and this answers, the oldest first.
        """
        leave = self._links.leave(delivery)
        personal = {
            **self._context,
            "name": headers.one_line(person.name),
            "outlet": headers.one_line(person.outlet),
            "topic": headers.one_line(person.topic),
            "note": person.note,
            "leave": leave,
            "preferences": self._links.preferences(delivery),
        }
        text = _those(self._text.personal(personal), self._in_text)
        html = self._filled(_those(self._html.personal(personal), self._in_html), delivery)
        frame, islands = self._body(text, html, eight_bit=eight_bit)
        values: tuple[bytes, ...] = (
            headers.mailbox(person.name, person.address),
            message_id(delivery, self._version, self._domain).encode(),
            headers.date(at),
            # Folded between the two, never inside one (RFC 8058, 3.1).
            f"<{leave}>,\r\n <mailto:{self._links.leave_by_mail(delivery)}>".encode(),
        )
        if self._answers:
            named, address = self._answers
            values = (*values, headers.mailbox(named, address(delivery)))
        fields, signer = self._personal, self._signer
        if thread:
            fields, signer = self._personal + THREADED, self._answering
            values = (*values, *headers.thread(thread))
        signatures = signer.fields(values, frame.hash.of(islands), at) if signer and signed else b""
        message = b"".join((signatures, fields % values, self._head, *frame.filled(islands)))
        return Mail(message, dots=frame.may_have_dots(islands))

    def _cut(self, pieces: list[str]) -> list[str]:
        """The HTML between its gaps; a letter with more of them than islands cuts it further."""
        return pieces

    def _filled(self, islands: list[str], delivery: UUID) -> list[str]:  # noqa: ARG002 - for whom, in such a letter
        """What fills the gaps of the HTML for this delivery."""
        return islands

    def _body(self, text: list[str], html: list[str], *, eight_bit: bool) -> tuple[mime.Frame, list[bytes]]:
        """The frame and its islands: as they are, or quoted where the relay or a value asks for it."""
        if eight_bit and (islands := self._wide.encoded(text, html)) is not None:
            return self._wide, islands
        return self._narrow, self._narrow.encoded(text, html) or []


class _Pages(NamedTuple):
    subject: Page
    text: Page
    html: Page


@cache
def _pages(template: str) -> _Pages:
    return _Pages(Page(f"{template}/subject.txt"), Page(f"{template}/body.txt"), Page(f"{template}/body.html"))


def message_id(delivery: UUID, version: str, domain: str) -> str:
    """The same for every try at a delivery, so that receivers and we know a double again."""
    return f"{delivery.hex}.{version}@{domain}"


def _standing(rendered: str, mark: str, page: Page) -> list[int]:
    """The islands that this edition has: a condition may leave one out for everybody."""
    return [number for number in range(page.islands) if f"{mark}{number}." in rendered]


def _those(islands: list[str], standing: list[int]) -> list[str]:
    return islands if len(standing) == len(islands) else [islands[number] for number in standing]


def _pieces(rendered: str, mark: str, islands: Sequence[int]) -> list[str]:
    """The text cut at its islands. Raises ValueError when one was lost or doubled on the way."""
    pieces, rest = [], mime.sendable(rendered)
    for number in islands:
        before, found, rest = rest.partition(f"{mark}{number}.")
        if not found:
            raise ValueError(f"island {number} is not in the rendered mail, or not in its order")
        pieces.append(before)
    return [*pieces, rest]


def _frames(
    text: list[str], html: list[str], version: str, attachments: Sequence[Attachment]
) -> tuple[bytes, mime.Frame, mime.Frame]:
    """The field that says what the body is, the body in an encoding that takes any value, and the one preferred."""
    boundary = f"{mime.BOUNDARY}{version}_dateline"
    kind, around = mime.content_type("alternative", boundary), (b"", b"")
    if attachments:
        outer = f"{mime.BOUNDARY}{version}_dateline_mixed"
        around = (mime.delimiter(outer) + kind + b"\r\n", enclosed.parts(attachments, outer) + mime.closing(outer))
        kind = mime.content_type("mixed", outer)
    quoted = mime.quoted(text), mime.quoted(html)
    wide = mime.eight_bit(text) or quoted[0], mime.eight_bit(html) or quoted[1]
    return kind, mime.Frame(*quoted, boundary, *around), mime.Frame(*wide, boundary, *around)


def _common_headers(identity: Identity, subject: str) -> bytes:
    # Our own addresses are ASCII: they go to every server, and few of them offer SMTPUTF8.
    sender = headers.mailbox(identity.sender_name, identity.address).decode("ascii")
    return b"".join(
        (
            f"From: {sender}\r\n".encode(),
            _reply_to(identity.reply_to),
            headers.field("Subject", subject),
            b"MIME-Version: 1.0\r\n",
            headers.structured("List-Id", identity.list_id),
            b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
            headers.structured("Feedback-ID", identity.feedback_id),
            b"Precedence: bulk\r\nX-Auto-Response-Suppress: OOF, AutoReply\r\n",
        )
    )


def _reply_to(address: str) -> bytes:
    return headers.structured("Reply-To", headers.mailbox("", address).decode("ascii")) if address else b""
