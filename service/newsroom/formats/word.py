"""A story as a Word file: plain styles, so that whoever pastes from it takes no layout along."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from service.mail.words import direction, of
from service.newsroom.formats import status
from service.newsroom.formats.blocks import Block, Kind, blocks
from service.newsroom.story import Story
from service.newsroom.wire.characters import xml

STYLES = {Kind.HEADING: "Heading 2", Kind.BULLET: "List Bullet", Kind.NUMBER: "List Number", Kind.QUOTE: "Quote"}
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest moment a zip file can hold."""


def write(story: Story, *, embargoed: bool = False) -> bytes:
    """The release as .docx, the same bytes each time."""
    word, words = Document(), of(story.language)
    word.styles["Normal"].font.name, word.styles["Normal"].font.size = "Georgia", Pt(12)
    _properties(word, story)
    word.add_paragraph(xml(story.sender.name)).runs[0].italic = True
    for line in status(story, embargoed=embargoed):
        word.add_paragraph().add_run(xml(line)).bold = True
    word.add_heading(xml(story.edition.headline), level=1)
    if story.edition.subhead:
        word.add_paragraph(xml(story.edition.subhead)).runs[0].italic = True
    first = word.add_paragraph()
    if story.edition.dateline:
        first.add_run(xml(f"{story.edition.dateline} ")).bold = True
    first.add_run(xml(story.edition.lead))
    _write(word, blocks(story.edition.body))
    word.add_paragraph(words.ends).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(word, blocks(story.edition.boilerplate))
    if story.edition.notes:
        word.add_heading(words.notes, level=2)
        _write(word, blocks(story.edition.notes))
    _contacts(word, story)
    if direction(story.language) == "rtl":
        for paragraph in word.paragraphs:
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
    return _packed(word)


def _properties(word: Word, story: Story) -> None:
    of_file = word.core_properties
    of_file.title, of_file.author = xml(story.edition.headline)[:255], xml(story.sender.name)[:255]
    of_file.language, of_file.comments = story.language, ""
    of_file.created = of_file.modified = story.changed_at.replace(tzinfo=None)
    of_file.revision = story.version


def _write(word: Word, found: list[Block]) -> None:
    for block in found:
        # A number stands in the text: Word's own would go on from one list to the next.
        style = None if block.kind is Kind.NUMBER else STYLES.get(block.kind)
        paragraph = word.add_paragraph(style=style)
        if block.kind is Kind.NUMBER:
            paragraph.add_run(f"{block.number}. ")
        for run in block.runs:
            if run.link and run.link.removeprefix("mailto:") != run.text:
                _run(paragraph, f"{run.text} <{run.link}>", bold=run.bold, italic=run.italic)
            else:
                _run(paragraph, run.text, bold=run.bold, italic=run.italic)


def _run(paragraph: Paragraph, text: str, *, bold: bool, italic: bool) -> None:
    made = paragraph.add_run(xml(text))
    made.bold, made.italic = bold or None, italic or None


def _contacts(word: Word, story: Story) -> None:
    words = of(story.language)
    for contact in story.contacts:
        word.add_heading(words.media_contact, level=2)
        phone = f"{words.phone}: {contact.phone}" if contact.phone else ""
        email = f"{words.email}: {contact.email}" if contact.email else ""
        lines = filter(None, (contact.name, contact.role, contact.organisation, phone, email))
        word.add_paragraph(xml("\n".join(lines)))


def _packed(word: Word) -> bytes:
    made, packed = BytesIO(), BytesIO()
    word.save(made)
    with ZipFile(made) as found, ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name in found.namelist():
            archive.writestr(ZipInfo(name, LONG_AGO), found.read(name), ZIP_DEFLATED)
    return packed.getvalue()
