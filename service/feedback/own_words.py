"""What the writer of an answer says herself: its first text, without the mail that it quotes below."""

import re
from html import unescape

from service.feedback.mime import Part

LONGEST = 3000

_TAG = re.compile(r"<[^<>]{0,1000}>")
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li)\b[^<>]{0,200}>", re.IGNORECASE)
_BODY = re.compile(r"<body\b", re.IGNORECASE)
# The line above a quoted mail, and the quoted mail itself.
_QUOTED = re.compile(
    r"^(?:[ \t]{0,9}>|_{10,}|-{2,} ?\w[^\n]{0,60}-{2,}$|[^\n]{0,120}\b(?:wrote|schrieb|a écrit|escribió|ha scritto"
    r"|escreveu|написала?|пишет|жазды):\s{0,5}$|(?:From|Von|De|От|差出人|发件人): )",
    re.MULTILINE,
)


def own_words(parts: tuple[Part, ...]) -> str:
    """Up to LONGEST characters of plain text, "" when there is none."""
    own = [part for part in parts if not part.attached and not part.encloses]
    text = next((part.text for part in own if part.type == "text/plain"), "")
    if not text.strip():
        text = _plain(next((part.text for part in own if part.type == "text/html"), ""))
    text = text[:LONGEST]
    quoted = _QUOTED.search(text)
    return text[: quoted.start()] if quoted else text


def _plain(html: str) -> str:
    body = _BODY.search(html)
    html = html[body.start() if body else 0 :][: 4 * LONGEST]
    return unescape(_TAG.sub("", _BREAK.sub("\n", html)))
