"""What Ada and Ben find on their first page: what needs them, what leaves next and now, what the week came to."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service import accounts, approvals, releases
from service.models import Approval, Decision, DeliveryState, Release, ReleaseState, Role
from service.releases.desk import Need, desk
from service.releases.slow import slow_domains
from service.releases.week import beginning, week
from tests.factories import Newsroom, make_account, make_journalist, make_newsroom, make_release, now
from tests.ledgers import make_ledger
from tests.service.web.conftest import Browser
from tests.service.web.office import send_a_release

S = DeliveryState


@pytest.fixture
def ada(signed_in: Browser, newsroom: Newsroom) -> FlaskClient:
    return signed_in(newsroom.ada)


def needs(session: Session, newsroom: Newsroom, who: str = "ada") -> list[tuple[Need, str]]:
    found = desk(session, newsroom.ada if who == "ada" else newsroom.ben).needs
    return [(task.need, task.release.headline) for task in found]


def test_a_draft_waits_for_who_approves_once_it_was_asked_for(session: Session, newsroom: Newsroom) -> None:
    release = make_release(session, newsroom, headline="Levels fall")
    assert needs(session, newsroom, "ben") == []
    approvals.request(session, release, by=newsroom.ada)
    assert needs(session, newsroom, "ben") == [(Need.TO_APPROVE, "Levels fall")]
    assert needs(session, newsroom, "ada") == [(Need.WAITING, "Levels fall")]


def test_nobody_is_asked_to_approve_her_own(session: Session, newsroom: Newsroom) -> None:
    accounts.grant(session, newsroom.ada, newsroom.sender, [Role.APPROVE])
    approvals.request(session, make_release(session, newsroom), by=newsroom.ada)
    assert [need for need, _ in needs(session, newsroom, "ada")] == [Need.WAITING]


def test_what_is_approved_waits_for_a_time(session: Session, newsroom: Newsroom) -> None:
    approvals.approve(session, make_release(session, newsroom, headline="Levels fall"), by=newsroom.ben)
    assert needs(session, newsroom, "ada") == [(Need.TO_SCHEDULE, "Levels fall")]
    assert needs(session, newsroom, "ben") == []


def test_a_draft_that_was_sent_back_is_the_writers_again_with_the_note(session: Session, newsroom: Newsroom) -> None:
    release = make_release(session, newsroom)
    revision = releases.freeze(session, release, by=newsroom.ada)
    said = {"written_by": newsroom.ada.id, "decided_by": newsroom.ben.id, "decision": Decision.SENT_BACK}
    session.add(Approval(revision_id=revision.id, note="Which river?", **said))
    session.flush()
    (task,) = desk(session, newsroom.ada).needs
    assert (task.need, task.note) == (Need.SENT_BACK, "Which river?")
    assert needs(session, newsroom, "ben") == []


def test_paused_uncertain_and_badly_failed_releases_need_who_sends(session: Session, newsroom: Newsroom) -> None:
    people = [make_journalist(session, newsroom) for _ in range(4)]
    made = make_ledger(session, newsroom, list(zip(people, (S.ACCEPTED, S.UNCERTAIN, S.FAILED, S.QUEUED), strict=True)))
    assert needs(session, newsroom) == [(Need.UNCERTAIN, "River levels fall")]
    releases.pause(session, made.release, by=newsroom.ada)
    assert [need for need, _ in needs(session, newsroom)] == [Need.PAUSED, Need.UNCERTAIN]
    made.release.state = ReleaseState.SENDING
    session.flush()
    made.release.state, made.release.finished_at = ReleaseState.SENT, now()
    session.flush()
    assert [need for need, _ in needs(session, newsroom)] == [Need.UNCERTAIN, Need.FAILED]


def test_a_few_failures_are_no_alarm(session: Session, newsroom: Newsroom) -> None:
    people = [(make_journalist(session, newsroom), S.ACCEPTED) for _ in range(40)]
    made = make_ledger(session, newsroom, [*people, (make_journalist(session, newsroom), S.FAILED)])
    made.release.state, made.release.finished_at = ReleaseState.SENT, now()
    session.flush()
    assert needs(session, newsroom) == []


def test_the_page_shows_each_with_its_act(ada: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    sending = send_a_release(session, newsroom, headline="Ishim falls")
    tomorrow = now() + timedelta(days=1)
    later = make_release(session, newsroom, headline="Gauge opens", embargo=tomorrow)
    approvals.approve(session, later, by=newsroom.ben)
    releases.schedule(session, later, tomorrow, by=newsroom.ada)
    approvals.approve(session, make_release(session, newsroom, headline="Ministers meet"), by=newsroom.ben)
    page = ada.get("/").text
    being_sent, _, rest = page.partition('id="needs"')
    waiting, _, next_ = rest.partition('id="next"')
    assert "Ishim falls" in being_sent
    assert "3 of 5 e-mails accepted" in being_sent
    assert "Ministers meet" in waiting
    assert "without a time to leave" in waiting
    assert "Gauge opens" in next_
    assert "when its embargo ends" in next_
    assert f'href="/releases/{sending.id}"' in page


def test_it_asks_again_while_something_moves_and_not_otherwise(
    ada: FlaskClient, session: Session, newsroom: Newsroom
) -> None:
    assert "hx-get" not in ada.get("/live").text
    send_a_release(session, newsroom)
    assert 'hx-get="/live"' in ada.get("/live").text


def test_nothing_of_other_newsrooms_is_on_the_desk(signed_in: Browser, session: Session, newsroom: Newsroom) -> None:
    send_a_release(session, newsroom, headline="Ishim falls")
    stranger = make_newsroom(session)
    page = signed_in(stranger.ada).get("/").text
    assert "Ishim falls" not in page
    assert re.findall(r"<b>([\d,]+)</b>", page) == ["0"] * 6


def test_the_week_is_counted_from_the_ledger(session: Session, newsroom: Newsroom) -> None:
    send_a_release(session, newsroom)
    old = send_a_release(session, newsroom)
    old.send_at = now() - timedelta(days=8)
    session.flush()
    found = week(session, senders=[newsroom.sender.id])
    assert (found.releases, found.mails, found.accepted, found.failed, found.bounced) == (1, 5, 3, 1, 0)
    assert (found.joined, found.left) == (12, 0)


def test_every_number_leads_to_its_list(ada: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    send_a_release(session, newsroom, headline="Ishim falls")
    page = ada.get("/").text
    for address in ("/releases?days=7", "/releases?days=7&amp;trouble=failed", "/releases?days=7&amp;trouble=bounced"):
        assert f'href="{address}"' in page
    assert "Ishim falls" in ada.get("/releases?days=7&trouble=failed").text
    assert "No release is like that" in ada.get("/releases?days=7&trouble=bounced").text


def test_the_first_steps_are_ticked_by_what_exists(ada: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    found = beginning(session, senders=[newsroom.sender.id])
    assert (found.sender, found.topic, found.journalists, found.release, found.sent) == (
        True,
        True,
        False,
        False,
        False,
    )
    make_journalist(session, newsroom)
    make_release(session, newsroom)
    page = ada.get("/").text
    assert page.count("(done)") == 4
    assert "dateline release schedule" in page
    release = send_a_release(session, newsroom)
    release.state = ReleaseState.SENT
    session.flush()
    assert "To begin with" not in ada.get("/").text


def test_who_has_no_right_is_told_whom_to_ask(signed_in: Browser, session: Session) -> None:
    dana = make_account("Dana New")
    session.add(dana)
    session.flush()
    page = signed_in(dana).get("/").text
    assert "You have no part in any newsroom yet" in page
    assert "administrator" in page


def test_slow_servers_are_named_with_their_words(ada: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    names = ("a@slow.example", "b@slow.example", "c@slower.example", "d@quick.example")
    people = [make_journalist(session, newsroom, address=address) for address in names]
    made = make_ledger(
        session, newsroom, list(zip(people, (S.DEFERRED, S.DEFERRED, S.DEFERRED, S.ACCEPTED), strict=True))
    )
    for delivery in made.deliveries[:3]:
        delivery.reason = "They ask us to come back later"
    session.flush()
    found = slow_domains(session, made.release.id)
    assert [(one.domain, one.people) for one in found] == [("slow.example", 2), ("slower.example", 1)]
    assert found[0].reply == "Greylisted, try again"
    assert "Mail servers that let us wait" in ada.get(f"/releases/{made.release.id}").text


@pytest.mark.parametrize(
    "query",
    ["state=nonsense", "days=0", "days=x", "days=٣", "topic=1", "trouble=accepted", "page=0", "page=-1", "page=1e9"],
)
def test_a_filter_that_cannot_be_is_refused_in_words(ada: FlaskClient, query: str) -> None:
    answer = ada.get(f"/releases?{query}")
    assert answer.status_code == 422
    assert "Open the list anew" in answer.text


@pytest.mark.parametrize("words", ["' OR 1=1--", "%", "_", "\\", "\0", "((((" * 5000])
def test_what_is_searched_for_is_words_and_nothing_else(ada: FlaskClient, words: str, session: Session) -> None:
    answer = ada.get("/releases", query_string={"q": words[:1500]})
    assert answer.status_code == 200
    assert "<tbody>" not in answer.text


def test_lists_are_narrowed_by_their_address(ada: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    send_a_release(session, newsroom, headline="Ishim falls")
    make_release(session, newsroom, headline="Gauge opens")
    assert "Gauge opens" not in ada.get("/releases?state=sending").text
    assert "Ishim falls" not in ada.get("/releases?q=gauge").text
    both = ada.get("/releases?state=sending&state=draft").text
    assert "Gauge opens" in both
    assert "Ishim falls" in both
    assert "Show all" in both


def test_a_long_list_has_pages_that_keep_its_filter(ada: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    for number in range(51):
        make_release(session, newsroom, headline=f"Level {number}")
    first = ada.get("/releases?q=level").text
    assert "1–50 of 51" in first
    assert 'href="/releases?q=level&amp;page=2"' in first
    second = ada.get("/releases?q=level&page=2").text
    assert "51–51 of 51" in second
    assert "Level 0" in second


def test_the_menu_names_only_pages_there_are(ada: FlaskClient) -> None:
    page = ada.get("/releases").text
    menu = page.partition('class="main-menu"')[2].partition("</nav>")[0]
    assert re.findall(r">(\w+)</a>", menu)[:2] == ["Home", "Releases"]
    assert 'href="/releases" aria-current="page"' in menu
    for address in re.findall(r'href="([^"]+)"', menu):
        assert ada.get(address).status_code == 200


def test_a_page_below_an_entry_says_where_it_is(ada: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    release: Release = send_a_release(session, newsroom)
    page = ada.get(f"/releases/{release.id}/retry").text
    assert 'href="/releases" aria-current="true"' in page
