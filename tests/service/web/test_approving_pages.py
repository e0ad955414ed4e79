"""The pages between writing and leaving: checks, approval, schedule, calendar, reports, topics."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service import accounts, approvals, releases, topics
from service.models import Release, ReleaseState, Role, SubscriptionState
from tests.factories import Newsroom, make_journalist, make_newsroom, make_release, now
from tests.service.web.conftest import Browser, csrf
from tests.service.web.office import send_a_release

DIGEST = re.compile(r'name="digest" value="([0-9a-f]{64})"')


@pytest.fixture
def ada(signed_in: Browser, newsroom: Newsroom) -> FlaskClient:
    return signed_in(newsroom.ada)


@pytest.fixture
def ben(signed_in: Browser, newsroom: Newsroom) -> FlaskClient:
    return signed_in(newsroom.ben)


@pytest.fixture
def release(session: Session, newsroom: Newsroom) -> Release:
    for _ in range(3):
        make_journalist(session, newsroom)
    make_journalist(session, newsroom, subscribed=SubscriptionState.ENDED)
    return make_release(session, newsroom)


def digest(client: FlaskClient, release: Release) -> str:
    found = DIGEST.search(client.get(f"/releases/{release.id}/approval").text)
    assert found is not None
    return found[1]


def test_it_is_asked_for_read_and_approved_by_the_hash_that_was_shown(
    session: Session, newsroom: Newsroom, release: Release, ada: FlaskClient, ben: FlaskClient
) -> None:
    page = f"/releases/{release.id}/approval"
    ada.post(page, data={"note": "By nine, please", **csrf(ada, page)})
    assert "Waits for your approval" in ben.get("/").text
    shown = ben.get(page).text
    for words in ("By nine, please", "Levels fell.", "3 journalists", "Left the topic", "No media contact is named"):
        assert words in shown
    assert "You wrote or edited this release" in ada.get(page).text

    seen = digest(ben, release)
    releases.edit(session, release, "en", by=newsroom.ada, lead="Levels rose.")
    late = ben.post(f"{page}/given", data={"digest": seen, **csrf(ben, page)})
    assert late.status_code == 422
    assert "Nothing was approved" in late.text
    assert "The text has changed since it was asked for" in ben.get(page).text
    ben.post(f"{page}/given", data={"digest": digest(ben, release), **csrf(ben, page)})
    session.refresh(release)
    assert release.state is ReleaseState.APPROVED


def test_sent_back_the_writer_reads_why_above_the_text(
    session: Session, release: Release, ada: FlaskClient, ben: FlaskClient
) -> None:
    page = f"/releases/{release.id}/approval"
    ada.post(page, data=csrf(ada, page))
    empty = ben.post(f"{page}/sent-back", data={"comments": " ", **csrf(ben, page)})
    assert empty.status_code == 422
    assert 'href="#comments"' in empty.text
    ben.post(f"{page}/sent-back", data={"comments": "<b>Who</b> measured it?", **csrf(ben, page)})
    for path in (f"/releases/{release.id}/write/en", "/", page):
        assert "&lt;b&gt;Who&lt;/b&gt; measured it?" in ada.get(path).text


def test_what_blocks_is_named_with_the_way_to_its_field(
    session: Session, newsroom: Newsroom, release: Release, ada: FlaskClient
) -> None:
    releases.edit(session, release, "en", by=newsroom.ada, body="At [TK] metres.")
    page = f"/releases/{release.id}/approval"
    refused = ada.post(page, data=csrf(ada, page))
    assert refused.status_code == 422
    assert "1 thing stops it" in refused.text
    assert f'href="/releases/{release.id}/write/en#body"' in refused.text
    assert f'href="/releases/{release.id}/arrange#contacts"' in ada.get(f"/releases/{release.id}/checks").text
    assert approvals.standing(session, release) is None


def test_an_emergency_has_two_names_and_stays_on_the_page(
    session: Session, newsroom: Newsroom, release: Release, ada: FlaskClient, signed_in: Browser
) -> None:
    dan = accounts.add(session, "dan-duty@rivers.example", "Dan Duty", sender=newsroom.sender, roles=[Role.SEND])
    page = f"/releases/{release.id}/approval"
    ada.post(page, data=csrf(ada, page))
    duty = signed_in(dan)
    data = {"digest": digest(duty, release), **csrf(duty, page)}
    assert duty.post(f"{page}/emergency", data={**data, "reason": "now"}).status_code == 422
    assert ada.post(f"{page}/emergency", data={**data, "reason": "x" * 30, **csrf(ada, page)}).status_code == 403
    duty.post(f"{page}/emergency", data={**data, "reason": "The dam broke and Ben is on a plane."})
    releases.edit(session, release, "en", by=newsroom.ada, lead="Levels rose.")
    shown = ada.get(f"/releases/{release.id}").text
    assert "by Dan Duty, after Ada Officer had asked" in shown
    assert "The dam broke and Ben is on a plane." in shown
    assert "Approved in an emergency" in ada.get(f"/releases/{release.id}/history").text


@pytest.fixture
def approved(session: Session, newsroom: Newsroom, release: Release) -> Release:
    approvals.approve(session, release, by=newsroom.ben)
    return release


def test_a_time_is_looked_over_in_three_zones_and_scheduled_by_number(
    session: Session, approved: Release, ada: FlaskClient
) -> None:
    page = f"/releases/{approved.id}/schedule"
    chosen = {"when": "at", "at": "2030-03-01T09:00", "zone": "Asia/Almaty", "mine": "Europe/Vienna", "spread": "30"}
    looked = ada.get(page, query_string=chosen)
    for words in ("Schedule 3 e-mails", "1 Mar 2030, 09:00", "1 Mar 2030, 05:00", "1 Mar 2030, 04:00", "30 minutes"):
        assert words in looked.text
    assert approved.state is ReleaseState.APPROVED
    ada.post(page, data={**chosen, **csrf(ada, page)})
    session.refresh(approved)
    assert approved.send_at == datetime(2030, 3, 1, 4, 0, tzinfo=UTC)
    assert "Undo the schedule" in ada.get(f"/releases/{approved.id}").text
    ada.post(page, data={**chosen, "at": "2030-03-02T09:00", **csrf(ada, page)})
    session.refresh(approved)
    assert approved.send_at == datetime(2030, 3, 2, 4, 0, tzinfo=UTC)
    ada.post(f"/releases/{approved.id}/unschedule", data=csrf(ada, page))
    session.refresh(approved)
    assert approved.send_at is None
    assert approved.revision_id is not None


@pytest.mark.parametrize(
    ("chosen", "field", "words"),
    [
        ({"at": "2030-01-01T09:00", "zone": "UTC", "local": "late"}, "local", "a time of day"),
        ({"at": "2030-03-31T02:30", "zone": "Europe/Vienna"}, "at", "it never comes"),
        ({"at": "2030-10-27T02:30", "zone": "Europe/Vienna"}, "which", "this time comes twice"),
        ({"at": "2020-01-01T09:00", "zone": "UTC"}, "at", "This time is past"),
        ({"at": "tomorrow", "zone": "UTC"}, "at", "Enter a date and a time"),
        ({"at": "2030-01-01T09:00", "zone": "Mars/Base"}, "zone", "Choose a time zone"),
        ({"at": "2030-01-01T09:00", "zone": "UTC", "spread": "-1"}, "spread", "as a number"),
    ],
)
def test_a_time_that_cannot_be_or_is_doubtful_is_asked_about(
    approved: Release, ada: FlaskClient, chosen: dict[str, str], field: str, words: str
) -> None:
    page = f"/releases/{approved.id}/schedule"
    for answer in (
        ada.get(page, query_string={"when": "at", **chosen}),
        ada.post(page, data={"when": "at", **chosen, **csrf(ada, page)}),
    ):
        assert answer.status_code == 422
        assert words in answer.text
        assert f'href="#{field}"' in answer.text
    assert approved.state is ReleaseState.APPROVED


def test_the_second_of_two_is_what_was_said(session: Session, approved: Release, ada: FlaskClient) -> None:
    page = f"/releases/{approved.id}/schedule"
    chosen = {"when": "at", "at": "2030-10-27T02:30", "zone": "Europe/Vienna", "which": "1"}
    ada.post(page, data={**chosen, **csrf(ada, page)})
    session.refresh(approved)
    assert approved.send_at == datetime(2030, 10, 27, 1, 30, tzinfo=UTC)


def test_now_waits_a_minute_unless_at_once_and_never_before_the_embargo(
    session: Session, newsroom: Newsroom, ada: FlaskClient
) -> None:
    times = {}
    embargo = now() + timedelta(days=2)
    for name, until, more in (("held", None, {}), ("at once", None, {"at_once": "yes"}), ("embargo", embargo, {})):
        release = make_release(session, newsroom, embargo=until)
        approvals.approve(session, release, by=newsroom.ben)
        page = f"/releases/{release.id}/schedule"
        ada.post(page, data={"when": "now", **more, **csrf(ada, page)})
        session.refresh(release)
        assert release.send_at is not None
        times[name] = (release.send_at - now()).total_seconds()
        assert release.send_at == until or until is None
    assert 30 < times["held"] <= 60
    assert times["at once"] <= 0


def test_nobody_of_another_newsroom_finds_any_of_it_and_who_may_not_send_schedules_nothing(
    session: Session, approved: Release, signed_in: Browser, ben: FlaskClient
) -> None:
    stranger = signed_in(make_newsroom(session).ada)
    for path in ("approval", "checks", "schedule", "history"):
        assert stranger.get(f"/releases/{approved.id}/{path}").status_code == 404
    token = csrf(stranger, "/releases")
    for path in ("approval", "approval/given", "approval/sent-back", "approval/emergency", "schedule", "unschedule"):
        assert stranger.post(f"/releases/{approved.id}/{path}", data={**token, "digest": "00"}).status_code == 404
    assert ben.get(f"/releases/{approved.id}/schedule").status_code == 403
    assert "River levels fall" not in stranger.get("/calendar").text


def test_the_calendar_shows_departures_and_embargoes_on_their_own_days_and_exports_them(
    session: Session, newsroom: Newsroom, ada: FlaskClient
) -> None:
    until = datetime(2030, 3, 1, 20, 0, tzinfo=UTC)  # the second of March in Almaty
    release = make_release(session, newsroom, headline="Gauge opens", embargo=until)
    release.zone = "Asia/Almaty"
    make_release(session, newsroom, headline="Nothing yet")
    approvals.approve(session, release, by=newsroom.ben)
    page = ada.get("/calendar?month=2030-03").text
    day = page.partition('datetime="2030-03-02"')[2].partition("</td>")[0]
    assert "Embargo ends" in day
    assert "01:00" in day
    assert "Nothing falls in this month" in ada.get("/calendar?month=2030-05").text
    assert ada.get("/calendar?month=2030-13").status_code == 422
    assert ada.get("/calendar?newsroom=nobody").status_code == 422
    releases.schedule(session, release, until + timedelta(hours=1), by=newsroom.ada)
    release.embargo = release.send_at = now() + timedelta(days=3)
    session.flush()
    file = ada.get("/calendar.ics")
    assert file.mimetype == "text/calendar"
    assert file.text.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:Leaves: Gauge opens" in file.text


def test_the_index_of_reports_leads_to_each_and_is_for_who_sees_reports(
    session: Session, newsroom: Newsroom, ada: FlaskClient
) -> None:
    assert ada.get("/reports").status_code == 403
    accounts.grant(session, newsroom.ada, newsroom.sender, [Role.REPORTS])
    assert "No reports yet" in ada.get("/reports").text
    sent = send_a_release(session, newsroom, headline="Ishim falls")
    page = ada.get("/reports").text
    assert f'href="/releases/{sent.id}/report"' in page
    assert "60.0 %" in page


def test_topics_are_counted_added_renamed_closed_and_opened_again(
    session: Session, newsroom: Newsroom, release: Release, ada: FlaskClient, client: FlaskClient
) -> None:
    assert ada.get("/topics").status_code == 403
    accounts.grant(session, newsroom.ada, newsroom.sender, [Role.JOURNALISTS])
    assert "Add a topic" not in ada.get("/topics").text
    accounts.grant(session, newsroom.ada, newsroom.sender, [Role.ADMINISTER])
    page = ada.get("/topics").text
    assert re.search(r"Water</a>.*?>3</td>", page, re.S)
    token = csrf(ada, "/topics")
    data = {"newsroom": newsroom.sender.slug, "name": "Дамбы и шлюзы", **token}
    assert ada.post("/topics", data=data).status_code == 302
    assert "damby-i-shliuzy" in ada.get("/topics").text
    assert ada.post("/topics", data=data).status_code == 422
    assert ada.post("/topics", data={**data, "name": " "}).status_code == 422
    address = f"/topics/{newsroom.topic.id}"
    ada.post(f"{address}/name", data={"name": "Water & ice", **token})
    ada.post(f"{address}/close", data=token)
    assert "Water &amp; ice" in ada.get("/topics").text
    assert "Water &amp; ice" not in client.get(f"/subscribe/{newsroom.sender.slug}").text
    assert "Water &amp; ice" not in ada.get("/releases/new").text
    assert "Water &amp; ice" in ada.get(f"/releases/{release.id}/arrange").text
    with pytest.raises(topics.UnknownTopics):
        topics.by_slugs(session, newsroom.sender, ["water"])
    ada.post(f"{address}/reopen", data=token)
    assert "Water &amp; ice" in client.get(f"/subscribe/{newsroom.sender.slug}").text
    other = make_newsroom(session).topic
    assert ada.post(f"/topics/{other.id}/close", data=token).status_code == 404
