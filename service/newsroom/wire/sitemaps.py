"""Sitemaps (sitemaps.org 0.9) and the news sitemap of the last two days."""

from collections.abc import Sequence
from datetime import datetime

from lxml import etree
from lxml.etree import _Element

from service.newsroom import places
from service.newsroom.lists import Entry
from service.newsroom.wire import moment
from service.newsroom.wire.characters import xml

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
XHTML = "http://www.w3.org/1999/xhtml"


def index(addresses: Sequence[tuple[str, datetime | None]]) -> bytes:
    """A sitemap of sitemaps, with the last change of each."""
    root = etree.Element(f"{{{SITEMAP}}}sitemapindex", nsmap={None: SITEMAP})
    for address, changed in addresses:
        one = etree.SubElement(root, f"{{{SITEMAP}}}sitemap")
        _add(one, "loc", address)
        if changed:
            _add(one, "lastmod", moment(changed))
    return _written(root)


def releases(newsroom: str, entries: Sequence[Entry]) -> bytes:
    """Every edition of these releases, each naming the others."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP, "xhtml": XHTML})
    for entry in entries:
        place = places.release(newsroom, entry.slug)
        others = [(language, _edition(place, language, entry)) for language in entry.languages]
        for _, address in others:
            one = etree.SubElement(root, f"{{{SITEMAP}}}url")
            _add(one, "loc", address)
            _add(one, "lastmod", moment(entry.opens_at))
            for language, there in others if len(others) > 1 else ():
                etree.SubElement(one, f"{{{XHTML}}}link", rel="alternate", hreflang=language, href=there)
    return _written(root)


def news(newsroom: str, name: str, entries: Sequence[Entry]) -> bytes:
    """These releases as news."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP, "news": NEWS})
    for entry in entries:
        one = etree.SubElement(root, f"{{{SITEMAP}}}url")
        _add(one, "loc", places.release(newsroom, entry.slug))
        said = etree.SubElement(one, f"{{{NEWS}}}news")
        publication = etree.SubElement(said, f"{{{NEWS}}}publication")
        etree.SubElement(publication, f"{{{NEWS}}}name").text = xml(name)
        etree.SubElement(publication, f"{{{NEWS}}}language").text = entry.language
        etree.SubElement(said, f"{{{NEWS}}}publication_date").text = moment(entry.opens_at)
        etree.SubElement(said, f"{{{NEWS}}}title").text = xml(entry.headline)
    return _written(root)


def _edition(place: str, language: str, entry: Entry) -> str:
    return place if language == entry.languages[0] else f"{place}/{language}"


def _add(parent: _Element, name: str, words: str) -> None:
    etree.SubElement(parent, f"{{{SITEMAP}}}{name}").text = words


def _written(root: _Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
