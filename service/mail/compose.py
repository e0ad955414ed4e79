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
from service.mail import headers, mime
from service.mail.environment import Page, environment


class Person(NamedTuple):
    """Whom a mail is for, at the moment it is sent."""

    address: str
    name: str
    outlet: str
    topic: str


@dataclass(frozen=True, slots=True)
class Identity:
    """What the common headers say: who sends, under which List-Id, for which customer and campaign."""

    sender_name: str
    address: str
    reply_to: str
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

    def __init__(self, template: str, context: Mapping[str, Any], identity: Identity, links: Links) -> None:
        self._links = links
        self._context = {**environment().globals, **context}
        self._version = identity.version
        self._domain = identity.address.rpartition("@")[2]
        mark = f"island-{identity.version}-"
        pages = _pages(template)
        self._text, self._html = pages.text, pages.html
        self._text_pieces = _pieces(pages.text.common(mark, **context), mark, pages.text.islands)
        # Only <style> is inlined: the rules a dark or narrow screen asks for stay in the head.
        html = css_inline.CSSInliner(keep_style_tags=True).inline(mime.sendable(pages.html.common(mark, **context)))
        self._html_pieces = _pieces(html, mark, pages.html.islands)
        self._boundary = f"=_{identity.version}_dateline"
        self._head = _common_headers(identity, pages.subject.common(mark, **context), self._boundary)
        self._narrow = _Frame(mime.quoted(self._text_pieces), mime.quoted(self._html_pieces), self._boundary)
        self._wide = self._widest()

    def message(self, person: Person, delivery: UUID, at: datetime, *, eight_bit: bool = True) -> bytes:
        """The whole message, CRLF line ends, not dot-stuffed. The same arguments give the same bytes, always."""
        return self.compose(person, delivery, at, eight_bit=eight_bit).message

    def compose(self, person: Person, delivery: UUID, at: datetime, *, eight_bit: bool = True) -> Mail:
        """The same message, and what a relay would have to look for in it."""
        leave = self._links.leave(delivery)
        personal = {
            **self._context,
            "name": headers.one_line(person.name),
            "outlet": headers.one_line(person.outlet),
            "topic": headers.one_line(person.topic),
            "leave": leave,
        }
        text, html = self._text.personal(personal), self._html.personal(personal)
        # Quoted-printable has no "=_", so that no word can stand for the boundary there (RFC 2045, 6.7).
        wide = eight_bit and not any(self._boundary in island for island in (*text, *html))
        frame, body = self._wide, self._wide.fill(text, html) if wide else None
        if body is None:
            frame, body = self._narrow, self._narrow.whole(text, html)
        message = b"".join(
            (
                b"To: ",
                headers.mailbox(person.name, person.address),
                b"\r\nMessage-ID: <",
                message_id(delivery, self._version, self._domain).encode(),
                b">\r\nDate: ",
                headers.date(at),
                b"\r\nList-Unsubscribe: <",
                leave.encode(),
                b">\r\n",
                self._head,
                body,
            )
        )
        return Mail(message, dots=frame.may_have_dots((*text, *html), body))

    def _widest(self) -> "_Frame":
        return _Frame(
            self._as_it_is(self._text_pieces) or self._narrow.text,
            self._as_it_is(self._html_pieces) or self._narrow.html,
            self._boundary,
        )

    def _as_it_is(self, pieces: Sequence[str]) -> mime.Part | None:
        return None if any(self._boundary in piece for piece in pieces) else mime.eight_bit(pieces)


class _Frame:
    """The multipart around two parts (RFC 2046, 5.1.4: the plainest first)."""

    def __init__(self, text: mime.Part, html: mime.Part, boundary: str) -> None:
        self.text, self.html = text, html
        self._before = (_opening(boundary, "plain", text.encoding), _opening(boundary, "html", html.encoding))
        self._end = f"\r\n--{boundary}--\r\n".encode()
        self._breaks_lines = "quoted-printable" in (text.encoding, html.encoding)
        self._dots = any(map(_starts_a_line_with_a_dot, (*text.pieces, *html.pieces)))

    def fill(self, text: Sequence[str], html: Sequence[str]) -> bytes | None:
        """The body, or None where a slot's value is too long for this encoding."""
        filled_text, filled_html = self.text.fill(text), self.html.fill(html)
        if filled_text is None or filled_html is None:
            return None
        return b"".join((self._before[0], filled_text, self._before[1], filled_html, self._end))

    def may_have_dots(self, islands: Sequence[str], body: bytes) -> bool:
        """Whether a line of this body, filled with these islands, could begin with a dot."""
        if self._breaks_lines:  # where no word shows it, so only the octets can be asked
            return b"\n." in body
        return self._dots or any(map(_may_start_a_line_with_a_dot, islands))

    def whole(self, text: Sequence[str], html: Sequence[str]) -> bytes:
        """The body in an encoding that takes any value."""
        return self.fill(text, html) or b""


class _Pages(NamedTuple):
    subject: Page
    text: Page
    html: Page


@cache
def _pages(template: str) -> _Pages:
    return _Pages(Page(f"{template}/subject.txt"), Page(f"{template}/body.txt"), Page(f"{template}/body.html"))


def _starts_a_line_with_a_dot(piece: bytes) -> bool:
    return piece.startswith(b".") or b"\n." in piece


def _may_start_a_line_with_a_dot(island: str) -> bool:
    return island.startswith(".") or "\n." in island


def message_id(delivery: UUID, version: str, domain: str) -> str:
    """The same for every try at a delivery, so that receivers and we know a double again."""
    return f"{delivery.hex}.{version}@{domain}"


def _pieces(rendered: str, mark: str, islands: int) -> list[str]:
    """The text cut at its islands. Raises ValueError when one was lost or doubled on the way."""
    pieces, rest = [], mime.sendable(rendered)
    for number in range(islands):
        before, found, rest = rest.partition(f"{mark}{number}.")
        if not found:
            raise ValueError(f"island {number} is not in the rendered mail, or not in its order")
        pieces.append(before)
    return [*pieces, rest]


def _opening(boundary: str, subtype: str, encoding: str) -> bytes:
    return (
        f'\r\n--{boundary}\r\nContent-Type: text/{subtype}; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    ).encode()


def _common_headers(identity: Identity, subject: str, boundary: str) -> bytes:
    # Our own addresses are ASCII: they go to every server, and few of them offer SMTPUTF8.
    sender = headers.mailbox(identity.sender_name, identity.address).decode("ascii")
    reply_to = headers.mailbox("", identity.reply_to).decode("ascii")
    return b"".join(
        (
            f"From: {sender}\r\n".encode(),
            headers.structured("Reply-To", reply_to),
            headers.field("Subject", subject),
            b"MIME-Version: 1.0\r\n",
            headers.structured("List-Id", identity.list_id),
            b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
            headers.structured("Feedback-ID", identity.feedback_id),
            b"Precedence: bulk\r\nX-Auto-Response-Suppress: OOF, AutoReply\r\n",
            f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'.encode(),
        )
    )
