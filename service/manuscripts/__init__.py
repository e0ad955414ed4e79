"""Press releases as files: from bytes to headline, dateline, text and contacts, without losing a word.

Pure: no database, no network, no clock. Plain text in English, Russian or Kazakh in its usual form is understood;
what is not is said in `Manuscript.remarks`.
"""

from service.manuscripts import characters, encoding, text
from service.manuscripts.encoding import Unreadable
from service.manuscripts.headline import BadHeadline
from service.manuscripts.manuscript import Contact, Dateline, Manuscript, Remark

__all__ = ["BadHeadline", "Contact", "Dateline", "Manuscript", "Remark", "Unreadable", "read"]


def read(data: bytes) -> Manuscript:
    """The press release in the bytes of a text file. Raises Unreadable for what is no text or too much of it."""
    decoded = encoding.decode(data)
    if not characters.clean_line(decoded.text):
        raise Unreadable("The file is empty.")
    return text.parse(decoded.text, encoding=decoded.encoding)
