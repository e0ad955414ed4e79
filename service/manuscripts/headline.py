"""What may be a headline, asked by every door before one is stored: a bad one would poison every mail of a send."""

import re

from service.errors import Refused
from service.manuscripts.characters import clean_line

LONGEST = 255

# RFC 2047 section 2: mail programs decode such a word in the Subject, so it could smuggle in what nobody approved.
_ENCODED_WORD = re.compile(r"=\?[^?\s]*\?[bq]\?", re.IGNORECASE)


class BadHeadline(Refused):
    """This cannot be a headline; the reason is a sentence for whoever wrote it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check(headline: str) -> str:
    """The headline cleaned to one line of at most 255 characters.

    Raises BadHeadline when nothing is left, when it is too long, or when it holds an RFC 2047 encoded word.
    """
    line = clean_line(headline)
    if not line:
        raise BadHeadline("The headline is empty.")
    if len(line) > LONGEST:
        raise BadHeadline(f"The headline has {len(line)} characters; at most {LONGEST} fit. Shorten it.")
    if _ENCODED_WORD.search(line):
        raise BadHeadline("The headline holds a mail encoding (=?charset?q?…?=). Write the words themselves.")
    return line
