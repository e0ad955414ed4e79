"""The newsroom as a journalist meets it: no account, no cookie, every word where it belongs, and nothing too early."""

import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from io import BytesIO
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, text
from sqlalchemy.orm import Session
from werkzeug.http import http_date

from service import releases, senders
from service.models import Installation, NoticeKind, Publication, Release, ReleaseContact, Topic
from service.newsroom import kit, publishing
from tests.factories import Newsroom, now
from tests.service.newsroom import stories
from tests.service.newsroom.stories import address
from tests.service.web.conftest import open_browser

LIGHT = 60_000


@pytest.fixture
def front(newsroom: Newsroom) -> str:
    return f"/newsroom/{newsroom.sender.slug}/"


def come(session: Session, publication: Publication) -> None:
    """Let its hour have come: nothing else runs."""
    session.execute(
        text("UPDATE publication SET opens_at = clock_timestamp() WHERE release_id = :id"),
        {"id": publication.release_id},
    )
    session.expire_all()


def test_a_release_opens_at_its_instant_by_itself_at_the_same_address(
    client: FlaskClient, session: Session, newsroom: Newsroom, front: str
) -> None:
    publication = stories.embargo(session, newsroom)
    here = address(newsroom, publication)
    before = client.get(here)
    assert (before.status_code, before.headers["Cache-Control"]) == (404, "no-store")
    assert "River levels fall" not in client.get(front).text
    come(session, publication)
    assert "River levels fall" in client.get(here).text
    assert "River levels fall" in client.get(front).text


def test_a_release_page_is_whole(client: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    release = stories.write(session, newsroom, others=[("ru", "Уровень рек падает"), ("ar", "انخفاض منسوب الأنهار")])
    stories.attach(session, newsroom, release)
    publication = stories.approve(session, newsroom, release)
    page = client.get(address(newsroom, publication))
    assert page.status_code == 200
    for words in ("Astana, 22 January 2024 –", "<strong>measured</strong>", "© Rivers Commission", 'hreflang="ru"'):
        assert words in page.text
    assert 'rel="canonical" href="http://press.dateline.example' in page.text
    assert f'/subscribe/{newsroom.sender.slug}"' in page.text
    arabic = client.get(address(newsroom, publication, "/ar")).text
    assert '<article class="release" lang="ar" dir="rtl">' in arabic
    assert client.get(address(newsroom, publication, "/kk")).status_code == 404


def test_no_page_sets_a_cookie_or_weighs_much(
    client: FlaskClient, session: Session, newsroom: Newsroom, front: str
) -> None:
    for number in range(25):
        publication = stories.publish(session, newsroom, f"Levels {number}")
    there = [front, f"{front}topics/water", f"{front}search?q=levels", f"{front}archive"]
    there.append(address(newsroom, publication))
    for path in there:
        page = client.get(path)
        assert page.status_code == 200
        assert "Set-Cookie" not in page.headers
        styles = re.findall(r'href="(/static/[^"]+)"', page.text)
        assert len(page.data) + sum(len(client.get(style).data) for style in styles) < LIGHT
    assert "Page 1" in client.get(front).text
    assert client.get(f"{front}?page=2").text.count("<article>") == 5
    assert client.get(f"{front}?page=3").status_code == 404


def test_who_has_it_already_gets_a_304(client: FlaskClient, session: Session, newsroom: Newsroom, front: str) -> None:
    publication = stories.publish(session, newsroom)
    here = address(newsroom, publication)
    for path in (front, here, f"{front}feed.atom", f"{here}/en/ninjs.json"):
        first = client.get(path)
        assert first.cache_control.public
        assert first.cache_control.max_age == 5
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        changed = parsedate_to_datetime(first.headers["Last-Modified"]) + timedelta(seconds=1)
        assert client.get(path, headers={"If-Modified-Since": http_date(changed)}).status_code == 304


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("реками", True),  # Russian is stemmed
        ("falling", True),  # and so is English
        ("өзендер", True),  # Kazakh is found as it stands
        ("өзен", False),
        ('"levels fall"', True),
        ('"fall levels"', False),
        ("fall -levels", False),
        ("гора", False),
    ],
)
def test_search_finds_words_in_the_way_of_their_language(
    client: FlaskClient, session: Session, newsroom: Newsroom, front: str, words: str, found: bool
) -> None:
    others = [("ru", "Уровень реки падает"), ("kk", "Өзендер деңгейі төмендеді")]
    stories.publish(session, newsroom, "River levels fall", others=others)
    page = client.get(f"{front}search", query_string={"q": words})
    assert ("<article>" in page.text) is found


@pytest.mark.parametrize(
    "words", ["", "\x00", "'", "((((", "a" * 9999, "%' OR 1=1--", "<script>", "\ud83d", "!! & |:*"]
)
def test_nothing_that_is_typed_breaks_the_search(client: FlaskClient, front: str, words: str) -> None:
    page = client.get(f"{front}search", query_string={"q": words.encode("utf-8", "surrogatepass")})
    assert page.status_code == 200
    assert "<script>" not in page.text


def test_the_archive_counts_by_month(client: FlaskClient, session: Session, newsroom: Newsroom, front: str) -> None:
    stories.publish(session, newsroom)
    stories.embargo(session, newsroom, "Not yet")
    today = now()
    assert f"/archive/{today.year}/{today.month}" in client.get(f"{front}archive").text
    assert "</a> 1</li>" in client.get(f"{front}archive").text
    assert "River levels fall" in client.get(f"{front}archive/{today.year}/{today.month}").text
    assert "No release in this month" in client.get(f"{front}archive/1999/1").text


def test_press_contacts_are_those_of_public_releases_only(
    client: FlaskClient, session: Session, newsroom: Newsroom, front: str
) -> None:
    for name, until in (("Akbota", None), ("Sarybay", stories.in_an_hour())):
        release = stories.write(session, newsroom, name, embargo=until)
        release.contacts = [ReleaseContact(contact_id=senders.contact(session, newsroom.sender, name).id)]
        session.flush()
        stories.approve(session, newsroom, release, until)
    page = client.get(front).text
    assert "Akbota</strong>" in page
    assert "Sarybay" not in page


def test_a_topic_that_is_not_public_is_not_there(
    client: FlaskClient, session: Session, newsroom: Newsroom, front: str
) -> None:
    session.add(Topic(sender_id=newsroom.sender.id, slug="inner", name="Inner circle", public=False))
    stories.publish(session, newsroom)
    assert "Inner circle" not in client.get(front).text
    assert client.get(f"{front}topics/inner").status_code == 404
    assert client.get(f"{front}feed.rss?topic=inner").status_code == 404
    assert client.get(f"{front}feed.rss?topic=water").status_code == 200


def test_what_is_by_mail_only_is_nowhere(client: FlaskClient, session: Session, newsroom: Newsroom, front: str) -> None:
    publication = stories.embargo(session, newsroom)
    publishing.show(session, session.get_one(Release, publication.release_id), by=newsroom.ada, shown=False)
    come(session, publication)
    assert client.get(address(newsroom, publication)).status_code == 404
    assert "River levels fall" not in client.get(front).text


def test_withdrawn_is_gone_and_says_so(client: FlaskClient, session: Session, newsroom: Newsroom, front: str) -> None:
    release = stories.write(session, newsroom)
    key = stories.attach(session, newsroom, release).key
    publication = stories.approve(session, newsroom, release)
    publishing.withdraw(session, release, by=newsroom.ada, reason="The figures are wrong.")
    page = client.get(address(newsroom, publication))
    assert page.status_code == 410
    assert "The figures are wrong." in page.text
    assert "River levels fall" not in page.text
    for rest in ("/en", "/en/release.txt", "/en/release.pdf", "/press-kit.zip", "/en/article.jsonld"):
        assert client.get(address(newsroom, publication, rest)).status_code == 410
    assert client.get(address(newsroom, publication, f"/files/{key}/river.jpg")).status_code == 404
    item = client.get(address(newsroom, publication, "/en/ninjs.json"))
    assert (item.status_code, item.get_json()["pubStatus"]) == (410, "canceled")
    assert "River levels fall" not in item.text
    for path in (front, f"{front}search?q=river", f"{front}feed.atom", f"{front}feed.json", "/sitemap.xml"):
        assert "River levels" not in client.get(path).text
    assert [one["pubStatus"] for one in client.get(f"{front}wire/ninjs.json").get_json()] == ["canceled"]


def test_a_correction_stands_on_the_page_it_is_about(client: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    publication = stories.publish(session, newsroom)
    draft = stories.write(session, newsroom, "Correction: levels rose")
    earlier = session.get_one(Release, publication.release_id)
    publishing.is_about(session, draft, earlier, NoticeKind.CORRECTION, by=newsroom.ada)
    here = address(newsroom, publication)
    assert "Correction: levels rose" not in client.get(here).text
    notice = stories.approve(session, newsroom, draft)
    assert "<strong>Correction</strong>" in client.get(here).text
    assert client.get(f"{here}/en/ninjs.json").get_json()["version"] == "2"
    assert "River levels fall" in client.get(address(newsroom, notice)).text


def test_a_kill_withdraws_what_it_is_about(
    client: FlaskClient, session: Session, newsroom: Newsroom, front: str
) -> None:
    publication = stories.publish(session, newsroom)
    draft = stories.write(session, newsroom, "KILL: do not use the figures of today")
    earlier = session.get_one(Release, publication.release_id)
    publishing.is_about(session, draft, earlier, NoticeKind.KILL, by=newsroom.ada)
    stories.approve(session, newsroom, draft)
    gone = client.get(address(newsroom, publication))
    assert gone.status_code == 410
    assert "KILL: do not use the figures of today" in gone.text
    assert "River levels fall" not in client.get(front).text


def test_a_pause_before_its_time_keeps_it_closed_and_after_it_changes_nothing(
    client: FlaskClient, session: Session, newsroom: Newsroom
) -> None:
    waiting, out = stories.embargo(session, newsroom), stories.publish(session, newsroom)
    for publication in (waiting, out):
        releases.pause(session, session.get_one(Release, publication.release_id), by=newsroom.ada)
    session.expire_all()
    assert waiting.opens_at is None
    assert client.get(address(newsroom, out)).status_code == 200
    releases.resume(session, session.get_one(Release, waiting.release_id), by=newsroom.ada)
    session.expire_all()
    assert waiting.opens_at is not None


@pytest.mark.parametrize("opened", [False, True])
def test_what_is_stopped_never_opens_and_what_had_opened_is_withdrawn(
    client: FlaskClient, session: Session, newsroom: Newsroom, opened: bool
) -> None:
    publication = stories.publish(session, newsroom) if opened else stories.embargo(session, newsroom)
    releases.cancel(session, session.get_one(Release, publication.release_id), by=newsroom.ada)
    session.expire_all()
    assert client.get(address(newsroom, publication)).status_code == (410 if opened else 404)


def test_an_edit_takes_back_the_place_until_it_is_approved_anew(
    client: FlaskClient, session: Session, newsroom: Newsroom
) -> None:
    publication = stories.embargo(session, newsroom)
    release = session.get_one(Release, publication.release_id)
    releases.edit(session, release, "en", by=newsroom.ada, lead="Levels rose.")
    session.expire_all()
    assert publication.opens_at is None
    slug = publication.slug
    assert stories.approve(session, newsroom, release, release.embargo).slug == slug


def test_while_the_installation_is_held_nothing_opens_that_had_not_opened(
    client: FlaskClient, session: Session, newsroom: Newsroom
) -> None:
    publication = stories.publish(session, newsroom)
    session.execute(delete(Installation))
    held = {"held_at": now(), "held_reason": "put back", "beat_at": now() - timedelta(hours=1)}
    session.add(Installation(fingerprint="another", **held))
    session.flush()
    assert client.get(address(newsroom, publication)).status_code == 404


def test_the_press_kit_is_whole_and_counted_without_whom(
    client: FlaskClient, session: Session, newsroom: Newsroom
) -> None:
    release = stories.write(session, newsroom)
    file = stories.attach(session, newsroom, release, "the river.jpg")
    publication = stories.approve(session, newsroom, release)
    pressed = client.post(address(newsroom, publication, "/downloads"), data={"file": file.key})
    assert pressed.status_code == 303
    got = client.get(pressed.headers["Location"])
    assert got.data == stories.picture()
    assert got.headers["Content-Disposition"] == "attachment; filename*=UTF-8''the%20river.jpg"
    assert got.headers["Content-Type"] == "image/jpeg"
    part = client.get(pressed.headers["Location"], headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, stories.picture()[:10])
    packed = client.get(client.post(address(newsroom, publication, "/downloads")).headers["Location"])
    with ZipFile(BytesIO(packed.data)) as archive:
        assert set(archive.namelist()) == {"release.txt", "01 the river.jpg", "credits.txt"}
        assert "River levels fall" in archive.read("release.txt").decode()
    assert kit.downloads(session, release.id) == {"the river.jpg": 1, kit.KIT: 1}
    preview = client.get(address(newsroom, publication, f"/previews/{file.key}.webp"))
    assert preview.data[:4] == b"RIFF"
    assert len(preview.data) < 20_000


def test_a_release_is_taken_away_as_text_word_and_pdf(
    client: FlaskClient, session: Session, newsroom: Newsroom
) -> None:
    publication = stories.publish(
        session, newsroom, "Өзен деңгейі төмендеді", body="«Қазақша» **мәтін** #set $x$ [a](b)"
    )
    plain = client.get(address(newsroom, publication, "/en/release.txt"))
    assert "Өзен деңгейі төмендеді" in plain.text
    word = Document(BytesIO(client.get(address(newsroom, publication, "/en/release.docx")).data))
    assert "Өзен деңгейі төмендеді" in [paragraph.text for paragraph in word.paragraphs]
    pdf = client.get(address(newsroom, publication, "/en/release.pdf"))
    assert pdf.data.startswith(b"%PDF-")
    assert pdf.headers["Content-Disposition"].startswith("attachment")
    assert pdf.headers["ETag"] == client.get(address(newsroom, publication, "/en/release.pdf")).headers["ETag"]


def test_sitemaps_and_robots_lead_to_everything_public(app: Flask, session: Session, newsroom: Newsroom) -> None:
    client = open_browser(app)
    publication = stories.publish(session, newsroom, others=[("ru", "Уровень")])
    robots = client.get("/robots.txt").text
    index = client.get(urlsplit(re.findall(r"Sitemap: (\S+)", robots)[0]).path).text
    found = [client.get(urlsplit(one).path).text for one in re.findall(r"<loc>(.*?)</loc>", index)]
    assert any(f"{address(newsroom, publication)}/ru</loc>" in one for one in found)
    assert any("<news:title>River levels fall</news:title>" in one for one in found)
