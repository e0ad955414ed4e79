"""The links of a release: where they lead, what they say, and what they answered when they were tried."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from markdown_it.tree import SyntaxTreeNode

from service.checks.circumstances import Circumstances
from service.checks.kinds import Check, Kind
from service.mail import body
from service.models import Trial
from service.releases.revisions import Frozen, FrozenEdition

MARKDOWN = ("body", "boilerplate", "notes")
BARE = re.compile(r"https?://[^\s<>\"'()\[\]{}]+[^\s<>\"'()\[\]{}.,;:!?]")
INSIDE = re.compile(
    r"(?:^|\.)(?:localhost|local|test|invalid|internal|intranet|lan|home\.arpa)$"
    r"|^(?:staging|stage|dev|test|preview|localhost)[.-]"
)
SAYS_NOTHING = frozenset(
    {
        *("here", "click here", "click", "link", "this link", "read more", "more", "learn more", "this page"),
        *("здесь", "тут", "по ссылке", "ссылка", "подробнее", "читать далее", "далее", "осында", "мұнда", "толығырақ"),
    }
)


@dataclass(frozen=True, slots=True)
class Link:
    """One link, as it stands in a field of an edition."""

    language: str
    field: str
    url: str
    words: str


def links(frozen: Frozen) -> list[Link]:
    """Every link to the web, in the order of the text."""
    return [
        link for edition in frozen.editions for link in _of(edition) if link.url.startswith(("http://", "https://"))
    ]


def examine(frozen: Frozen, now: Circumstances) -> Iterator[Check]:
    """Links to nowhere or to the inside, and links whose words say nothing."""
    for link in links(frozen):
        here = (link.field, link.language, {"url": link.url})
        if leads_inside(link.url) or now.trials.get(link.url) is Trial.PRIVATE:
            yield Check(Kind.LINK_INSIDE, *here)
        elif now.trials.get(link.url) is Trial.DEAD:
            yield Check(Kind.LINK_DEAD, *here)
        elif now.trials.get(link.url) is Trial.UNSURE:
            yield Check(Kind.LINK_UNSURE, *here)
        if link.words.strip(" .!…→»").lower() in SAYS_NOTHING:
            yield Check(Kind.LINK_WORDS, link.field, link.language, {"found": link.words})


def leads_inside(url: str) -> bool:
    """Whether its host is one that readers cannot open, by its name alone."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return False
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or INSIDE.search(host) is not None


def _of(edition: FrozenEdition) -> Iterator[Link]:
    for url in BARE.findall(edition.lead):
        yield Link(edition.language, "lead", url, url)
    for name in MARKDOWN:
        for node in body.tree(getattr(edition, name)).walk():
            if node.type == "link":
                yield Link(edition.language, name, str(node.attrs["href"]), _words(node))
            elif node.type == "text" and not _is_in_link(node):
                for url in BARE.findall(node.content):
                    yield Link(edition.language, name, url, url)


def _words(node: SyntaxTreeNode) -> str:
    return "".join(one.content for one in node.walk() if one.type in ("text", "code_inline"))


def _is_in_link(node: SyntaxTreeNode) -> bool:
    at: SyntaxTreeNode | None = node
    while at is not None:
        if at.type == "link":
            return True
        at = at.parent
    return False
