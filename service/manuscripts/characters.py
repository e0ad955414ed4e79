"""Which characters a press release is made of: everything else is turned into a space, a line end or nothing."""

import re
import unicodedata

# str.splitlines and email.message.EmailMessage take all of these for line ends, so none may stay inside a line.
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028]")
_SPACE = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Controls, lone surrogates and non-characters; soft hyphen, zero width, bidi and tag characters that can hide words.
_UNWANTED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# ZWNJ and ZWJ spell words in Persian and join emoji; at the edge of a word they only hide.
_JOINERS = re.compile("([\u200c\u200d])[\u200c\u200d]+")
_JOINER_AT_EDGE = re.compile("(?<!\\S)[\u200c\u200d]|[\u200c\u200d](?!\\S)")


def clean_text(text: str) -> str:
    """The same words with plain spaces, line ends as newlines, nothing invisible, in Unicode form NFC."""
    text = _LINE_END.sub("\n", text).replace("\u2029", "\n\n")
    text = _UNWANTED.sub("", _SPACE.sub(" ", text))
    text = _JOINERS.sub(r"\1", text)
    return unicodedata.normalize("NFC", _JOINER_AT_EDGE.sub("", text))


def clean_line(text: str) -> str:
    """The same words on one line with single spaces: what a headline, a name or a place may hold."""
    return " ".join(clean_text(text).split())
