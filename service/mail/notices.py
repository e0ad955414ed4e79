"""Account mail as bytes: one whole message to one person, made anew at each attempt and kept nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import css_inline

from service.mail import canonical, headers, mime, notice_words
from service.mail.dkim import Key, Signer
from service.mail.environment import environment
from service.mail.words import direction
from service.models import AccountMailKind
from service.settings import settings


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said, to whom, by whom. `values` are what the kind's templates name, `link` among them.

    `subject` in place of the kind's own; `mark` a field of ours, name and value; `enclosed` a part as it leaves.
    """

    kind: AccountMailKind
    language: str
    to: str
    from_name: str
    from_address: str
    values: Mapping[str, str]
    reply_to: str = ""
    subject: str = ""
    mark: tuple[str, str] = ("", "")
    enclosed: bytes = b""


def system() -> tuple[str, str]:
    """Name and address of the service itself."""
    found = settings()
    return "Dateline", found.notice_from or f"dateline@{found.return_path_domain}"


def compose(notice: Notice, id_: UUID, at: datetime, keys: Sequence[Key] = ()) -> bytes:
    """The message, signed with each of the keys, CRLF line ends, not dot-stuffed.

    Raises jinja2.TemplateError when a value is missing.
    """
    context = _context(notice)
    subject, text, html = (_rendered(notice.kind, name, context) for name in ("subject.txt", "body.txt", "body.html"))
    boundary = f"{mime.BOUNDARY}{id_.hex}_dateline"
    kind = mime.content_type("alternative", boundary)
    body = b"".join(
        (
            _part(boundary, "plain", text),
            _part(boundary, "html", css_inline.CSSInliner(keep_style_tags=True).inline(html)),
            mime.closing(boundary),
        )
    )
    if notice.enclosed:
        kind, body = _around(kind, body, notice.enclosed, f"{boundary}_mixed")
    head = _head(notice, id_, at, notice.subject or subject) + kind + b"\r\n"
    return _signatures(head, body, at, keys) + head + body


def _around(kind: bytes, body: bytes, enclosed: bytes, boundary: str) -> tuple[bytes, bytes]:
    between = mime.delimiter(boundary)
    return mime.content_type("mixed", boundary), b"".join(
        (between, kind, b"\r\n", body, between, enclosed, mime.closing(boundary))
    )


def _signatures(head: bytes, body: bytes, at: datetime, keys: Sequence[Key]) -> bytes:
    if not keys:
        return b""
    hashed = sha256(canonical.text(body)).digest()
    return Signer(keys, head, b"").fields((), hashed, at)


def _context(notice: Notice) -> dict[str, object]:
    language = notice_words.spoken(notice.language)
    return {
        **notice.values,
        "words": notice_words.KINDS[language, notice.kind],
        "labels": notice_words.LABELS[language],
        "language": language,
        "direction": direction(language),
        "from_name": notice.from_name,
        "base_url": settings().base_url,
    }


def _rendered(kind: AccountMailKind, name: str, context: Mapping[str, object]) -> str:
    return mime.sendable(environment().get_template(f"{kind.value}/{name}").render(context))


def _head(notice: Notice, id_: UUID, at: datetime, subject: str) -> bytes:
    """All fields but the one that says what the body is."""
    domain = notice.from_address.rpartition("@")[2]
    reply_to = b"Reply-To: " + headers.mailbox("", notice.reply_to) + b"\r\n" if notice.reply_to else b""
    return b"".join(
        (
            b"From: " + headers.mailbox(notice.from_name, notice.from_address) + b"\r\n",
            reply_to,
            b"To: " + headers.mailbox("", notice.to) + b"\r\n",
            headers.field("Subject", subject),
            b"Date: " + headers.date(at) + b"\r\n",
            headers.structured("Message-ID", f"<{id_.hex}@{domain}>"),
            # RFC 3834, 5: no robot answers it.
            b"Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n",
            headers.structured(*notice.mark) if notice.mark[0] else b"",
            b"MIME-Version: 1.0\r\n",
        )
    )


def _part(boundary: str, subtype: str, text: str) -> bytes:
    head = (
        f'\r\n--{boundary}\r\nContent-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode() + mime.quoted_printable(mime.sendable(text))
