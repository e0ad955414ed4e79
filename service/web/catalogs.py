"""The words of the pages in other languages: `make translations` finds what is to be said, a person says it.

What is marked in templates and doors, and what nouns say to people, is English; `translations/<language>.po` holds the
rest. They are read as they are, so there is no compiled file to forget.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, meta

from service.checks import RULES
from service.deliveries import LINK_USED, SET_ASIDE
from service.feedback import smtp_rules
from service.imports import sorting
from service.journalists.erasing import FORGOTTEN
from service.releases.writing import VOID
from service.reports import words as reports

SERVICE = Path(__file__).parents[1]
# templates/ stands beside service/ in the source tree and in the wheel alike.
TEMPLATES = SERVICE.parent / "templates" / "pages"
FOLDER = Path(__file__).parent / "translations"
PUBLIC_DOORS = ("errors.py", "leave.py", "sign_in.py", "sso.py", "words.py")
"""Doors, or their words, that pages without sign-in use: these are said in every language."""
PUBLIC_NOUNS = ("accounts/links.py", "accounts/rights.py", "accounts/sso.py", "floods.py")
"""Nouns whose refusals anybody may meet."""
REFUSING = (
    *PUBLIC_NOUNS,
    *("approvals/deciding.py", "deliveries/retrying.py", "deliveries/settling.py", "deliveries/waking.py"),
    *("releases/control.py", "releases/extending.py", "releases/scheduling.py", "releases/waves.py", "topics.py"),
    *("journalists/editing.py", "journalists/grounds.py", "journalists/merging.py", "journalists/notes.py"),
    *("imports/files.py", "imports/undoing.py"),
    *("audiences/choosing.py", "audiences/lists.py", "audiences/names.py", "audiences/segments.py"),
    *("accounts/people.py", "accounts/closing.py"),
    *("newsroom/embargo.py", "newsroom/publishing.py"),
    *("follow_ups.py", "notices/sending.py", "notices/writing.py", "pitches.py", "proofs.py"),
    *("newsroom/pictures.py", "scanning.py"),
)
"""Nouns whose refusals officers meet on pages."""
BASE = "base.html"
HEAD = """msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {forms}\\n"

"""
PUBLIC_LANGUAGES = frozenset({"kk"})
"""Languages in which only the public pages are."""
Calls = Mapping[str, tuple[int, ...] | None]
CALLS: Calls = {
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
    "_": None,
    # A refusal's sentence is handed to Refused.
    "__init__": None,
}
ACTS = ("paused", "resumed")
"""What a refusal says cannot be done to a release."""
RAISED = re.compile(r"\braise (\w+)\(")
CALLED_IN_TEMPLATES: Calls = {"_": None, "gettext": None, "ngettext": (1, 2)}


@cache
def translations(language: str) -> Translations:
    """What the pages say in this language; nothing for English, which is what is written."""
    compiled = BytesIO()
    write_mo(compiled, written(language) if _path(language).exists() else Catalog(language))
    compiled.seek(0)
    return Translations(compiled)


def written(language: str) -> Catalog:
    """The catalog as it is kept."""
    with _path(language).open("rb") as file:
        return read_po(file, locale=language, domain="messages")


def languages() -> list[str]:
    """The languages there are catalogs for."""
    return sorted(path.stem for path in FOLDER.glob("*.po"))


def wanted(language: str) -> Catalog:
    """What is to be said in this language, found in templates, doors and nouns."""
    catalog = Catalog(language, domain="messages", fuzzy=False)
    public = language in PUBLIC_LANGUAGES
    for message in _messages(public=public):
        catalog.add(message)
    return catalog


def update(language: str) -> Catalog:
    """The catalog with what is new, untranslated, and without what nobody says any more."""
    catalog = written(language) if _path(language).exists() else Catalog(language)
    catalog.update(wanted(language), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    for message in catalog:
        message.locations, message.auto_comments = [], []
    return catalog


def untranslated(catalog: Catalog) -> list[str]:
    """What has no translation yet, or one that a person has still to look at."""
    return [_id(message.id) for message in catalog if message.id and (message.fuzzy or not _whole(message.string))]


def _messages(*, public: bool) -> Iterator[str | tuple[str, ...]]:
    for name in public_templates() if public else templates():
        yield from _of(TEMPLATES / name, "jinja2.ext:babel_extract", CALLED_IN_TEMPLATES, {"silent": "false"})
    for path in doors() if not public else [SERVICE / "web" / name for name in PUBLIC_DOORS]:
        yield from _of(path, "python", CALLS)
    for name in PUBLIC_NOUNS if public else REFUSING:
        raised: Calls = dict.fromkeys(RAISED.findall((SERVICE / name).read_text()))
        yield from _of(SERVICE / name, "python", {**CALLS, **raised})
    if not public:
        yield from _tables()


def _of(path: Path, how: str, calls: Calls, options: dict[str, str] | None = None) -> Iterator[str | tuple[str, ...]]:
    with path.open("rb") as file:
        for _line, message, _comments, _context in extract(how, file, keywords=calls, options=options or {}):
            yield tuple(message) if isinstance(message, (list, tuple)) else message


def _tables() -> Iterator[str]:
    """Words that nouns keep in tables, for commands too."""
    for table in (reports.STATES, reports.EXCLUSIONS, reports.NAMELESS):
        yield from table.values()
    yield from (sentence for _level, sentence in RULES.values())
    yield VOID
    yield from dict.fromkeys(rule.reason for rule in smtp_rules.RULES)
    yield from (LINK_USED, SET_ASIDE, *ACTS, *sorting.SAID.values(), FORGOTTEN)


def doors() -> list[Path]:
    """The modules of the pages."""
    return sorted((SERVICE / "web").glob("**/*.py"))


def templates() -> list[str]:
    """Every template of a page, by name."""
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.glob("**/*.html"))


def public_templates() -> list[str]:
    """The templates of pages that need no sign-in, and all that those are made of."""
    whole = {name: [name, *_within(name)] for name in templates() if not Path(name).name.startswith("_")}
    return sorted({part for name, parts in whole.items() if BASE not in parts for part in parts})


def _within(name: str) -> Iterator[str]:
    """The templates that this one extends, includes and imports, and theirs."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), extensions=["jinja2.ext.i18n"])  # noqa: S701 - read, never rendered
    for other in meta.find_referenced_templates(environment.parse((TEMPLATES / name).read_text())):
        if other is not None:
            yield from (other, *_within(other))


def _whole(string: str | Iterable[str] | None) -> bool:
    return bool(string) if isinstance(string, str) else all(string or ("",))


def _id(message: str | Iterable[str]) -> str:
    return message if isinstance(message, str) else next(iter(message))


def _path(language: str) -> Path:
    return FOLDER / f"{language}.po"


def as_text(catalog: Catalog) -> str:
    """The catalog as it is kept: sorted, with no dates, names or line numbers for two branches to differ in."""
    body = BytesIO()
    write_po(body, catalog, width=120, no_location=True, sort_output=True, omit_header=True)
    head = HEAD.format(language=catalog.locale, forms=catalog.plural_forms)
    return head + body.getvalue().decode()


def main() -> None:
    """Bring every catalog up to date, and name what is still to be translated."""
    for language in languages():
        catalog = update(language)
        _path(language).write_text(as_text(catalog))
        for message in untranslated(catalog):
            sys.stdout.write(f"{language}: {message}\n")


if __name__ == "__main__":
    main()
