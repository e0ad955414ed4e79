"""From the bytes of a file to text: which encoding it was saved in, or why it cannot be read."""

import codecs
import re
from dataclasses import dataclass
from itertools import pairwise

from charset_normalizer import from_bytes

from service.errors import Refused

LARGEST = 1024 * 1024

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAVE_AS_TEXT = "Save it as plain text (UTF-8) and give that file, or paste the words into the release's page."
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a Word document or a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
)
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x19\x1c-\x1f\x7f]")

_TYPOGRAPHY = " \u00a0\u00ad–—―‘’‚‛“”„‹›«»…•·№§©®™°±€£¢¥¼½¾²³¹ºª¿¡†‡‰µ×÷¶´¨¬"  # what any office writes, in any language
_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_WESTERN = "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿßœšžƒ"
_ARABIC = "".join(map(chr, range(0x60C, 0x6D3))) + "\u200c\u200d\u200e\u200f"
# In this order the first of equals wins: with quotes and dashes alone the Windows pages are one and the same.
_EIGHT_BIT = (
    ("cp1252", _WESTERN),
    ("cp1251", _RUSSIAN + "іїє"),
    ("kz1048", _RUSSIAN + "әғқңөұүһі"),
    ("ptcp154", _RUSSIAN + "әғқңөұүһі"),
    ("koi8-r", _RUSSIAN),
    ("cp866", _RUSSIAN),
    ("cp1256", _ARABIC + _WESTERN),
)
_NOT_ASCII_WORD = re.compile(r"\S*[^\x00-\x7f]\S*")
_SAMPLE = 2000  # words: more of them do not change the answer
_ACCENTS = re.compile(f"(?=[{_WESTERN}]{{2}})", re.IGNORECASE)
_MIXED = re.compile(r"[A-Za-z](?=[\u0370-\u06ff])|[\u0370-\u06ff](?=[A-Za-z])")


class Unreadable(Refused):
    """These bytes are not the text of a release; the reason is a sentence that says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file and the Python name of the encoding it was in."""

    text: str
    encoding: str


def decode(data: bytes) -> Decoded:
    """The text of a file of at most 1 MiB in UTF-8, UTF-16, a Windows or a KOI8 page. Raises Unreadable."""
    if len(data) > LARGEST:
        raise Unreadable(f"The file has {len(data):,} bytes; a release may have {LARGEST:,} (1 MiB) of text.")
    if not data.strip():
        raise Unreadable("The file is empty.")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return Decoded(_strictly(data, encoding), encoding.removesuffix("-sig"))
    _refuse_binary(data)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(data, error.start)
        return _eight_bit(data)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        reason = f"The file says it is {encoding}, but is damaged at byte {error.start}. {_SAVE_AS_TEXT}"
        raise Unreadable(reason) from error


def _refuse_binary(data: bytes) -> None:
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise Unreadable(f"The file is {what}, not text. {_SAVE_AS_TEXT}")
    if b"\x00" in data or len(_CONTROLS.findall(data)) * 100 > len(data):
        raise Unreadable(f"The file is binary, not text. {_SAVE_AS_TEXT}")


def _refuse_damaged_utf8(data: bytes, at: int) -> None:
    # Cyrillic and Western pages hardly ever form valid UTF-8 pairs by chance; a file full of them was UTF-8 once.
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if sum(not character.isascii() for character in text) > 5 * bad:
        line = data.count(b"\n", 0, at) + 1
        raise Unreadable(f"The file is UTF-8, but damaged in line {line}. Save it again as UTF-8.")


def _eight_bit(data: bytes) -> Decoded:
    words = b" ".join(re.findall(rb"\S*[\x80-\xff]\S*", data)[:_SAMPLE])
    oddness, encoding = min((_oddness(words, *page) for page in _EIGHT_BIT), key=lambda found: found[0])
    if oddness * 4 <= len(words):
        return Decoded(data.decode(encoding, "replace"), encoding)
    guess = from_bytes(data).best()
    if guess is None:
        raise Unreadable(f"The encoding of the file cannot be told. {_SAVE_AS_TEXT}")
    return Decoded(str(guess), guess.encoding)


def _oddness(words: bytes, encoding: str, letters: str) -> tuple[int, str]:
    """How little these words look like words of the page's own languages."""
    text = words.decode(encoding, "replace")
    home = set(letters + letters.upper() + _TYPOGRAPHY)
    strangers = sum(character not in home and not character.isascii() for character in text)
    humps = sum(low.islower() and high.isupper() for low, high in pairwise(text))
    return 2 * strangers + humps + 2 * len(_ACCENTS.findall(text)) + 2 * len(_MIXED.findall(text)), encoding
