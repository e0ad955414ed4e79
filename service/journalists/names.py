"""A person's name as mail headers and pages may be given it."""

import re
import unicodedata

from service.errors import Refused
from service.manuscripts.characters import clean_line

LONGEST_NAME = 200

_JOINERS = "\u200c\u200d"
# ZWNJ and ZWJ spell names in Arabic and Indic scripts (RFC 5892, A.1 and A.2); anywhere else they only hide.
_JOINED = r"[\u0600-\u06ff\u0900-\u0dff]"
_STRAY_JOINER = re.compile(f"(?<!{_JOINED})[{_JOINERS}]|[{_JOINERS}](?!{_JOINED})")


class NameTooLong(Refused):
    """Shorten the name."""

    def __init__(self, length: int) -> None:
        super().__init__(f"This name has {length} characters; {LONGEST_NAME} is the most.")


def clean_name(name: str) -> str:
    """The name on one line with nothing invisible in it. Raises NameTooLong above 200 characters.

    Line ends (CR, LF, U+0085, U+2028, U+2029) become spaces; controls, bidi and zero-width characters go; markup and
    quotes stay the text they are, for the output to escape.
    """
    name = clean_line(name)
    if not name.isprintable():
        name = _STRAY_JOINER.sub("", "".join(filter(_shows, name)))
        # What went may have stood between two spaces, or between a letter and its accent.
        name = unicodedata.normalize("NFC", " ".join(name.split()))
    if len(name) > LONGEST_NAME:
        raise NameTooLong(len(name))
    return name


def _shows(character: str) -> bool:
    return character.isprintable() or character in _JOINERS
