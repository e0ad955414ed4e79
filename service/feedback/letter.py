"""A message as a person would read it: who wrote it, its text without the mail it gives back, and that mail's headers.

Reports speak to machines in one part and to people in another; what only the second one says is found here.
"""

import html
import re
from dataclasses import dataclass
from functools import cached_property

from service.feedback.mime import Fields, Part, fields, words
from service.feedback.people import author

LONGEST_TEXT = 32_000
MOST_TEXTS = 4

_BREAK = re.compile(r"</?(?:br|p|div|tr|li|h\d|table|blockquote|pre)\b[^<>]{0,500}>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(?:style|script|head)\b[^<>]{0,500}>[^<]{0,20000}</", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z!][^<>]{0,2000}>", re.IGNORECASE)

# Where a mail system begins to quote what it could not deliver.
_COPY = (
    r"(?:a |the )?(?:copy of|header(?:s)? of|headers? follow|original|unsent|returned|undelivered|undeliverable|body of"
    r"|message (?:header|text|content|body|follows)|mail follows|included is|below this line|enclosed is|old message)"
)
_ORIGINAL = re.compile(
    (
        rf"^[ \t>]{{0,8}}(?:[-=*|_#]{{2,40}}[ \t]{{0,4}}{_COPY}[^\n]{{0,120}}"
        r"|[-*|=]{0,3}[ \t]?(?:the )?original message (?:follows|headers?(?: follow)?|is (?:included|attached"
        r"|over))[^\n]{0,60}"
        r"|-{1,9} ?original message ?-{1,9}|original message:"
        r"|message headers follow[.:]?|below is a copy of the original message:|included is a copy of [^\n]{0,60}"
        r"|your message reads \(in part\):|the first \d{1,4} lines of your original[^\n]{0,60}"
        r"|the header of the original message is following[^\n]{0,40}|old message:|message text follows:[^\n]{0,20}"
        r"|(?:begin|start) of (?:original|returned) message[^\n]{0,40}|-{2,9}[^\n]{0,10}(?:mensaje original"
        r"|mensagem original"
        r"|message d'origine|message original|messaggio originale|ursprüngliche nachricht|originalnachricht"
        r"|исходное (?:сообщение|письмо)|原始邮件|原始郵件|元のメッセージ)[^\n]{0,40}"
        r")[ \t]*$"
        r"|^(?:return-path|received|message-id|dkim-signature|domainkey-signature|x-mailer|x-originating-ip):"
    ),
    re.IGNORECASE | re.MULTILINE,
)
_QUOTE = re.compile(r"^[ \t]?>[> \t]?", re.MULTILINE)
_HEADER = re.compile(rb"^[ \t]*([A-Za-z][A-Za-z-]{1,40}:[ \t]?)", re.MULTILINE)


@dataclass(frozen=True)
class Letter:
    """`whole`: all that the outer message shows as text; `headers` its own, `attached` those of a mail it encloses."""

    headers: Fields
    whole: str
    attached: Fields

    @cached_property
    def subject(self) -> str:
        return words(self.headers.first("subject"))

    @cached_property
    def author(self) -> str:
        return author(self.headers)

    @cached_property
    def text(self) -> str:
        """What the mail system says itself: up to the place where it begins to quote."""
        return self.whole[: self._end]

    @cached_property
    def returned(self) -> Fields:
        """The headers of the mail given back, as an attachment or under the text; often none."""
        if self.attached.pairs:
            return self.attached
        quoted = self.whole[self._end :].encode().lstrip()
        begin = _HEADER.search(quoted)
        return fields(_HEADER.sub(rb"\1", quoted[begin.start() :].lstrip()))[0] if begin else Fields()

    @cached_property
    def _end(self) -> int:
        # What stands first is no quotation, or there would be nothing else.
        found = next((found for found in _ORIGINAL.finditer(self.whole) if self.whole[: found.start()].strip()), None)
        return found.start() if found else len(self.whole)


def open_letter(parts: tuple[Part, ...]) -> Letter:
    """The letter these parts make. Never raises."""
    shown = [part for part in parts if not part.attached and part.type.startswith("text/") and not _is_returned(part)]
    plain = [part for part in shown if "html" not in part.type and "headers" not in part.type]
    if not shown:
        plain = _leaves(parts)
    texts = [part.text for part in plain[:MOST_TEXTS]]
    if not any(text.strip() for text in texts):
        texts = [as_text(part.text) for part in shown[:MOST_TEXTS] if "html" in part.type]
    return Letter(parts[0].headers, "\n\n".join(texts)[:LONGEST_TEXT], _returned(parts))


def _leaves(parts: tuple[Part, ...]) -> list[Part]:
    """A multipart whose boundary is nowhere in it: its bytes are all there is."""
    following = (*parts[1:], None)
    pairs = zip(parts, following, strict=True)
    leaves = (part for part, after in pairs if after is None or after.depth <= part.depth)
    return [part for part in leaves if not part.attached and part.type.startswith("multipart/")]


def unquoted(letter: Letter) -> Letter:
    """The letter that a person quotes, without the quotation marks."""
    return Letter(letter.headers, _QUOTE.sub("", letter.whole), letter.attached)


def as_text(page: str) -> str:
    """The words of HTML, a line for each block."""
    page = _UNSEEN.sub(" ", page[: 4 * LONGEST_TEXT])
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", page))).replace("\xa0", " ")


def _is_returned(part: Part) -> bool:
    """Some attach the original without saying what it is: a part with the headers of a message."""
    return part.depth > 0 and ("message-id" in part.headers or "return-path" in part.headers)


def _returned(parts: tuple[Part, ...]) -> Fields:
    for part in parts:
        if part.attached or (part.depth and _is_returned(part)):
            return part.headers
        if part.type in ("text/rfc822-headers", "message/rfc822-headers", "text/rfc822"):
            return fields(part.body.lstrip())[0]
    return Fields()
