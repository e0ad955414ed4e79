"""Every public page is in Kazakh when its address asks for that: no English words of ours are left on it."""

import re
from collections.abc import Callable
from dataclasses import astuple
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.models import Delivery, Publication, Release
from service.newsroom import embargo, publishing
from service.signing import Purpose, sign
from service.web import catalogs, public_words
from tests.factories import Newsroom, make_journalist
from tests.service.newsroom import stories
from tests.service.newsroom.stories import address
from tests.service.web.office import send_a_release
from tests.service.web.test_languages import SAID_IN

OTHERS = [("ru", "Уровень реки падает"), ("kk", "Өзен деңгейі төмендеді")]
PLACE = re.compile(r"%\(\w+\)s|\{\w*\}|<[^>]*>|%%")
EMPTY = frozenset({"meta", "link", "br", "img", "input", "hr"})
LONG = 12
"""Characters from which a piece of a sentence is one of ours and no accident."""


def pieces(said: str) -> set[str]:
    """What a sentence consists of around its places and tags."""
    return {piece.strip(" .,:“”\n") for piece in PLACE.split(said)} - {""}


def english() -> set[str]:
    """All that our pages say in English, but for what is the same in Kazakh."""
    catalog = catalogs.written("kk")
    ours = {catalogs._id(message.id) for message in catalog if message.id}
    ours |= {word for word in astuple(public_words.WORDS["en"]) if isinstance(word, str)}
    same = set(astuple(public_words.WORDS["kk"]))
    return {piece for said in ours - same for piece in pieces(said) if len(piece) > 2}


class _Read(HTMLParser):
    """Gathers what a person reads of a page, or hears; what is marked as of another language is no fault."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, str]] = [("", "kk")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        around = "" if tag in ("script", "style") else self._open[-1][1]
        language = dict(attrs).get("lang") or around
        if language == "kk":
            self.found += [value or "" for name, value in attrs if name in SAID_IN]
        if tag not in EMPTY:
            self._open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        while len(self._open) > 1 and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open[-1][1] == "kk":
            self.found.append(data)


def english_left(page: str) -> list[str]:
    """What of the page is English of ours."""
    reader, ours = _Read(), english()
    reader.feed(page)
    texts = [" ".join(text.split()) for text in reader.found]
    long = [piece for piece in ours if len(piece) >= LONG]
    return [text for text in texts if text.strip(" .,:") in ours or any(piece in text for piece in long)]


@pytest.fixture
def publication(session: Session, newsroom: Newsroom) -> Publication:
    newsroom.topic.names = {"kk": "Су ресурстары"}
    release = stories.write(session, newsroom, "Өзен деңгейі", others=OTHERS)
    stories.attach(session, newsroom, release)
    return stories.approve(session, newsroom, release)


def _newsroom(session: Session, room: Newsroom, client: FlaskClient, there: Publication) -> list[str]:
    other = stories.publish(session, room, "Тағы бір хабарлама")
    publishing.withdraw(session, session.get_one(Release, other.release_id), by=room.ada, reason="Қате бар.")
    here = f"/newsroom/{room.sender.slug}/"
    lists = [
        "",
        "?language=ru&",
        "?language=ar&",
        "topics/water",
        "archive",
        "archive/1999/1",
        "search",
        "search?q=өзен&",
    ]
    lists += ["search?q=таужоқ&", f"archive/{there.opens_at:%Y}/{there.opens_at.month}" if there.opens_at else ""]
    return ["/newsroom/", *(here + one for one in lists), address(room, there), address(room, other)]


def _embargo(session: Session, room: Newsroom, client: FlaskClient, there: Publication) -> list[str]:
    hidden = stories.embargo(session, room, "Әзірге жарияланбайды", others=OTHERS)
    cleo = make_journalist(session, room, "Cleo", address="cleo@daily.example")
    token = embargo.link_token(
        embargo.accredit(session, session.get_one(Release, hidden.release_id), cleo, by=room.ada)
    )
    read = client.post(f"/embargo/{token}?lang=kk", data={"embargo": "accept"})
    assert english_left(read.text) == []
    return [f"/embargo/{token}"]


def _journalists(session: Session, room: Newsroom, client: FlaskClient, there: Publication) -> list[str]:
    release = send_a_release(session, room)
    delivery = session.query(Delivery).filter_by(release_id=release.id, state="accepted").first()
    assert delivery is not None
    preferences, leave = sign(Purpose.PREFERENCES, delivery.id), sign(Purpose.LEAVE, delivery.id)
    subscribing = [f"/subscribe/{room.sender.slug}", f"/subscribe/{room.sender.slug}/asked", "/confirm/nothing"]
    return [*subscribing, f"/leave/{leave}", "/preferences", f"/preferences/{preferences}", "/preferences/asked"]


def _doors(session: Session, room: Newsroom, client: FlaskClient, there: Publication) -> list[str]:
    return ["/sign-in", "/sign-in-link", "/sign-in-link/asked", "/sign-in/nothing", "/nowhere", "/newsroom/nobody/"]


Pages = Callable[[Session, Newsroom, FlaskClient, Publication], list[str]]
ALL: list[Pages] = [_newsroom, _embargo, _journalists, _doors]


@pytest.mark.parametrize("pages", ALL)
def test_no_english_is_left_on_a_kazakh_page(
    client: FlaskClient, session: Session, newsroom: Newsroom, publication: Publication, pages: Pages
) -> None:
    for path in pages(session, newsroom, client, publication):
        page = client.get(path + ("lang=kk" if path.endswith("&") else "?lang=kk"))
        assert '<html lang="kk"' in page.text, path
        assert english_left(page.text) == [], path


def test_english_that_is_left_would_be_found(client: FlaskClient, newsroom: Newsroom) -> None:
    page = client.get(f"/newsroom/{newsroom.sender.slug}/").text
    assert "Press releases" in english_left(page.replace('lang="en"', 'lang="kk"'))


def test_a_page_speaks_the_language_of_its_address_whoever_asks(
    client: FlaskClient, newsroom: Newsroom, publication: Publication
) -> None:
    front, release = f"/newsroom/{newsroom.sender.slug}/", address(newsroom, publication)
    russian = {"Accept-Language": "ru", "Cookie": "language=kk"}
    spoken = {front: "en", f"{front}?language=ru": "ru", f"{front}?lang=kk": "kk", f"{front}?language=ar": "en"}
    spoken |= {release: "en", f"{release}/ru": "ru", f"{release}/kk": "kk", f"{release}/kk?lang=ru": "ru"}
    for path, language in spoken.items():
        page = client.get(path, headers=russian)
        assert f'<html lang="{language}"' in page.text, path
        assert page.cache_control.public
        assert "Vary" not in page.headers, path
        assert page.data == client.get(path).data
    missing = client.get(f"{release}0", headers={"Accept-Language": "ru"})
    assert ('<html lang="ru"' in missing.text, missing.headers["Cache-Control"]) == (True, "no-store")


def test_a_kazakh_list_leads_to_kazakh_editions_where_there_are_any(
    client: FlaskClient, session: Session, newsroom: Newsroom, publication: Publication
) -> None:
    stories.publish(session, newsroom, "English only")
    here, there = f"/newsroom/{newsroom.sender.slug}/", address(newsroom, publication)
    plain, kazakh = client.get(here).text, client.get(f"{here}?lang=kk").text
    assert (f'href="{there}">Өзен деңгейі<' in plain, f'href="{there}/kk">Өзен деңгейі төмендеді<' in kazakh) == (
        True,
        True,
    )
    assert "English only" in kazakh


def test_a_list_names_itself_in_the_other_languages(client: FlaskClient, newsroom: Newsroom) -> None:
    here = f"http://press.dateline.example/newsroom/{newsroom.sender.slug}/"
    page = client.get(f"/newsroom/{newsroom.sender.slug}/?lang=ru&utm_source=x").text
    for language in ("en", "ru", "kk"):
        assert f'<link rel="alternate" hreflang="{language}" href="{here}?lang={language}">' in page
    assert f'<link rel="alternate" hreflang="x-default" href="{here}">' in page
    assert f'<link rel="canonical" href="{here}?lang=ru">' in page
