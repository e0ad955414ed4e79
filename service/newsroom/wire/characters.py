"""What XML 1.0 has no place for: a control character in a text that somebody pasted must not break a whole feed."""

import re

# XML 1.0, 2.2.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml(words: str) -> str:
    """The words without them."""
    return _NOT_XML.sub("", words)
