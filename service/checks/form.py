"""The form of a press release: headline, dateline, lead, length, end mark, and whom to call."""

import re
from collections.abc import Iterator
from datetime import timedelta

from service.checks.circumstances import Circumstances
from service.checks.kinds import Check, Kind
from service.mail import body
from service.manuscripts import datelines
from service.releases.revisions import Frozen, FrozenEdition

LONGEST_HEADLINE = 100
"""Characters: what an inbox shows of a subject on a wide screen."""
FEWEST_HEADLINE_WORDS = 3
LONGEST_LEAD = 60
"""Words."""
SHORTEST_BODY, LONGEST_BODY = 50, 1200
"""Words, of lead and body together."""
DAYS = timedelta(days=7)
WITHOUT_SPACES = frozenset({"zh", "ja", "th", "lo", "km", "my"})
"""Languages whose words are not told apart by spaces, so that words cannot be counted so."""
END_MARK = re.compile(r"^\W*(#\s?#\s?#|-\s?30\s?-|-?\s?ends?\s?-?|-?\s?конец\s?-?|-?\s?соңы\s?-?)\W*$", re.IGNORECASE)


def examine(frozen: Frozen, now: Circumstances) -> Iterator[Check]:
    """What is to be said of the form of each edition, and of the contacts."""
    for edition in frozen.editions:
        yield from _headline(edition)
        yield from _dateline(edition, now)
        yield from _text(edition)
    yield from _contacts(frozen)


def _headline(edition: FrozenEdition) -> Iterator[Check]:
    line, language = edition.headline.strip(), edition.language
    if not line:
        yield Check(Kind.NO_HEADLINE, "headline", language)
        return
    letters = [letter for letter in line if letter.isalpha()]
    if len(line) > LONGEST_HEADLINE:
        yield Check(Kind.HEADLINE_LONG, "headline", language, {"number": len(line), "most": LONGEST_HEADLINE})
    if not _is_unspaced(language) and len(line.split()) < FEWEST_HEADLINE_WORDS:
        yield Check(Kind.HEADLINE_SHORT, "headline", language)
    if len(letters) > 5 and "".join(letters).isupper():
        yield Check(Kind.HEADLINE_CAPITALS, "headline", language)
    if re.search(r"[^.]\.$|。$", line):
        yield Check(Kind.HEADLINE_STOP, "headline", language)


def _dateline(edition: FrozenEdition, now: Circumstances) -> Iterator[Check]:
    if not edition.dateline:
        yield Check(Kind.NO_DATELINE, "dateline", edition.language)
        return
    if (edition.place and edition.dated is None and not re.search(r"\d", edition.dateline)) or not (
        edition.place or datelines.split(edition.dateline)
    ):
        yield Check(Kind.DATELINE_FORM, "dateline", edition.language, {"found": edition.dateline})
    leaves = (now.send_at or now.now).date()
    if edition.dated and abs(edition.dated - leaves) > DAYS:
        yield Check(Kind.DATELINE_DAY, "dated", edition.language, {"day": edition.dated.isoformat()})


def _text(edition: FrozenEdition) -> Iterator[Check]:
    plain, language = body.as_text(edition.body), edition.language
    if not edition.lead.strip() and not plain.strip():
        yield Check(Kind.NO_TEXT, "lead", language)
        return
    if not edition.lead.strip():
        yield Check(Kind.NO_LEAD, "lead", language)
    if not _is_unspaced(language):
        yield from _length(edition, plain)
    if mark := _end_mark(plain):
        yield Check(Kind.END_MARK, "body", language, {"found": mark})


def _length(edition: FrozenEdition, plain: str) -> Iterator[Check]:
    lead = len(edition.lead.split())
    words = lead + len(plain.split())
    if lead > LONGEST_LEAD:
        yield Check(Kind.LEAD_LONG, "lead", edition.language, {"number": lead, "most": LONGEST_LEAD})
    if words < SHORTEST_BODY:
        yield Check(Kind.BODY_SHORT, "body", edition.language, {"number": words})
    if words > LONGEST_BODY:
        yield Check(Kind.BODY_LONG, "body", edition.language, {"number": words, "most": LONGEST_BODY})


def _end_mark(plain: str) -> str:
    return next((line.strip() for line in plain.splitlines()[-3:] if END_MARK.match(line)), "")


def _contacts(frozen: Frozen) -> Iterator[Check]:
    if not frozen.contacts:
        yield Check(Kind.NO_CONTACT, "contacts")
    for contact in frozen.contacts:
        if not (contact.phone.strip() or contact.email.strip()):
            yield Check(Kind.CONTACT_UNREACHABLE, "contacts", values={"name": contact.name})


def _is_unspaced(language: str) -> bool:
    return language.partition("-")[0].lower() in WITHOUT_SPACES
