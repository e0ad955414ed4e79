"""A press release as it was written: its parts, and whatever could not be told."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where and when: `raw` holds the words as written ("Astana, 22 January 2024 –")."""

    place: str
    date: date
    raw: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a journalist may call; '' for what was not given. Several numbers or addresses are joined by commas."""

    name: str = ""
    role: str = ""
    organisation: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """What was not understood: the line number (from 1), the words that found no other place ('' if none), and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Manuscript:
    """The parts of one press release. Every word of the file is in exactly one of them, in a mark or in a remark.

    `body`, `boilerplate` and `notes` are Markdown; all else is plain text on one line, but `kicker`, which has a line
    for each status line. `body` is what follows the lead. `embargo` is in UTC and None unless it was written with a
    zone. `marks` are the words that only gave form: "Media Contact:", "Phone:", "###".
    """

    language: str
    kicker: str
    headline: str
    subhead: str
    dateline: Dateline | None
    embargo: datetime | None
    lead: str
    body: str
    boilerplate: str
    notes: str
    contacts: tuple[Contact, ...]
    marks: tuple[str, ...]
    encoding: str
    remarks: tuple[Remark, ...]
