"""What Ada sees of her releases and does with them, and what nobody else does."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service import reports
from service.models import Account, Release, ReleaseState
from service.web.words import number
from tests.factories import Newsroom, make_account, make_newsroom, make_release
from tests.service.web.conftest import Browser, csrf
from tests.service.web.office import REPLY, send_a_release

NOBODYS = "0190b1a4-0000-7000-8000-000000000000"
PAGES = ("", "/live", "/stop", "/report", "/report.json", "/report.csv")


@pytest.fixture
def release(session: Session, newsroom: Newsroom) -> Release:
    return send_a_release(session, newsroom)


@pytest.fixture
def ada(signed_in: Browser, newsroom: Newsroom) -> FlaskClient:
    return signed_in(newsroom.ada)


def state(release: Release) -> ReleaseState:
    return release.state


def press(client: FlaskClient, release: Release, act: str) -> int:
    token = csrf(client, "/releases")
    return client.post(f"/releases/{release.id}/{act}", data=token).status_code


def test_an_empty_list_says_why_and_what_to_do(ada: FlaskClient) -> None:
    page = ada.get("/releases").text
    assert "No releases yet" in page
    assert "dateline release import FILE" in page


def test_the_list_shows_each_release_in_words(ada: FlaskClient, release: Release) -> None:
    page = ada.get("/releases").text
    for words in ("River levels fall", "Being sent", "English", "Water", "60.0 %"):
        assert words in page


def test_only_the_releases_of_ones_own_senders_are_listed(
    signed_in: Browser, session: Session, release: Release
) -> None:
    stranger = make_newsroom(session)
    make_release(session, stranger, headline="Glaciers grow")
    page = signed_in(stranger.ada).get("/releases").text
    assert "Glaciers grow" in page
    assert "River levels fall" not in page


@pytest.mark.parametrize("page", PAGES)
def test_a_release_of_others_answers_like_one_that_is_not_there(
    signed_in: Browser, session: Session, release: Release, page: str
) -> None:
    stranger = signed_in(make_newsroom(session).ada)
    answers = [stranger.get(f"/releases/{id_}{page}") for id_ in (release.id, NOBODYS)]
    assert answers[0].status_code == 404
    assert answers[0].data == answers[1].data
    assert list(answers[0].headers) == list(answers[1].headers)


@pytest.mark.parametrize("act", ["pause", "resume", "stop"])
def test_a_release_of_others_cannot_be_steered(
    signed_in: Browser, session: Session, release: Release, act: str
) -> None:
    stranger = signed_in(make_newsroom(session).ada)
    token = csrf(stranger, "/releases")
    answers = [stranger.post(f"/releases/{id_}/{act}", data=token) for id_ in (release.id, NOBODYS)]
    assert answers[0].status_code == 404
    assert (answers[0].data, list(answers[0].headers)) == (answers[1].data, list(answers[1].headers))
    assert state(release) is ReleaseState.SENDING


def test_who_may_not_send_may_look_but_not_steer(signed_in: Browser, newsroom: Newsroom, release: Release) -> None:
    ben = signed_in(newsroom.ben)
    page = ben.get(f"/releases/{release.id}").text
    assert "River levels fall" in page
    assert "Pause" not in page
    assert {press(ben, release, act) for act in ("pause", "resume", "stop")} == {403}
    assert state(release) is ReleaseState.SENDING


def test_an_account_without_any_right_sees_nothing(signed_in: Browser, session: Session, release: Release) -> None:
    dana: Account = make_account("Dana New")
    session.add(dana)
    session.flush()
    browser = signed_in(dana)
    assert "No releases yet" in browser.get("/releases").text
    assert browser.get(f"/releases/{release.id}").status_code == 404


def test_pause_and_resume_do_what_they_say(ada: FlaskClient, release: Release) -> None:
    assert press(ada, release, "pause") == 302
    assert state(release) is ReleaseState.PAUSED
    page = ada.get(f"/releases/{release.id}").text
    assert "Nothing new starts until you resume" in page
    assert press(ada, release, "resume") == 302
    assert state(release) is ReleaseState.SENDING


def test_what_cannot_be_done_now_is_said_in_a_sentence(ada: FlaskClient, release: Release) -> None:
    refused = ada.post(f"/releases/{release.id}/resume", data=csrf(ada, "/releases"))
    assert refused.status_code == 422
    assert "This release is being sent; it cannot be resumed." in refused.text


def test_stopping_is_asked_on_a_page_that_names_the_effect(ada: FlaskClient, release: Release) -> None:
    page = ada.get(f"/releases/{release.id}/stop").text
    assert "<b>3 already sent</b> cannot be recalled" in page
    assert "<b>1 journalist</b> will not get it" in page
    assert state(release) is ReleaseState.SENDING
    assert press(ada, release, "stop") == 302
    assert state(release) is ReleaseState.CANCELLED


def test_a_page_of_a_release_on_its_way_asks_again_and_a_finished_one_does_not(
    ada: FlaskClient, release: Release
) -> None:
    moving = ada.get(f"/releases/{release.id}/live").text
    assert f'hx-get="/releases/{release.id}/live"' in moving
    assert f'<a class="without-script" href="/releases/{release.id}">' in moving
    press(ada, release, "stop")
    assert "hx-get" not in ada.get(f"/releases/{release.id}/live").text


def test_the_sending_page_counts_people_and_gives_the_mail_servers_words(ada: FlaskClient, release: Release) -> None:
    page = ada.get(f"/releases/{release.id}").text
    assert "<b>3</b> of 5 e-mails accepted" in page
    assert "550 5.1.1 &lt;nobody@daily.example&gt; no such user" in page
    assert REPLY not in page


def test_a_fragment_asked_for_after_the_session_ended_loads_the_page_again(
    client: FlaskClient, release: Release
) -> None:
    answer = client.get(f"/releases/{release.id}/live", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (401, "true")


def test_a_headline_is_text_and_nothing_else(ada: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    evil = send_a_release(session, newsroom, headline="</title><script>alert(1)</script><svg onload=alert(1)>")
    for page in ("/releases", f"/releases/{evil.id}", f"/releases/{evil.id}/stop", f"/releases/{evil.id}/report"):
        assert "<script>" not in ada.get(page).text
        assert "<svg onload" not in ada.get(page).text


def test_the_report_page_says_the_numbers_of_the_report(ada: FlaskClient, session: Session, release: Release) -> None:
    report = reports.delivery(session, release.id)
    page = ada.get(f"/releases/{release.id}/report").text
    figures = [count.number for count in report.totals if count.number] + [report.rows, report.candidates]
    assert report.balanced, report.imbalance
    assert "The books balance." in page
    for figure in figures:
        assert f">{number(figure)}</td>" in page or f"{number(figure)} " in page
    for count in report.totals:
        assert (count.label.capitalize() in page) is bool(count.number)
    assert report.failures[0].number == 1
    assert report.failures[0].reason.capitalize() in page


def test_page_json_and_csv_are_one_report(ada: FlaskClient, session: Session, release: Release) -> None:
    report = reports.delivery(session, release.id)
    assert ada.get(f"/releases/{release.id}/report.json").json == reports.as_json(report)
    table = ada.get(f"/releases/{release.id}/report.csv")
    assert table.data.decode("utf-8-sig") == reports.as_csv(report)
    assert table.headers["Content-Disposition"].startswith("attachment")
