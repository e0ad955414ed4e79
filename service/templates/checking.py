"""Looks at mail templates as a reader, a filter and the law would: what is found, and whether it may be used."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from traceback import extract_tb

from jinja2 import TemplateError, TemplateSyntaxError

from service import links
from service.errors import Refused
from service.mail import words
from service.mail.compose import Letter, Person
from service.mail.environment import MAILS
from service.releases.letters import DIGEST, LETTER, context, identity
from service.releases.revisions import Frozen
from service.settings import settings
from service.templates import sample

LARGEST = 102_000
"""Octets of HTML above which Gmail cuts a mail off, and the links to leave with it."""
PERSONAL = ("leave", "preferences", "name", "outlet", "topic")
FILES = ("subject.txt", "body.txt", "body.html")
SAMPLES: tuple[tuple[str, Callable[[str], Frozen]], ...] = (
    (LETTER, sample.release),
    (LETTER, sample.bare_release),
    (DIGEST, sample.digest),
)
RUNS = re.compile(r"<(script|iframe|object|embed|form|input|base|link|svg|video|audio)\b|\son\w+\s*=|javascript:", re.I)
FETCHES = re.compile(r"""<[^>]+\s(?:src|srcset|background|poster)\s*=|url\(\s*['"]?(?!#)|@import""", re.I)


class State(StrEnum):
    """How bad it is."""

    BAD = "bad"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a file of the templates, and what to do about it."""

    file: str
    state: State
    said: str


class BadTemplates(Refused):
    """Mend them: `dateline template check` says where."""

    def __init__(self, found: list[Finding]) -> None:
        super().__init__("MAIL_TEMPLATES: " + "; ".join(f"{each.file}: {each.said}" for each in found))


def require() -> None:
    """Refuse to start with templates of one's own that are bad. Raises BadTemplates."""
    if settings().mail_templates and (bad := [each for each in check() if each.state is State.BAD]):
        raise BadTemplates(bad)


def check() -> list[Finding]:
    """All that is wrong with the templates in use: ours, and those of MAIL_TEMPLATES before them."""
    found = [*_unused(settings().mail_templates), *(each for which in SAMPLES for each in _looked_at(*which))]
    return list(dict.fromkeys(found))


def _unused(own: Path | None) -> Iterator[Finding]:
    """Files that stand for none of ours: a name that was mistyped, most likely."""
    if own is None:
        return
    if not own.is_dir():
        yield Finding(str(own), State.BAD, "there is no such folder")
        return
    for file in sorted(path for path in own.rglob("*") if path.is_file()):
        name = file.relative_to(own)
        if not (MAILS / name).is_file():
            yield Finding(str(name), State.BAD, "no mail of ours has a file of this name")


def _looked_at(template: str, frozen_in: Callable[[str], Frozen]) -> Iterator[Finding]:
    for language in sample.LANGUAGES:
        frozen = frozen_in(language)
        said = context(frozen, frozen.editions[0])
        try:
            letter = Letter(template, said, identity(frozen, bytes(8)), links.personal())
            for person in (sample.CLEO, sample.STRANGER):
                yield from _findings(template, frozen, letter, person)
        except TemplateError as fault:
            yield Finding(_where(template, fault), State.BAD, _explained(fault))
            return
        except ValueError as fault:
            yield Finding(template, State.BAD, str(fault))
            return


def _where(template: str, fault: TemplateError) -> str:
    """The file, and of what cannot be parsed the line."""
    if isinstance(fault, TemplateSyntaxError):
        return f"{fault.name}:{fault.lineno}"
    named = (frame.filename for frame in extract_tb(fault.__traceback__))
    return next((name for name in named if name.startswith(f"{template}/")), template)


def _explained(fault: TemplateError) -> str:
    said = fault.message or type(fault).__name__
    if any(f"'{name}'" in said for name in PERSONAL):
        return f"{said}: what differs by person stands between {{% personal %}} and {{% endpersonal %}}"
    return said


def _findings(template: str, frozen: Frozen, letter: Letter, person: Person) -> Iterator[Finding]:
    raw = letter.message(person, sample.DELIVERY, sample.AT)
    message = message_from_bytes(raw, policy=policy.default)
    text, html = (_part(message, kind) for kind in ("plain", "html"))
    for file, content in (("body.txt", text), ("body.html", html)):
        for said in _missing(frozen, content):
            yield Finding(f"{template}/{file}", State.BAD, said)
    page = f"{template}/body.html"
    if found := RUNS.search(html):
        yield Finding(
            page, State.BAD, f"{found[0].strip()!a}: nothing runs in a mail, and filters take it for an attack"
        )
    if found := FETCHES.search(html):
        yield Finding(page, State.BAD, f"{found[0][:60]!a}: what is fetched tells who opened, without their consent")
    if (size := len(html.encode())) > LARGEST:
        yield Finding(page, State.BAD, f"{size:,} octets with a short release in it: Gmail cuts off at {LARGEST:,}")
    yield from _advice(page, html)


def _missing(frozen: Frozen, content: str) -> Iterator[str]:
    edition, made = frozen.editions[0], links.personal()
    flat = " ".join(content.replace("&amp;", "&").split())
    wanted = {
        "the link to leave": made.leave(sample.DELIVERY),
        "the link to the preferences": made.preferences(sample.DELIVERY),
        "the newsroom's postal address, which the law asks for": frozen.sender.postal_address,
        "the headline": edition.headline,
        "the lead": edition.lead,
        "the embargo": words.of(edition.language).embargo if frozen.embargo else "",
        **{f"the text ({word})": word for word in ("thirty-one", "kept by three countries") if edition.body},
        "a contact's telephone number": frozen.contacts[0].phone if frozen.contacts else "",
        "the link to a release": frozen.items[0].link if frozen.items else "",
    }
    for what, value in wanted.items():
        if value not in flat:
            yield f"{what} is missing"


def _advice(page: str, html: str) -> Iterator[Finding]:
    for mark, why in (
        ('name="color-scheme"', "dark mail programs choose colours by themselves"),
        ("prefers-color-scheme: dark", "there are no colours for the dark"),
        ('name="viewport"', "telephones show it small"),
        (" dir=", "Arabic and Hebrew run the wrong way"),
        (" lang=", "screen readers read it in the wrong language"),
    ):
        if mark not in html:
            yield Finding(page, State.ADVICE, f"without {mark.strip()} {why}")


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body else ""
