"""From the lines of a file to its paragraphs, whichever way its writer marked them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from service.manuscripts import datelines, embargoes, forms

_WIDEST_WRAP = 100  # columns: nobody wraps by hand beyond this, so a longer line is a paragraph
_NARROWEST_WRAP = 40
_BULLET = re.compile(r"(?:[•·▪‣◦*–-]|\d{1,2}[.)])\s")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'»”’)]*$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file that has words, and its number from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The lines of one paragraph; `block` is the same for neighbours that no empty line parts."""

    lines: tuple[Line, ...]
    block: int

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def number(self) -> int:
        return self.lines[0].number


def split(text: str) -> list[Paragraph]:
    """The paragraphs of a clean text: parted by empty lines, or one a line; hard-wrapped lines are joined."""
    blocks = list(_blocks(text))
    width = _wrap_width(blocks)
    return [
        Paragraph(lines, number) for number, block in enumerate(blocks) for lines in _paragraphs(block, width=width)
    ]


def _blocks(text: str) -> Iterator[tuple[Line, ...]]:
    lines = (Line(number, " ".join(line.split())) for number, line in enumerate(text.split("\n"), start=1))
    for has_words, group in groupby(lines, key=lambda line: bool(line.text)):
        if has_words:
            yield from _apart(tuple(group))


def _apart(lines: tuple[Line, ...]) -> Iterator[tuple[Line, ...]]:
    """The block with lines that are never part of a paragraph set apart; each line alone when one is a paragraph."""
    if any(len(line.text) > _WIDEST_WRAP for line in lines):
        yield from ((line,) for line in lines)
        return
    start = 0
    for at, line in enumerate(lines):
        if forms.stands_alone(line.text) or embargoes.is_line(line.text):
            yield from filter(None, (lines[start:at], (line,)))
            start = at + 1
    yield from filter(None, (lines[start:],))


def _wrap_width(blocks: Sequence[Sequence[Line]]) -> int:
    """The column the file was wrapped at, 0 when it was not: most breaks inside blocks must have been forced."""
    pairs = [pair for block in blocks for pair in pairwise(block)]
    width = max((len(line.text) for block in blocks for line in block if len(block) > 1), default=0)
    # A short line says nothing: names and numbers stand on short lines in any file.
    breaks = [_forced(line, following, width) for line, following in pairs if len(line.text) * 2 > width]
    return width if width >= _NARROWEST_WRAP and sum(breaks) * 2 > len(breaks) else 0


def _forced(line: Line, following: Line, width: int) -> bool:
    """Whether the next word would not have fitted on the line; six columns are left for hyphens and taste."""
    return len(line.text) + 1 + len(following.text.split(" ", 1)[0]) > width - 6


def _paragraphs(block: Sequence[Line], *, width: int) -> Iterator[tuple[Line, ...]]:
    listed = sum(_BULLET.match(line.text) is not None for line in block) > 1
    paragraph: list[Line] = []
    for line in block:
        if paragraph and not _continues(paragraph[-1], line, width=width, listed=listed):
            yield tuple(paragraph)
            paragraph = []
        paragraph.append(line)
    yield tuple(paragraph)


def _continues(line: Line, following: Line, *, width: int, listed: bool) -> bool:
    if not width or (listed and _BULLET.match(following.text)):
        return False
    if datelines.split(following.text) and not _forced(line, following, width):
        return False
    return _forced(line, following, width) or (
        len(line.text) > width * 0.6 and not _SENTENCE_END.search(line.text) and not forms.is_about(following.text)
    )
