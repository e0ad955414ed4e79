"""The usual form of a press release, read from its text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from service.manuscripts import characters, contacts, datelines, embargoes, forms, language, paragraphs
from service.manuscripts.headline import LONGEST
from service.manuscripts.manuscript import Dateline, Manuscript, Remark
from service.manuscripts.paragraphs import Paragraph
from service.markdown import escape

_HEAD = 10  # paragraphs among which the dateline is looked for
_LONGEST_SUBHEAD = 200
_LONGEST_BOILERPLATE = 4  # paragraphs


@dataclass(slots=True)
class _Draft:
    """The parts found so far."""

    kicker: list[str] = field(default_factory=list)
    headline: str = ""
    subhead: list[str] = field(default_factory=list)
    dateline: Dateline | None = None
    embargo: datetime | None = None
    lead: str = ""
    body: list[str] = field(default_factory=list)
    boilerplate: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def remark(self, line: int, why: str, *, text: str = "") -> None:
        self.remarks.append(Remark(line, text, why))


def parse(text: str, *, encoding: str) -> Manuscript:
    """The parts of a press release; never refuses, as what it cannot tell becomes a remark."""
    clean = characters.clean_text(text)
    taken = contacts.take(paragraphs.split(clean))
    draft = _Draft(marks=taken.marks, remarks=taken.remarks)
    rest = _read_head(taken.paragraphs, draft)
    _read_sections(rest, draft)
    _remark_on_what_is_missing(draft)
    return Manuscript(
        language=language.of(clean),
        kicker="\n".join(draft.kicker),
        headline=draft.headline,
        subhead=" ".join(draft.subhead),
        dateline=draft.dateline,
        embargo=draft.embargo,
        lead=draft.lead,
        body="\n\n".join(draft.body),
        boilerplate="\n\n".join(draft.boilerplate),
        notes="\n\n".join(draft.notes),
        contacts=tuple(taken.contacts),
        marks=tuple(draft.marks),
        encoding=encoding,
        remarks=tuple(sorted(draft.remarks, key=lambda remark: remark.line)),
    )


def _read_head(parts: Sequence[Paragraph], draft: _Draft) -> Sequence[Paragraph]:
    """Everything down to the lead. The dateline tells where the lead begins; without one, the form has to do."""
    at, after = _find_dateline(parts, draft)
    titles = [part for part in parts[:at] if not _is_front_matter(part, draft)]
    if draft.dateline and (titles or after):
        _read_titles(titles, draft)
        draft.lead = after
        return parts[at + 1 :] if after else _read_lead(parts[at + 1 :], draft)
    rest = [*titles, *parts[at + 1 :]] if draft.dateline else parts
    return _read_head_by_form(rest, draft)


def _find_dateline(parts: Sequence[Paragraph], draft: _Draft) -> tuple[int, str]:
    """Where the dateline stands and what follows it in its paragraph; 0 and '' without a dateline."""
    for at, part in enumerate(parts[:_HEAD]):
        if forms.is_end(part.text) or forms.is_notes(part.text):
            break
        if not _is_status(part.text) and (found := datelines.split(part.text)):
            draft.dateline, after = found
            return at, after
    return 0, ""


def _read_titles(titles: Sequence[Paragraph], draft: _Draft) -> None:
    for at, title in enumerate(titles):
        if len(title.text) > LONGEST:
            draft.remark(title.number, "Above the dateline, but too long for a headline.", text=title.text)
        elif at == 0:
            draft.headline = title.text
        else:
            draft.subhead.append(title.text)


def _read_head_by_form(parts: Sequence[Paragraph], draft: _Draft) -> Sequence[Paragraph]:
    parts = _without_front_matter(parts, draft)
    # "О встрече министров" is a headline here and would be the heading of a boilerplate further down.
    if parts and len(parts[0].text) <= LONGEST and not (forms.is_end(parts[0].text) or forms.is_notes(parts[0].text)):
        draft.headline = parts[0].text
        parts = _without_front_matter(parts[1:], draft)
    if len(parts) > 1 and draft.headline and _may_be_subhead(parts[0].text) and not _ends_the_body(parts[1].text):
        draft.subhead.append(parts[0].text)
        parts = _without_front_matter(parts[1:], draft)
    return _read_lead(parts, draft)


def _without_front_matter(parts: Sequence[Paragraph], draft: _Draft) -> Sequence[Paragraph]:
    at = 0
    while at < len(parts) and _is_front_matter(parts[at], draft):
        at += 1
    return parts[at:]


def _may_be_subhead(text: str) -> bool:
    return len(text) <= _LONGEST_SUBHEAD and text[-1] not in ".!?…:" and not _ends_the_body(text)


def _read_lead(parts: Sequence[Paragraph], draft: _Draft) -> Sequence[Paragraph]:
    if not parts or _ends_the_body(parts[0].text):
        return parts
    draft.lead = parts[0].text
    return parts[1:]


def _is_front_matter(part: Paragraph, draft: _Draft) -> bool:
    """Whether this is a status line, an embargo or a date alone; if so it is kept as such."""
    if embargoes.is_line(part.text):
        _read_embargo(part, draft)
        return True
    if _is_status(part.text):
        draft.kicker.append(part.text)
        return True
    return False


def _is_status(text: str) -> bool:
    return forms.is_status(text) or datelines.is_only_a_date(text)


def _read_embargo(part: Paragraph, draft: _Draft) -> None:
    instant = embargoes.read(part.text)
    if instant is None or draft.embargo not in (None, instant):
        why = "An embargo needs one date, one time and one zone (10:00 UTC+5, 10:00 Astana time): set it by hand."
        draft.remark(part.number, why, text=part.text)
        return
    draft.embargo = instant
    draft.kicker.append(part.text)


def _ends_the_body(text: str) -> bool:
    tests = (forms.is_end, forms.is_about, forms.is_notes, forms.opens_boilerplate)
    return any(test(text) for test in tests)


def _read_sections(parts: Sequence[Paragraph], draft: _Draft) -> None:
    """The body, then what follows it under headings; what follows the end mark without one are notes."""
    section = draft.body
    for at, part in enumerate(parts):
        text = part.text
        if forms.is_end(text) or (forms.is_stars(text) and _only_sections_follow(parts[at + 1 :])):
            draft.marks.append(text)
            section = draft.notes
        elif forms.is_slug(text):
            draft.marks.append(text)
        elif forms.is_about(text) and (section is not draft.body or _is_last_section(parts[at + 1 :])):
            section = draft.boilerplate
            section.append(f"**{escape(text)}**")
        elif forms.is_notes(text):
            draft.marks.append(text)
            section = draft.notes
        else:
            section = draft.boilerplate if forms.opens_boilerplate(text) else section
            section.append(escape(text))


def _is_last_section(parts: Sequence[Paragraph]) -> bool:
    """Whether so little follows that "About …" heads a boilerplate; a longer text has subheadings of its own."""
    return any(_ends_the_body(part.text) for part in parts[: _LONGEST_BOILERPLATE + 1]) or (
        len(parts) <= _LONGEST_BOILERPLATE
    )


def _only_sections_follow(parts: Sequence[Paragraph]) -> bool:
    return not parts or _ends_the_body(parts[0].text)


def _remark_on_what_is_missing(draft: _Draft) -> None:
    if not draft.headline:
        draft.remark(1, "No headline was found.")
    if draft.dateline is None:
        draft.remark(1, "No dateline was found: a place and a full date (day, month, year) before the first sentence.")
    if not draft.lead:
        draft.remark(1, "No text was found below the headline.")
