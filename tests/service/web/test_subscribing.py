"""Subscribing on the page: begun by who got the mail and not by who typed, and nobody learns who is known."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from service import journalists, subscriptions, suppressions
from service.addresses import fingerprint
from service.errors import NotFound
from service.models import (
    AccountMailKind,
    AuditEntry,
    Frequency,
    Journalist,
    Signup,
    SubscriptionState,
    SuppressionReason,
    Topic,
)
from service.signing import Purpose, sign
from service.web import visitors
from tests.factories import Newsroom, make_journalist
from tests.service.web.reader import form, mails, network, sent, somebody, subscribe

K = AccountMailKind


@pytest.fixture
def cleo() -> str:
    """Her address; Valkey remembers who was written to, from test to test."""
    return somebody()


def person(session: Session, newsroom: Newsroom, address: str) -> Journalist | None:
    try:
        return journalists.by_address(session, newsroom.sender, address)
    except NotFound:
        return None


def test_nobody_is_subscribed_before_the_button_in_their_mail(
    client: FlaskClient, session: Session, newsroom: Newsroom, cleo: str
) -> None:
    answer = subscribe(client, newsroom, cleo, frequency="weekly", language="kk", also_reads=["ru", "en"])
    assert answer.status_code == 303
    assert client.get(answer.location).status_code == 200
    assert person(session, newsroom, cleo) is None
    [(mail, link)] = sent(session)
    assert (mail.kind, mail.address) == (K.CONFIRM, cleo)
    for _ in range(20):
        assert client.get(link).status_code == client.head(link).status_code == 200
    assert person(session, newsroom, cleo) is None
    assert client.post(link).status_code == 200
    found = person(session, newsroom, cleo)
    assert found is not None
    assert (found.name, found.frequency, found.language) == ("Cleo Reader", Frequency.WEEKLY, "kk")
    assert (found.also_reads, found.zone) == (["ru", "en"], "Asia/Almaty")
    assert found.digest_due_at is not None


def test_the_proof_of_consent_has_the_words_and_the_times_and_no_network(
    client: FlaskClient, session: Session, newsroom: Newsroom, cleo: str
) -> None:
    subscribe(client, newsroom, cleo)
    [(_, link)] = sent(session)
    client.post(link)
    found = person(session, newsroom, cleo)
    assert found is not None
    [subscription] = subscriptions.of(session, found)
    proof = subscription.proof
    assert newsroom.sender.name in proof["words"]
    assert proof["how"] == "form"
    assert proof["form"]
    assert proof["asked"] < proof["confirmed"]
    assert not re.search(r"\d+\.\d+\.\d+\.\d+", str(proof))
    assert session.scalars(select(Signup)).all() == [], "what was typed is kept once"


def test_a_link_confirms_once_and_all_dead_links_are_one_page(
    client: FlaskClient, session: Session, newsroom: Newsroom, cleo: str
) -> None:
    subscribe(client, newsroom, cleo)
    [(mail, link)] = sent(session)
    client.post(link)
    subscriptions.end_all(session, journalists.by_address(session, newsroom.sender, cleo))
    subscribe(client, newsroom, somebody())
    [(_, late)] = sent(session)
    session.execute(text("UPDATE signup SET created_at = now() - interval '73 hours'"))
    others = [link[:-1] + "x", "/confirm/x", f"/confirm/{sign(Purpose.PREFERENCES, mail.id)}", late]
    pages = [client.post(path) for path in (link, *others)] + [client.get(path) for path in (link, *others)]
    assert {page.status_code for page in pages} == {404}
    assert len({re.sub(r'value="[0-9a-f]{52}"', "", page.text) for page in pages}) == 2, "but for the other languages"
    [subscription] = subscriptions.of(session, journalists.by_address(session, newsroom.sender, cleo))
    assert subscription.state is SubscriptionState.ENDED


CASES: dict[str, Callable[[Session, Newsroom, str], object]] = {
    "new": lambda _session, _room, _cleo: None,
    "known": lambda session, room, cleo: make_journalist(session, room, address=cleo),
    "left": lambda session, room, cleo: make_journalist(
        session, room, address=cleo, subscribed=SubscriptionState.ENDED
    ),
    "bounced": lambda session, room, cleo: suppressions.add(
        session, cleo, SuppressionReason.BOUNCE, sender=room.sender
    ),
    "resting": lambda session, room, cleo: suppressions.rest(
        session, [suppressions.Rest(fingerprint(cleo), room.sender.id, None, "it bounced")]
    ),
    "stopped": lambda session, room, cleo: suppressions.add(
        session, cleo, SuppressionReason.BY_HAND, sender=room.sender
    ),
    "complained": lambda session, room, cleo: suppressions.add(
        session, cleo, SuppressionReason.COMPLAINT, sender=room.sender
    ),
    "for all": lambda session, _room, cleo: suppressions.add(session, cleo, SuppressionReason.COMPLAINT),
    "erased": lambda session, room, cleo: journalists.erase(session, make_journalist(session, room, address=cleo)),
}
LEAVES = dict.fromkeys(CASES, K.CONFIRM) | {"known": K.SUBSCRIBED}
for nobody in ("stopped", "for all"):
    del LEAVES[nobody]


def test_the_answer_is_the_same_whoever_the_address_belongs_to(
    client: FlaskClient, session: Session, newsroom: Newsroom
) -> None:
    """Status, body and the very statements: so also the time, as far as it is ours."""
    answers, statements = set(), set()
    written: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda _c, _u, words, *_r: written.append(words))
    for prepare in CASES.values():
        cleo = somebody()
        prepare(session, newsroom, cleo)
        session.flush()
        written.clear()
        answer = subscribe(client, newsroom, cleo)
        statements.add(tuple(re.sub(r"sa_savepoint_\d+", "", words) for words in written))
        answers.add((answer.status_code, answer.location, answer.text, str(answer.headers)))
    assert len(answers) == len(statements) == 1


@pytest.mark.parametrize("case", CASES)
def test_what_leaves_depends_on_whom_it_is_for(
    client: FlaskClient, session: Session, newsroom: Newsroom, cleo: str, case: str
) -> None:
    CASES[case](session, newsroom, cleo)
    subscribe(client, newsroom, cleo)
    found = list(sent(session))
    assert [mail.kind for mail, _ in found] == ([LEAVES[case]] if case in LEAVES else [])
    if case == "known":
        assert client.get(found[0][1]).status_code == 200
        assert found[0][1].startswith("/preferences/")


@pytest.mark.parametrize("case", ["left", "complained", "erased"])
def test_who_said_no_comes_back_by_their_own_confirmation_alone(
    client: FlaskClient, session: Session, newsroom: Newsroom, cleo: str, case: str
) -> None:
    CASES[case](session, newsroom, cleo)
    subscribe(client, newsroom, cleo)
    [(_, link)] = sent(session)
    if case != "left":
        assert suppressions.holds(session, cleo, newsroom.sender)
    client.post(link)
    assert not suppressions.holds(session, cleo, newsroom.sender)
    found = person(session, newsroom, cleo)
    assert found is not None
    assert [each.state for each in subscriptions.of(session, found)] == [SubscriptionState.CONFIRMED]


@pytest.mark.parametrize("case", ["bounced", "resting"])
def test_who_answers_a_mail_is_mailed_again_and_the_log_says_why(
    client: FlaskClient, session: Session, newsroom: Newsroom, cleo: str, case: str
) -> None:
    CASES[case](session, newsroom, cleo)
    subscribe(client, newsroom, cleo)
    [(_, link)] = sent(session)
    assert suppressions.holds(session, cleo, newsroom.sender)
    client.post(link)
    assert not suppressions.holds(session, cleo, newsroom.sender)
    query = select(AuditEntry.detail).where(AuditEntry.act == "suppression lifted").order_by(AuditEntry.id.desc())
    lifted = session.scalars(query).first()
    found = person(session, newsroom, cleo)
    assert lifted is not None
    assert found is not None
    assert (lifted["journalist"], lifted["why"]) == (str(found.id), suppressions.ANSWERED)


def test_robots_are_thanked_and_nothing_is_kept(
    client: FlaskClient, session: Session, newsroom: Newsroom, cleo: str
) -> None:
    people = subscribe(client, newsroom, cleo)
    before = len(mails(session))
    for trick in ({"website": "https://spam.example"}, {"stamp": ""}, {"stamp": "x"}, {"stamp": visitors.stamp()}):
        robot = subscribe(client, newsroom, "robot@daily.example", **trick)
        assert (robot.status_code, robot.location, robot.text) == (people.status_code, people.location, people.text)
    assert len(mails(session)) == before == 1


def test_every_fault_is_named_at_once_and_what_was_typed_stays(
    client: FlaskClient, session: Session, newsroom: Newsroom
) -> None:
    answer = subscribe(client, newsroom, "not an address", topics=[], outlet="<b>Daily</b>", zone="Moon/Base")
    assert answer.status_code == 422
    assert answer.text.count('role="alert"') == 1
    for field in ("email", "topics", "zone"):
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}"' in answer.text
    assert 'value="not an address"' in answer.text
    assert "&lt;b&gt;Daily&lt;/b&gt;" in answer.text
    assert mails(session) == []


def test_a_page_open_since_yesterday_is_shown_once_more(client: FlaskClient, newsroom: Newsroom, cleo: str) -> None:
    answer = subscribe(client, newsroom, cleo, stamp=visitors.stamp(0))
    assert answer.status_code == 422
    assert f'value="{cleo}"' in answer.text


def test_topics_that_are_not_offered_are_passed_over(
    client: FlaskClient, session: Session, newsroom: Newsroom, cleo: str
) -> None:
    session.add(Topic(sender_id=newsroom.sender.id, slug="secret", name="Secret", public=False))
    session.flush()
    assert "Secret" not in client.get(f"/subscribe/{newsroom.sender.slug}").text
    subscribe(client, newsroom, cleo, topics=["secret", "water", "of-another"])
    [(_, link)] = sent(session)
    client.post(link)
    found = person(session, newsroom, cleo)
    assert found is not None
    assert [each.topic_id for each in subscriptions.of(session, found)] == [newsroom.topic.id]


def test_the_form_has_no_cookie_no_script_and_little_weight(client: FlaskClient, newsroom: Newsroom) -> None:
    page = client.get(f"/subscribe/{newsroom.sender.slug}")
    style = client.get("/static/public.css")
    assert page.headers.getlist("Set-Cookie") == []
    assert "<script" not in page.text
    assert len(page.data) + len(style.data) < 60_000
    assert client.get("/subscribe/no-such-newsroom").status_code == 404


@pytest.mark.parametrize(("header", "language"), [("kk-KZ,kk;q=0.9,ru;q=0.8", "kk"), ("ru", "ru"), ("de", "en")])
def test_the_page_speaks_the_visitors_language(
    client: FlaskClient, session: Session, newsroom: Newsroom, header: str, language: str
) -> None:
    path = f"/subscribe/{newsroom.sender.slug}"
    assert f'<html lang="{language}"' in client.get(path, headers={"Accept-Language": header}).text
    assert '<html lang="ru"' in client.get(f"{path}?lang=ru", headers={"Accept-Language": header}).text
    client.environ_base["REMOTE_ADDR"] = network()
    client.post(path, data=form(newsroom, somebody(), lang=language))
    assert [mail.language for mail in mails(session)] == [language]
