"""Media contacts: the blocks under "Media Contact:", wherever in the release they stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from service.manuscripts import cards, forms
from service.manuscripts.manuscript import Contact, Remark
from service.manuscripts.paragraphs import Line, Paragraph

_LONGEST_LINE = 90  # characters: a longer one is prose
_AHEAD = 2  # blocks a name may stand before its number


@dataclass(slots=True)
class Taken:
    """The contacts of a release, and the paragraphs that are none."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def take(paragraphs: Sequence[Paragraph]) -> Taken:
    """Every contact block lifted out of the release, in order."""
    taken = Taken()
    at = 0
    while at < len(paragraphs):
        paragraph = paragraphs[at]
        heading = forms.contact_heading(paragraph.text)
        at += 1
        if heading is None:
            taken.paragraphs.append(paragraph)
            continue
        end = _end(paragraphs, at, opened=bool(heading[1]))
        _read(taken, paragraph, heading, paragraphs[at:end])
        at = end
    return taken


def _read(taken: Taken, paragraph: Paragraph, heading: tuple[str, str], section: Sequence[Paragraph]) -> None:
    mark, rest = heading
    taken.marks.append(mark)
    lines = [Line(paragraph.number, rest)] if rest else []
    lines += [line for part in section for line in part.lines]
    if not lines:
        taken.remarks.append(Remark(paragraph.number, "", "No contact could be read under this heading."))
        return
    read = cards.read(lines)
    taken.contacts += read.contacts
    taken.marks += read.marks
    taken.remarks += read.remarks


def _end(paragraphs: Sequence[Paragraph], start: int, *, opened: bool) -> int:
    """Where the contact section that starts here is over: before the first block that cannot be part of one."""
    end = start
    while end < len(paragraphs):
        after = _block_end(paragraphs, end)
        touches = end > 0 and paragraphs[end].number == paragraphs[end - 1].lines[-1].number + 1
        first = end == start and (touches or not opened)
        if not _fits(paragraphs[end:after]) or not (first or _leads_to_a_number(paragraphs, end)):
            return end
        end = after
    return end


def _leads_to_a_number(paragraphs: Sequence[Paragraph], start: int) -> bool:
    for _ in range(1 + _AHEAD):
        end = _block_end(paragraphs, start)
        block = paragraphs[start:end]
        if not block or not _fits(block):
            return False
        if any(cards.has_a_number(line.text) for part in block for line in part.lines):
            return True
        start = end
    return False


def _block_end(paragraphs: Sequence[Paragraph], start: int) -> int:
    end = start
    while end < len(paragraphs) and paragraphs[end].block == paragraphs[start].block:
        end += 1
    return end


def _fits(block: Sequence[Paragraph]) -> bool:
    lines = [line.text for part in block for line in part.lines]
    form = any(forms.stands_alone(line) or forms.is_about(line) for line in lines)
    return not form and all(len(line) <= _LONGEST_LINE for line in lines)
