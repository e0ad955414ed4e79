"""Ada writes a release in the browser: begins, imports, saves, arranges, looks, and meets Ben's words."""

import io
from email.message import EmailMessage

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service import releases
from service.models import Release
from service.releases.preview import part
from tests.factories import Newsroom, make_newsroom, make_release
from tests.service.web.conftest import Browser, csrf

SEED = "Ishim opens\n\nASTANA, 22 January 2024 – The water is open.\n\nMore.\n"


@pytest.fixture
def ada(signed_in: Browser, newsroom: Newsroom) -> FlaskClient:
    return signed_in(newsroom.ada)


@pytest.fixture
def release(session: Session, newsroom: Newsroom) -> Release:
    return make_release(session, newsroom, headline="River levels fall")


def typed(client: FlaskClient, release: Release, **words: str) -> dict[str, str]:
    edition = release.editions[0]
    kept = {name: getattr(edition, name) for name in ("headline", "subhead", "lead", "body", "boilerplate", "notes")}
    return {**csrf(client, f"/releases/{release.id}/write/en"), "version": str(edition.version), **kept, **words}


def test_a_release_begins_with_a_headline(ada: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    topic = newsroom.topic.slug
    answer = ada.post("/releases/new", data={**csrf(ada, "/releases/new"), "headline": "Ishim opens", "topics": topic})
    assert answer.status_code == 302
    assert "Ishim opens" in ada.get(answer.location).text


def test_a_file_is_imported_and_what_could_not_be_read_is_said(ada: FlaskClient, newsroom: Newsroom) -> None:
    page = "<h1>Ishim opens</h1><p>ASTANA, 22 January 2024 – The water is open.</p><img src=x>"
    data = {**csrf(ada, "/releases/new"), "topics": newsroom.topic.slug, "file": (io.BytesIO(page.encode()), "a.html")}
    answer = ada.post("/releases/new", data=data, content_type="multipart/form-data")
    assert answer.status_code == 200
    assert "a picture was left out" in answer.text


@pytest.mark.parametrize(
    ("given", "fault"),
    [({"headline": ""}, "#headline"), ({"headline": "Ishim"}, "#topics"), ({"headline": "x" * 300}, "#headline")],
)
def test_a_beginning_that_lacks_something_keeps_what_was_typed(
    ada: FlaskClient, newsroom: Newsroom, given: dict[str, str], fault: str
) -> None:
    topics = {} if "#topics" in fault else {"topics": newsroom.topic.slug}
    answer = ada.post("/releases/new", data={**csrf(ada, "/releases/new"), **given, **topics})
    assert answer.status_code == 422
    assert f'href="{fault}"' in answer.text
    assert given["headline"] in answer.text


def test_saving_keeps_a_version(ada: FlaskClient, session: Session, release: Release) -> None:
    answer = ada.post(f"/releases/{release.id}/write/en", data=typed(ada, release, lead="A new lead."))
    assert answer.status_code == 302
    assert releases.edition_in(release, "en").lead == "A new lead."
    assert [one.number for one in releases.versions(session, release)] == [1]


def test_somebody_elses_words_are_shown_and_hers_are_not_lost(
    ada: FlaskClient, session: Session, newsroom: Newsroom, release: Release
) -> None:
    form = typed(ada, release, lead="Ada's lead.")
    releases.edit(session, release, "en", by=newsroom.ada, lead="The other lead.")
    answer = ada.post(f"/releases/{release.id}/write/en", data=form)
    assert answer.status_code == 409
    assert "Ada&#39;s lead." in answer.text
    assert "The other lead." in answer.text
    assert releases.edition_in(release, "en").lead == "The other lead."


def test_words_are_kept_while_she_writes_and_make_no_version(
    ada: FlaskClient, session: Session, release: Release
) -> None:
    form = typed(ada, release, lead="A new lead.")
    first = ada.post(f"/releases/{release.id}/write/en/autosave", data=form)
    assert first.json is not None
    assert first.json["version"] == int(form["version"]) + 1
    assert ada.post(f"/releases/{release.id}/write/en/autosave", data={**form, "lead": "Older."}).status_code == 409
    assert releases.versions(session, release) == []


def test_the_preview_is_the_mail_in_a_frame_that_can_do_nothing(ada: FlaskClient, release: Release) -> None:
    page = ada.get(f"/releases/{release.id}/preview/en")
    assert "River levels fall" in page.text
    assert page.headers["Content-Security-Policy"].startswith("sandbox;")
    text = ada.get(f"/releases/{release.id}/preview/en?as=text")
    assert text.content_type.startswith("text/plain")
    assert "River levels fall" in text.text


def test_a_mail_without_such_a_part_has_no_words_of_it() -> None:
    assert part(EmailMessage(), "html") == ""


def test_an_embargo_is_read_in_its_zone(ada: FlaskClient, newsroom: Newsroom, release: Release) -> None:
    page = f"/releases/{release.id}/arrange"
    form = {**csrf(ada, page), "topics": newsroom.topic.slug, "zone": "Asia/Almaty"}
    assert ada.post(page, data={**form, "embargo": "2030-12-01T09:00"}).status_code == 302
    assert release.embargo is not None
    assert release.embargo.isoformat() == "2030-12-01T04:00:00+00:00"
    assert 'value="2030-12-01T09:00"' in ada.get(page).text


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"embargo": "2026-03-29T02:30", "zone": "Europe/Berlin"}, "never comes"),
        ({"embargo": "2026-10-25T02:30", "zone": "Europe/Berlin"}, "comes twice"),
        ({"embargo": "soon", "zone": "UTC"}, "Enter a date"),
        ({"embargo": "2030-12-01T09:00", "zone": "Mars"}, "Choose a time zone"),
    ],
)
def test_a_doubtful_time_is_asked_about(
    ada: FlaskClient, newsroom: Newsroom, release: Release, given: dict[str, str], fault: str
) -> None:
    page = f"/releases/{release.id}/arrange"
    answer = ada.post(page, data={**csrf(ada, page), "topics": newsroom.topic.slug, **given})
    assert answer.status_code == 422
    assert fault in answer.text
    assert release.embargo is None


def test_a_language_is_added_and_left_out(ada: FlaskClient, session: Session, release: Release) -> None:
    token = csrf(ada, f"/releases/{release.id}/write/en")
    assert ada.post(f"/releases/{release.id}/editions", data={**token, "language": "ru"}).status_code == 302
    assert [one.language for one in release.editions] == ["en", "ru"]
    page = f"/releases/{release.id}/editions/ru/drop"
    assert ada.post(page, data=csrf(ada, page)).status_code == 302
    session.refresh(release, ["editions"])
    assert [one.language for one in release.editions] == ["en"]


@pytest.mark.parametrize("page", ["write/en", "arrange", "versions", "preview/en", "editions/en/drop"])
def test_a_stranger_finds_nothing(signed_in: Browser, session: Session, release: Release, page: str) -> None:
    stranger = signed_in(make_newsroom(session).ada)
    assert stranger.get(f"/releases/{release.id}/{page}").status_code == 404


def test_who_may_not_write_is_told(signed_in: Browser, newsroom: Newsroom, release: Release) -> None:
    ben = signed_in(newsroom.ben)
    assert ben.get(f"/releases/{release.id}/write/en").status_code == 403
