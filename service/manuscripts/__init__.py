"""Press releases as files: from bytes to headline, dateline, text and contacts, without losing a word.

Pure: no database, no network, no clock. Plain text in English, Russian or Kazakh in its usual form is understood;
what is not is said in `Manuscript.remarks`.
"""

from service.manuscripts import characters, encoding, text
from service.manuscripts.encoding import LARGEST, Unreadable
from service.manuscripts.headline import BadHeadline
from service.manuscripts.manuscript import Contact, Dateline, Manuscript, Remark

__all__ = ["LARGEST", "BadHeadline", "Contact", "Dateline", "Manuscript", "Remark", "Unreadable", "read"]

MOST_LINES = 10_000  # half a million one-letter lines would fit in 1 MiB and take ten seconds to read


def read(data: bytes) -> Manuscript:
    """The press release in the bytes of a text file. Raises Unreadable for what is no text or too much of it."""
    decoded = encoding.decode(data)
    clean = characters.clean_text(decoded.text)
    if not clean.strip():
        raise Unreadable("The file is empty.")
    if clean.count("\n") > MOST_LINES:
        raise Unreadable(f"The file has more than {MOST_LINES:,} lines; no release has.")
    return text.parse(clean, encoding=decoded.encoding)
