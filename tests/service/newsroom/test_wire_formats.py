"""What programs read of a release holds to the published schemas, in every state a release can be in."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import feedparser
import pytest
from lxml import etree

from service.models import NoticeKind
from service.newsroom.story import File, Said, Story, TopicName, Withdrawal
from service.newsroom.wire import feeds, newsml, ninjs, schema_org
from service.releases.revisions import FrozenContact, FrozenEdition, FrozenSender
from tests.service.newsroom.schemas import faults_of_newsml, faults_of_ninjs

THEN = datetime(2024, 1, 22, 4, 0, tzinfo=UTC)
LATER = datetime(2024, 1, 23, 4, 0, tzinfo=UTC)
HOSTILE = "</script><script>alert(1)</script>]]><!-- \x0b & “quotes” 'apostrophes' -->"


def story(**changed: Any) -> Story:
    edition = FrozenEdition(
        language="en",
        headline="CICA Secretary General meets UN Resident Coordinators",
        subhead="An online meeting",
        place="Astana",
        dated=date(2024, 1, 22),
        dateline="Astana, 22 January 2024 –",
        lead="Ambassador Kairat Sarybay held a meeting.",
        body="He **underscored** it.\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        boilerplate="About CICA.",
        notes="",
    )
    found = Story(
        release_id=UUID(int=7),
        newsroom="cica",
        slug="cica-meets-un-1a2b3c4d",
        sender=FrozenSender("cica", "CICA", "press@cica.example", "press@cica.example", "Astana"),
        edition=edition,
        languages=("en", "ru"),
        contacts=(FrozenContact("Akbota Batyrkhan", "PR Officer", "", "+7 (777) 036-26-58", "press@cica.example"),),
        topics=(TopicName("un", "International organisation", "medtop:20000644"), TopicName("youth", "Youth", "")),
        embargo=THEN,
        opens_at=THEN,
        changed_at=THEN,
        said=(),
        files=(File("a" * 32, "hall & stage.jpg", "image/jpeg", 120_000, "The hall", "CICA", "A hall", 720, 480),),
        withdrawn=None,
    )
    return replace(found, **changed)


def said(kind: NoticeKind) -> Said:
    return Said(kind, LATER, "notice-5e6f7a8b", "The meeting was on Monday", "Not on Sunday.", "en")


STATES: dict[str, Callable[[], Story]] = {
    "new": story,
    "without anything": lambda: story(contacts=(), topics=(), embargo=None, files=(), languages=("en",)),
    "updated": lambda: story(said=(said(NoticeKind.UPDATE),), changed_at=LATER),
    "corrected": lambda: story(said=(said(NoticeKind.UPDATE), said(NoticeKind.CORRECTION)), changed_at=LATER),
    "held": lambda: story(said=(said(NoticeKind.HOLD),), changed_at=LATER),
    "killed": lambda: story(said=(said(NoticeKind.KILL),), withdrawn=Withdrawal(LATER, "It is wrong"), files=()),
    "withdrawn": lambda: story(withdrawn=Withdrawal(LATER, ""), files=()),
    "hostile": lambda: story(edition=replace(story().edition, headline=HOSTILE, lead=HOSTILE, body=HOSTILE)),
}
every_state = pytest.mark.parametrize("state", STATES)


@every_state
@pytest.mark.parametrize(("version", "write"), [("3.1", ninjs.ninjs_3), ("2.2", ninjs.ninjs_2)])
def test_ninjs_is_valid(state: str, version: str, write: Callable[[Story], dict[str, Any]]) -> None:
    assert faults_of_ninjs(write(STATES[state]()), version) == []


@every_state
def test_newsml_is_valid(state: str) -> None:
    assert faults_of_newsml(newsml.item(STATES[state]())) == []
    assert faults_of_newsml(newsml.message([STATES[state](), story()], "cica")) == []


def test_the_schemas_do_refuse() -> None:
    assert faults_of_ninjs(ninjs.ninjs_3(story()) | {"signal": "correction"}, "3.1") != []
    assert faults_of_newsml(newsml.item(story()).replace(b"pubStatus", b"pubstatus")) != []


@pytest.mark.parametrize(
    ("state", "version", "status", "urgency"),
    [
        ("new", "1", "usable", 5),
        ("updated", "2", "usable", 5),
        ("corrected", "3", "usable", 4),
        ("held", "2", "withheld", 2),
        ("killed", "2", "canceled", None),
        ("withdrawn", "2", "canceled", None),
    ],
)
def test_what_was_said_since_is_a_version_and_a_status(
    state: str, version: str, status: str, urgency: int | None
) -> None:
    item = ninjs.ninjs_3(STATES[state]())
    assert (item["version"], item["pubStatus"], item.get("urgency")) == (version, status, urgency)
    root = etree.fromstring(newsml.item(STATES[state]()))
    assert root.get("version") == version
    assert root.find(".//{*}pubStatus").get("qcode") == f"stat:{status}"


@pytest.mark.parametrize(("state", "signals"), [("updated", ["sig:update"]), ("corrected", ["sig:correction"])])
def test_newsml_signals_the_last_word(state: str, signals: list[str]) -> None:
    root = etree.fromstring(newsml.item(STATES[state]()))
    assert [signal.get("qcode") for signal in root.findall(".//{*}signal")] == signals


@pytest.mark.parametrize("state", ["killed", "withdrawn"])
def test_of_what_was_withdrawn_no_word_is_told(state: str) -> None:
    told = json.dumps(ninjs.ninjs_3(STATES[state]())) + newsml.item(STATES[state]()).decode()
    assert "canceled" in told
    assert "Coordinators" not in told
    assert "underscored" not in told


def test_topics_carry_their_media_topics() -> None:
    subjects = ninjs.ninjs_3(story())["subjects"]
    assert subjects[0]["uri"] == "http://cv.iptc.org/newscodes/mediatopic/20000644"
    assert subjects[1]["uri"].endswith("/newsroom/cica/topics/youth")
    assert b'qcode="medtop:20000644"' in newsml.item(story())


@every_state
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_feeds_are_read_by_a_reader_of_somebody_else(state: str, form: str) -> None:
    feed = feeds.Feed("CICA", "cica", "http://x.example/feed", "en", "http://hub.example/", [STATES[state]()])
    read = feedparser.parse(feeds.rss(feed) if form == "rss" else feeds.atom(feed))
    assert not read.bozo, read.get("bozo_exception")
    entry = read.entries[0]
    assert entry.link.endswith("/newsroom/cica/releases/cica-meets-un-1a2b3c4d")
    assert entry.id.startswith("tag:cica.example,2024:")
    assert read.feed.title == "CICA"
    if state == "new":
        assert entry.title == story().edition.headline
        assert "<strong>underscored</strong>" in entry.content[0].value
        assert [tag.term for tag in entry.tags] == (
            ["un", "youth"] if form == "atom" else ["International organisation", "Youth"]
        )
    if state == "held":
        assert entry.title.startswith("HOLD, do not use: ")


def test_the_same_news_are_the_same_bytes() -> None:
    feed = feeds.Feed("CICA", "cica", "http://x.example/feed", "en", "", [story()])
    assert (feeds.rss(feed), feeds.atom(feed)) == (feeds.rss(feed), feeds.atom(feed))
    empty = replace(feed, stories=[])
    assert (feeds.rss(empty), newsml.message([], "cica")) == (feeds.rss(empty), newsml.message([], "cica"))


def test_a_json_feed_has_what_version_1_1_asks_for() -> None:
    feed = feeds.Feed("CICA", "cica", "http://x.example/feed.json", "en", "http://hub.example/", [story()])
    found = feeds.json_feed(feed)
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert found["hubs"] == [{"type": "WebSub", "url": "http://hub.example/"}]
    item = found["items"][0]
    assert {"id", "url", "content_html", "date_published", "language", "attachments"} <= set(item)
    assert item["attachments"][0]["url"].endswith("/hall%20%26%20stage.jpg")


def test_nothing_in_a_headline_ends_its_data_block() -> None:
    block = str(schema_org.block(STATES["hostile"]()))
    assert "<" not in block
    assert json.loads(block)["headline"] == HOSTILE


def test_an_article_tells_its_corrections() -> None:
    found = schema_org.article(STATES["corrected"]())
    assert [one["text"] for one in found["correction"]] == ["The meeting was on Monday"]
    assert (found["dateline"], found["version"]) == ("Astana, 22 January 2024 –", 3)
