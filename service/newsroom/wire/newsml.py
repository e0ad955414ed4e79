"""NewsML-G2 2.35 (IPTC), conformance level power: one story as a newsItem, a list of them as a newsMessage."""

from collections.abc import Sequence

from lxml import etree
from lxml.etree import _Element
from lxml.html import fragment_fromstring

from service.models import NoticeKind
from service.newsroom import places
from service.newsroom.story import Story
from service.newsroom.wire import moment
from service.newsroom.wire.characters import xml
from service.newsroom.wire.feeds import EPOCH, html
from service.newsroom.wire.mediatopics import code
from service.newsroom.wire.ninjs import URGENCY

NAR = "http://iptc.org/std/nar/2006-10-01/"
XHTML = "http://www.w3.org/1999/xhtml"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CATALOG = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_40.xml"
# A kill is no signal but a status; update and correction exclude each other, and the last word counts.
SIGNALS = {NoticeKind.UPDATE: "sig:update", NoticeKind.CORRECTION: "sig:correction"}


def item(story: Story) -> bytes:
    """One story; what was withdrawn has its name, version and status, and no word more."""
    return _written(_item(story))


def message(stories: Sequence[Story], newsroom: str) -> bytes:
    """Several of them, as they stand; sent at the last change, so that the same news are the same bytes."""
    root = etree.Element(f"{{{NAR}}}newsMessage", nsmap={None: NAR})
    header = _add(root, "header")
    _add(header, "sent", moment(max((story.changed_at for story in stories), default=EPOCH)))
    _add(header, "sender", places.newsroom(newsroom))
    items = _add(root, "itemSet")
    for story in stories:
        items.append(_item(story))
    return _written(root)


def _item(story: Story) -> _Element:
    root = etree.Element(f"{{{NAR}}}newsItem", nsmap={None: NAR})
    named = {"guid": places.uri(story), "version": str(story.version), "standard": "NewsML-G2"}
    for name, value in (named | {"standardversion": "2.35", "conformance": "power"}).items():
        root.set(name, value)
    root.set(LANG, story.language)
    _add(root, "catalogRef", href=CATALOG)
    rights = _add(root, "rightsInfo")
    _add(_add(rights, "copyrightHolder", uri=places.newsroom(story.newsroom)), "name", story.sender.name)
    _add(rights, "usageTerms", "Free for editorial use with credit to the source.")
    _meta(root, story)
    if not story.withdrawn:
        _about(root, story)
        _text(root, story)
    return root


def _meta(root: _Element, story: Story) -> None:
    meta = _add(root, "itemMeta")
    _add(meta, "itemClass", qcode="ninat:text")
    _add(_add(meta, "provider", uri=places.newsroom(story.newsroom)), "name", story.sender.name)
    _add(meta, "versionCreated", moment(story.changed_at))
    _add(meta, "firstCreated", moment(story.opens_at or story.changed_at))
    if story.embargo and not story.withdrawn:
        _add(meta, "embargoed", moment(story.embargo))
    status = "canceled" if story.withdrawn else "withheld" if story.is_held else "usable"
    _add(meta, "pubStatus", qcode=f"stat:{status}")
    for said in story.said:
        _add(meta, "edNote", f"{said.kind.value.upper()}: {said.headline}")
    if story.withdrawn:
        _add(meta, "edNote", f"WITHDRAWN, must not be used. {story.withdrawn.reason}".strip())
    elif story.said and story.said[-1].kind in SIGNALS:
        _add(meta, "signal", qcode=SIGNALS[story.said[-1].kind])


def _about(root: _Element, story: Story) -> None:
    edition = story.edition
    about = _add(root, "contentMeta")
    _add(about, "urgency", str(URGENCY.get(story.said[-1].kind, 5) if story.said else 5))
    if edition.place:
        _add(_add(about, "located", type="cpnat:geoArea"), "name", edition.place)
    _add(_add(about, "creator", uri=places.newsroom(story.newsroom)), "name", story.sender.name)
    _add(_add(about, "genre", qcode="genre:Press_Release"), "name", "Press Release")
    _add(about, "language", tag=story.language)
    for topic in story.topics:
        number = code(topic.media_topic)
        named = {"qcode": f"medtop:{number}"} if number else {"literal": topic.slug}
        _add(_add(about, "subject", type="cpnat:abstract", **named), "name", topic.name)
    _add(about, "headline", edition.headline)
    if edition.dateline:
        _add(about, "dateline", edition.dateline)
    _add(about, "by", story.sender.name)
    _add(about, "description", edition.subhead or edition.lead, role="drol:summary")


def _text(root: _Element, story: Story) -> None:
    inline = _add(_add(root, "contentSet"), "inlineXML", contenttype="application/xhtml+xml")
    page = etree.SubElement(inline, f"{{{XHTML}}}html", nsmap={None: XHTML})
    etree.SubElement(etree.SubElement(page, f"{{{XHTML}}}head"), f"{{{XHTML}}}title").text = xml(story.edition.headline)
    body = fragment_fromstring(xml(html(story)), create_parent="body")
    for element in body.iter():
        if isinstance(element.tag, str):
            element.tag = f"{{{XHTML}}}{element.tag}"
    page.append(body)


def _add(parent: _Element, name: str, words: str = "", **attributes: str) -> _Element:
    made = etree.SubElement(parent, f"{{{NAR}}}{name}", {key: xml(value) for key, value in attributes.items()})
    if words:
        made.text = xml(words)
    return made


def _written(root: _Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
