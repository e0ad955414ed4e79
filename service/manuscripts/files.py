"""A press release as a file of any usual kind: its words as plain text, and what of the file was left out."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import mammoth
import pypdfium2

from service.manuscripts import encoding
from service.manuscripts.encoding import Unreadable
from service.manuscripts.manuscript import Manuscript, Remark

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 100 * 1024 * 1024
"""Bytes a DOCX may unpack to: more is no text, but an attack on memory."""
MOST_PAGES = 100
DAMAGED = "This Word file is damaged. Open it, save it anew, and import that."
BLOCKS = frozenset(
    ["p", "div", "br", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "blockquote", "table", "ul", "ol"],
)
SILENT = frozenset({"script", "style", "head", "template", "noscript"})
LOST = {"img": "a picture", "table": "the form of a table", "iframe": "something embedded", "video": "a video"}

Plain = tuple[str, tuple[str, ...]]
"""The text, and in words what was left out."""


def plain_text(name: str, data: bytes) -> Plain:
    """The words of a file, by its content and, where that does not say, its name. Raises Unreadable."""
    if not data:
        raise Unreadable("The file is empty.")
    if len(data) > LARGEST_FILE:
        raise Unreadable(f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB.")
    return _reader(name.lower(), data)(data)


def remarked(manuscript: Manuscript, left_out: tuple[str, ...]) -> Manuscript:
    """The manuscript with a remark for each thing its file had and it has not."""
    remarks = tuple(Remark(0, "", f"{what} was left out") for what in left_out)
    return replace(manuscript, remarks=(*manuscript.remarks, *remarks))


def _reader(name: str, data: bytes) -> Callable[[bytes], Plain]:
    if data.startswith(b"%PDF-"):
        return _pdf
    if data.startswith(b"PK\x03\x04"):
        return _docx
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("This is an old Word file (.doc). Save it as .docx, and import that.")
    if name.endswith((".html", ".htm")) or data.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")):
        return _html
    return _text


def _text(data: bytes) -> Plain:
    return encoding.decode(data).text, ()


def _docx(data: bytes) -> Plain:
    _check_packed(data)
    try:
        found = mammoth.convert_to_html(io.BytesIO(data))
    except Exception as fault:  # mammoth raises whatever a broken document makes it stumble over
        raise Unreadable(DAMAGED) from fault
    return _html(found.value.encode())


def _check_packed(data: bytes) -> None:
    """Before anything is unpacked: whether it is a Word file, and one that fits into memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = {entry.filename: entry.file_size for entry in packed.infolist()}
    except zipfile.BadZipFile as fault:
        raise Unreadable(DAMAGED) from fault
    if "word/document.xml" not in unpacked:
        raise Unreadable("This is no Word file. Save the text as .docx, .pdf, .html or .txt.")
    if sum(unpacked.values()) > LARGEST_UNPACKED:
        raise Unreadable("The file unpacks to more than a text can be.")


def _pdf(data: bytes) -> Plain:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        raise Unreadable("This PDF is damaged or has a password. Save the text as .docx or .txt.") from fault
    try:
        if len(document) > MOST_PAGES:
            raise Unreadable(f"The PDF has more than {MOST_PAGES} pages; no release has.")
        pages = [_of_page(document, number) for number in range(len(document))]
    finally:
        document.close()
    words = "\n\n".join(pages).strip()
    if not words:
        raise Unreadable("The PDF has pictures of text only. Import the text itself, as .docx or .txt.")
    return words, ("the layout of the PDF, and any picture in it,",)


def _of_page(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    text = page.get_textpage()
    try:
        return str(text.get_text_bounded()).replace("\r\n", "\n")
    finally:
        text.close()
        page.close()


def _html(data: bytes) -> Plain:
    reader = _Words()
    reader.feed(encoding.decode(data).text)
    reader.close()
    return reader.text(), tuple(LOST[tag] for tag in LOST if tag in reader.lost)


class _Words(HTMLParser):
    """The words of a page, a paragraph for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lost: set[str] = set()
        self._pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base class's
        self._silent += tag in SILENT
        if tag in LOST:
            self.lost.add(tag)
        if tag in BLOCKS:
            self._pieces.append("\n" if tag in ("br", "li", "tr") else "\n\n")
        if tag == "li":
            self._pieces.append("- ")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT and self._silent > 0
        if tag in BLOCKS - {"br", "li", "tr"}:
            self._pieces.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._pieces.append(" ".join(data.split("\n")))

    def text(self) -> str:
        lines = [" ".join(line.split()) for line in "".join(self._pieces).split("\n")]
        kept: list[str] = []
        for line in lines:
            if line or (kept and kept[-1]):
                kept.append(line)
        return "\n".join(kept).strip()
