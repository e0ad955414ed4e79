"""From "something is wrong" to a correction on its way, and who may not."""

import re
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.models import AccountMail, AccountMailKind, Release, ReleaseState
from tests.factories import Newsroom, make_account, make_journalist, make_newsroom, make_release
from tests.service.web.conftest import Browser, csrf
from tests.service.web.office import send_a_release

SAID = {"kind": "correction", "headline-en": "CORRECTION: River levels rise", "lead-en": "Levels rose.", "body-en": ""}

PAGES = ("notice", "notice/words?kind=kill", "notice/send", "pitch", "follow-up", "test", "files")


@pytest.fixture
def release(session: Session, newsroom: Newsroom) -> Release:
    return send_a_release(session, newsroom)


@pytest.fixture
def ada(signed_in: Browser, newsroom: Newsroom) -> FlaskClient:
    return signed_in(newsroom.ada)


def begin(client: FlaskClient, release: Release, **changes: str) -> str:
    """The page of the notice that was written."""
    page = f"/releases/{release.id}/notice/words"
    answer = client.post(page, data={**csrf(client, "/releases"), **SAID, **changes})
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_a_correction_is_written_approved_and_sent(
    ada: FlaskClient, signed_in: Browser, newsroom: Newsroom, session: Session, release: Release
) -> None:
    assert "3 journalists</b> have it" in ada.get(f"/releases/{release.id}/notice").text
    words = ada.get(f"/releases/{release.id}/notice/words?kind=correction").text
    assert "CORRECTION: River levels fall" in words
    assert "the release is paused" in words

    page = begin(ada, release)
    assert release.state is ReleaseState.PAUSED
    assert "Somebody else has to approve it first" in ada.get(page).text
    assert ada.post(page.replace("/send", "/approve"), data=csrf(ada, "/releases")).status_code in (403, 422)

    ben = signed_in(newsroom.ben)
    assert ben.post(page.replace("/send", "/approve"), data=csrf(ben, "/releases")).status_code == 302
    assert "Send 3 e-mails" in ada.get(page).text
    assert ada.post(page, data=csrf(ada, "/releases")).status_code == 302
    notice = session.scalars(select(Release).order_by(Release.id.desc()).limit(1)).one()
    assert (notice.state, notice.editions[0].lead) == (ReleaseState.SCHEDULED, "Levels rose.")


def test_a_withdrawal_says_that_it_stops_the_release_and_leaves_in_an_emergency(
    ada: FlaskClient, newsroom: Newsroom, session: Session, release: Release
) -> None:
    assert "stopped for good" in ada.get(f"/releases/{release.id}/notice/words?kind=kill").text
    page = begin(ada, release, kind="kill")
    assert release.state is ReleaseState.CANCELLED

    hurry = page.replace("/send", "/emergency")
    refused = ada.post(hurry, data={**csrf(ada, "/releases"), "reason": "A wrong name", "agreed": ""})
    assert refused.status_code == 422
    assert "A wrong name" in refused.text
    assert 'href="#agreed"' in refused.text

    sent = ada.post(hurry, data={**csrf(ada, "/releases"), "reason": "A wrong name", "agreed": str(newsroom.ben.id)})
    assert sent.status_code == 302
    assert session.scalars(select(AccountMail.address)).one() == newsroom.ben.email


def test_a_headline_that_is_missing_is_said_at_its_field_and_no_word_is_lost(
    ada: FlaskClient, release: Release
) -> None:
    page = f"/releases/{release.id}/notice/words"
    answer = ada.post(page, data={**csrf(ada, "/releases"), **SAID, "headline-en": " ", "body-en": "All of it."})
    assert answer.status_code == 422
    assert 'href="#headline-en"' in answer.text
    assert "All of it." in answer.text
    assert release.state is ReleaseState.SENDING


@pytest.mark.parametrize("page", PAGES)
def test_what_is_others_answers_like_what_is_not_there_and_a_reader_of_reports_may_not(
    signed_in: Browser, session: Session, newsroom: Newsroom, release: Release, page: str
) -> None:
    assert signed_in(make_newsroom(session).ada).get(f"/releases/{release.id}/{page}").status_code == 404
    nobody = make_account("Ned Nothing")
    session.add(nobody)
    session.flush()
    assert signed_in(nobody).get(f"/releases/{release.id}/{page}").status_code == 404


def test_a_note_is_kept_shown_in_the_preview_and_taken_back(
    ada: FlaskClient, newsroom: Newsroom, session: Session
) -> None:
    draft, cleo = make_release(session, newsroom), make_journalist(session, newsroom)
    page = f"/releases/{draft.id}/pitch"
    wrong = ada.post(page, data={**csrf(ada, page), "note": "Dear Cleo", "journalist": "nobody@daily.example"})
    assert wrong.status_code == 422
    assert 'href="#journalist"' in wrong.text

    assert ada.post(page, data={**csrf(ada, page), "note": "Dear Cleo", "journalist": cleo.address}).status_code == 302
    assert "Dear Cleo" in ada.get(page).text
    assert "Dear Cleo" in ada.get(f"/releases/{draft.id}/preview/en?reader={cleo.id}").text


def test_a_picture_is_added_shown_to_colleagues_and_to_nobody_else(
    ada: FlaskClient, signed_in: Browser, newsroom: Newsroom, session: Session
) -> None:
    draft = make_release(session, newsroom)
    page, packed = f"/releases/{draft.id}/files", BytesIO()
    Image.effect_noise((1800, 1800), 90).save(packed, "PNG")
    assert len(packed.getvalue()) > 2 * 1024 * 1024  # more than any other page takes

    token = csrf(ada, page)
    missing = ada.post(page, data=token)
    assert missing.status_code == 422
    assert 'href="#file"' in missing.text
    upload = {"file": (BytesIO(packed.getvalue()), "levels.png", "image/png"), "alt": "Levels by year"}
    assert ada.post(page, data={**token, **upload}).status_code == 302

    found = re.search(r'src="([^"]+)" alt="Levels by year"', ada.get(page).text)
    assert found is not None
    assert ada.get(found[1]).mimetype == "image/webp"
    assert signed_in(make_newsroom(session).ada).get(found[1]).status_code == 404


def test_a_test_goes_to_whom_is_ticked(
    ada: FlaskClient, newsroom: Newsroom, session: Session, release: Release
) -> None:
    page = f"/releases/{release.id}/test"
    assert ada.post(page, data={**csrf(ada, page), "languages": "en"}).status_code == 422
    ticked = {"people": [str(newsroom.ada.id), str(newsroom.ben.id)], "languages": ["en"]}
    assert ada.post(page, data={**csrf(ada, page), **ticked}).status_code == 302
    written = session.scalars(select(AccountMail.address).where(AccountMail.kind == AccountMailKind.PROOF)).all()
    assert set(written) == {newsroom.ada.email, newsroom.ben.email}
    refused = ada.post(page, data={**csrf(ada, page), **ticked, "typed": "x@elsewhere.example"})
    assert refused.status_code == 422
