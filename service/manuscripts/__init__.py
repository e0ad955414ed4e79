"""Press releases as files: from bytes to headline, dateline, text and contacts, without losing a word.

Pure: no database, no network, no clock. Plain text in English, Russian or Kazakh in its usual form is understood;
what is not is said in `Manuscript.remarks`.
"""

from service.manuscripts import characters, encoding, files, text
from service.manuscripts.encoding import LARGEST, Unreadable
from service.manuscripts.files import LARGEST_FILE
from service.manuscripts.headline import BadHeadline
from service.manuscripts.manuscript import Contact, Dateline, Manuscript, Remark

__all__ = [
    "LARGEST",
    "LARGEST_FILE",
    "BadHeadline",
    "Contact",
    "Dateline",
    "Manuscript",
    "Remark",
    "Unreadable",
    "read",
    "read_file",
]

MOST_LINES = 10_000  # half a million one-letter lines would fit in 1 MiB and take ten seconds to read


def read(data: bytes) -> Manuscript:
    """The press release in the bytes of a text file. Raises Unreadable for what is no text or too much of it."""
    decoded = encoding.decode(data)
    return _parse(decoded.text, decoded.encoding)


def read_file(name: str, data: bytes) -> Manuscript:
    """The press release in a TXT, Markdown, HTML, DOCX or PDF file. Raises Unreadable.

    What the file had beside words is said in `remarks`.
    """
    words, left_out = files.plain_text(name, data)
    return files.remarked(_parse(words, "utf-8"), left_out)


def _parse(words: str, encoding_: str) -> Manuscript:
    clean = characters.clean_text(words)
    if not clean.strip():
        raise Unreadable("The file is empty.")
    if clean.count("\n") > MOST_LINES:
        raise Unreadable(f"The file has more than {MOST_LINES:,} lines; no release has.")
    return text.parse(clean, encoding=encoding_)
