"""Providers' webhooks: a signature that holds is stored and answered 200, anything else changes nothing (attacks B)."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service import db, links
from service.app import create_app
from service.feedback.webhooks import SOURCES
from service.fetching import Unavailable
from service.models import (
    DeliveryState,
    Event,
    Received,
    Subscription,
    SubscriptionState,
    Suppression,
    SuppressionReason,
)
from service.web import webhooks
from tests.committed import committed
from tests.ledgers import ungoverned
from tests.service.web import posts
from tests.service.web.conftest import open_browser
from tests.service.web.posts import CERTIFICATE, CONFIRM, Post
from tests.workers.inbound.post import events_of, sent, state_of
from workers.inbound import sort

S = DeliveryState
PROVIDERS = ("ses", "postmark", "mailgun", "sendgrid")
BOUNCES = {"ses": "bounce_event", "postmark": "bounce", "mailgun": "failed_permanent", "sendgrid": "bounce"}


class Door:
    """Our door with what was fetched through it."""

    def __init__(self) -> None:
        self.fetched: list[str] = []
        self.unavailable = False
        app = create_app(posts.settings())
        webhooks.equip(app, posts.settings(), certificate=self._certificate, confirm=self._confirm)
        self.client: FlaskClient = open_browser(app)

    def take(self, post: Post, address: str = "198.51.100.7") -> int:
        return self.answer(post, address).status_code

    def answer(self, post: Post, address: str = "198.51.100.7") -> TestResponse:
        return self.client.post(
            post.path, data=post.body, headers=dict(post.headers), environ_base={"REMOTE_ADDR": address}
        )

    def _certificate(self, url: str) -> bytes:
        self.fetched.append(url)
        return posts.certificate()

    def _confirm(self, url: str) -> bytes:
        self.fetched.append(url)
        if self.unavailable:
            raise Unavailable
        return b""


@pytest.fixture
def door(worker_id: str) -> Iterator[Door]:
    with committed(f"webhooks_{worker_id}"):
        yield Door()


def tag(delivery: UUID) -> str:
    return links.personal().return_path(delivery).partition("@")[0]


def kept() -> list[tuple[str, str, bool]]:
    """(way, verdict, unmatched) of all that is stored."""
    with db.transaction() as session:
        query = select(Received.way, Received.verdict, Received.unmatched).order_by(Received.id)
        return [(way.value, verdict, unmatched) for way, verdict, unmatched in session.execute(query)]


def sorted_to(delivery: UUID) -> tuple[DeliveryState, list[str]]:
    while sort.sort_new():
        pass
    return state_of(delivery), events_of(delivery)


@pytest.mark.parametrize(
    ("provider", "name", "state", "kinds"),
    [
        ("ses", "bounce_event", S.BOUNCED, ["bounce"]),
        ("ses", "bounce_mailbox_full", S.BOUNCED, ["bounce"]),
        ("ses", "bounce_transient", S.ACCEPTED, ["unknown"]),
        ("ses", "complaint_event", S.COMPLAINED, ["complaint"]),
        ("ses", "complaint_not_spam", S.ACCEPTED, ["report"]),
        ("ses", "delivery_event", S.ACCEPTED, ["delivered"]),
        ("ses", "delivery_delay_event", S.ACCEPTED, ["delay"]),
        ("ses", "open_event", S.ACCEPTED, []),
        ("postmark", "bounce", S.BOUNCED, ["bounce"]),
        ("postmark", "bounce_full", S.BOUNCED, ["bounce"]),
        ("postmark", "transient", S.ACCEPTED, ["delay"]),
        ("postmark", "auto_responder", S.ACCEPTED, ["auto-reply"]),
        ("postmark", "blocked", S.BOUNCED, ["bounce"]),
        ("postmark", "spam_complaint", S.COMPLAINED, ["complaint"]),
        ("postmark", "delivery", S.ACCEPTED, ["delivered"]),
        ("postmark", "subscription_change", S.ACCEPTED, ["unsubscribed"]),
        ("postmark", "subscription_change_by_bounce", S.ACCEPTED, []),
        ("postmark", "open", S.ACCEPTED, []),
        ("mailgun", "failed_permanent", S.BOUNCED, ["bounce"]),
        ("mailgun", "failed_suppressed", S.BOUNCED, ["bounce"]),
        ("mailgun", "failed_temporary", S.ACCEPTED, ["delay"]),
        ("mailgun", "complained", S.COMPLAINED, ["complaint"]),
        ("mailgun", "delivered", S.ACCEPTED, ["delivered"]),
        ("mailgun", "unsubscribed", S.ACCEPTED, ["unsubscribed"]),
        ("mailgun", "opened", S.ACCEPTED, []),
        ("sendgrid", "bounce", S.BOUNCED, ["bounce"]),
        ("sendgrid", "blocked", S.BOUNCED, ["bounce"]),
        ("sendgrid", "dropped", S.BOUNCED, ["bounce"]),
        ("sendgrid", "deferred", S.ACCEPTED, ["delay"]),
        ("sendgrid", "spamreport", S.COMPLAINED, ["complaint"]),
        ("sendgrid", "delivered", S.ACCEPTED, ["delivered"]),
        ("sendgrid", "group_unsubscribe", S.ACCEPTED, ["unsubscribed"]),
        ("sendgrid", "several", S.BOUNCED, ["delivered", "bounce"]),
    ],
)
def test_what_a_provider_tells_is_applied_to_the_delivery_its_tag_names(
    door: Door, provider: str, name: str, state: DeliveryState, kinds: list[str]
) -> None:
    delivery, other = sent(address="cleo@daily.example"), sent()
    assert door.take(posts.post(provider, name, tag=tag(delivery))) == 200
    assert sorted_to(delivery) == (state, kinds)
    assert (state_of(other), events_of(other)) == (S.ACCEPTED, [])


@pytest.mark.parametrize(
    ("provider", "name", "verdict"),
    [
        ("ses", "bounce_event", "hard"),
        ("ses", "bounce_mailbox_full", "full"),
        ("postmark", "bounce", "hard"),
        ("postmark", "bounce_full", "full"),
        ("postmark", "blocked", "policy"),
        ("mailgun", "failed_permanent", "hard"),
        ("sendgrid", "bounce", "hard"),
        ("sendgrid", "blocked", "policy"),
    ],
)
def test_a_providers_bounce_is_judged_as_any_other(door: Door, provider: str, name: str, verdict: str) -> None:
    """B6: a policy says nothing about an address; a dead one rests, and is suppressed by a second verdict only."""
    delivery = sent(address="cleo@daily.example")
    door.take(posts.post(provider, name, tag=tag(delivery)))
    sort.sort_new()
    with db.transaction() as session:
        assert session.scalar(select(Event.verdict).where(Event.delivery_id == delivery)) == verdict
        reasons = session.scalars(select(Suppression.reason)).all()
    assert reasons == ([SuppressionReason.RESTING] if verdict == "hard" else [])


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_same_post_a_hundred_times_is_one_row_and_one_event(door: Door, provider: str) -> None:
    """B3"""
    delivery = sent(address="cleo@daily.example")
    post = posts.post(provider, BOUNCES[provider], tag=tag(delivery))
    assert {door.take(post) for _ in range(100)} == {200}
    assert sorted_to(delivery) == (S.BOUNCED, ["bounce"])
    assert len(kept()) == 1


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_same_event_signed_anew_is_one_event(door: Door, provider: str) -> None:
    delivery = sent(address="cleo@daily.example")
    for _ in range(3):
        assert door.take(posts.post(provider, BOUNCES[provider], tag=tag(delivery))) == 200
    assert sorted_to(delivery) == (S.BOUNCED, ["bounce"])


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_forged_tag_makes_no_difference_to_the_answer_and_none_to_anybody(door: Door, provider: str) -> None:
    """B1, R7: it is kept for a person; what is told of nobody's delivery is not."""
    delivery = sent(address="cleo@daily.example")
    real = tag(delivery)
    forged = real[:-1] + ("0" if real[-1] != "0" else "1")
    answers = [
        door.answer(posts.post(provider, BOUNCES[provider], tag=word)) for word in (forged, "", "b.zz", "x" * 500)
    ]
    answers.append(door.answer(posts.post(provider, BOUNCES[provider], tag=tag(uuid4()))))
    assert {(answer.status_code, answer.data, answer.headers.get("Retry-After")) for answer in answers} == {
        (200, b"", None)
    }
    assert sorted_to(delivery) == (S.ACCEPTED, [])
    assert all(unmatched for *_, unmatched in kept())


@pytest.mark.parametrize("provider", ["mailgun", "sendgrid"])
def test_without_a_tag_a_delivery_is_found_by_its_message_id(door: Door, provider: str) -> None:
    delivery = sent(address="cleo@daily.example")
    name = {"mailgun": "failed_by_message_id", "sendgrid": "bounce"}[provider]
    with db.transaction() as session:
        digest = session.scalar(
            text(
                "SELECT encode(r.digest, 'hex') FROM delivery d JOIN wave w ON w.id = d.wave_id "
                "JOIN revision r ON r.id = w.revision_id WHERE d.id = :id"
            ),
            {"id": delivery},
        )
    assert digest is not None
    wrong = f"{delivery.hex}.{'0' * 8}@rivers.example"
    door.take(posts.post(provider, name, tag="", message_id=wrong))
    assert sorted_to(delivery) == (S.ACCEPTED, [])
    door.take(posts.post(provider, name, tag="", message_id=f"{delivery.hex}.{digest[:8]}@rivers.example"))
    assert sorted_to(delivery) == (S.BOUNCED, ["bounce"])


@pytest.mark.parametrize(
    ("provider", "name", "status"), [("ses", "bounce_notification", 200), ("sendgrid", "bounce", 202)]
)
def test_without_either_it_is_found_by_the_providers_own_id(door: Door, provider: str, name: str, status: int) -> None:
    delivery = sent(address="cleo@daily.example")
    with db.transaction() as session:
        reply = f"HTTP {status}: 0107018c-the-id-it-gave"
        ungoverned(session, f"UPDATE attempt SET reply = '{reply}' WHERE delivery_id = '{delivery}'")
    door.take(posts.post(provider, name, tag="", provider_id="0107018c-the-id"))
    assert sorted_to(delivery) == (S.ACCEPTED, [])
    door.take(posts.post(provider, name, tag="", provider_id="0107018c-the-id-it-gave"))
    assert sorted_to(delivery) == (S.BOUNCED, ["bounce"])


def bounce_of(provider: str, tag_: str) -> str:
    return posts.recorded(provider, BOUNCES[provider], tag=tag_)


def signed_by(url: str, tag_: str) -> Post:
    return posts.sns(bounce_of("ses", tag_), SigningCertURL=url)


def forgeries() -> Iterator[tuple[str, Callable[[str], Post]]]:
    """Posts that are nearly right."""
    bounce = {provider: partial(bounce_of, provider) for provider in PROVIDERS}

    def altered(post: Post) -> Post:
        return Post(post.path, post.body.replace(b"5.1.1", b"5.1.2"), post.headers)

    def swapped(post: Post) -> Post:
        return Post(post.path, post.body.replace(b'"Notification"', b'"UnsubscribeConfirmation"'))

    other_account = posts.TOPIC.replace("123456789012", "999999999999")
    pem = "SimpleNotificationService-60eadc530605d63b8e62a523676ef735.pem"
    old, ahead = time.time() - 30 * 3600, time.time() + 3600
    yield "postmark, nobody", lambda t: Post("/webhooks/postmark", bounce["postmark"](t).encode())
    yield "postmark, wrong password", lambda t: posts.postmark(bounce["postmark"](t), "postmark:wrong")
    yield "postmark, cut", lambda t: posts.postmark(bounce["postmark"](t), posts.LOGIN[:-1])
    yield "postmark, bearer", lambda _t: Post("/webhooks/postmark", b"{}", {"Authorization": f"Bearer {posts.LOGIN}"})
    yield "postmark, no base64", lambda _t: Post("/webhooks/postmark", b"{}", {"Authorization": "Basic \xff\xff"})
    yield "mailgun, other key", lambda t: posts.mailgun(bounce["mailgun"](t), key="another key")
    yield "mailgun, old", lambda t: posts.mailgun(bounce["mailgun"](t), at=old)
    yield "mailgun, ahead", lambda t: posts.mailgun(bounce["mailgun"](t), at=ahead)
    yield "mailgun, unsigned", lambda t: Post("/webhooks/mailgun", bounce["mailgun"](t).encode())
    yield "sendgrid, altered", lambda t: altered(posts.sendgrid(bounce["sendgrid"](t)))
    yield "sendgrid, old", lambda t: posts.sendgrid(bounce["sendgrid"](t), at=old)
    yield "sendgrid, unsigned", lambda t: Post("/webhooks/sendgrid", bounce["sendgrid"](t).encode())
    sns = bounce["ses"]
    # B11
    yield "ses, altered, version 1", lambda t: altered(posts.sns(sns(t), version="1"))
    yield "ses, altered, version 2", lambda t: altered(posts.sns(sns(t)))
    yield "ses, version 3", lambda t: posts.sns(sns(t), version="3")
    yield "ses, old", lambda t: posts.sns(sns(t), Timestamp="2026-01-01T00:00:00.000Z")
    yield "ses, no time", lambda t: posts.sns(sns(t), Timestamp="yesterday")
    yield (
        "ses, type swapped",
        lambda t: Post(
            "/webhooks/ses", posts.sns(sns(t)).body.replace(b'"Notification"', b'"UnsubscribeConfirmation"')
        ),
    )
    # B10
    yield "ses, foreign topic", lambda t: posts.sns(sns(t), TopicArn=posts.TOPIC + "2")
    yield (
        "ses, foreign account",
        lambda t: posts.sns(sns(t), TopicArn=other_account),
    )
    # B9
    for url in (
        f"https://s3.amazonaws.com/{pem}",
        f"https://sns.us-east-1.amazonaws.com/{pem}",
        f"http://sns.eu-central-1.amazonaws.com/{pem}",
        f"https://sns.eu-central-1.amazonaws.com.evil.example/{pem}",
        f"https://evil.example@sns.eu-central-1.amazonaws.com/{pem}",
        f"https://sns.eu-central-1.amazonaws.com:444/{pem}",
        "https://sns.eu-central-1.amazonaws.com/other.pem",
        f"https://sns.eu-central-1.amazonaws.com/x/../{pem}",
        f"{CERTIFICATE}?x=1",
        "https://sns.eu-central-1.amazonaws.com\\@evil.example/a.pem",
        f"https://bucket.sns.eu-central-1.amazonaws.com/{pem}",
        "https://169.254.169.254/latest/meta-data/",
    ):
        yield f"ses, {url[:60]}", partial(signed_by, url)


@pytest.mark.parametrize(("forged"), [pytest.param(make, id=name) for name, make in forgeries()])
def test_a_forged_post_is_refused_and_nothing_is_kept_or_changed(door: Door, forged: Callable[[str], Post]) -> None:
    """B9, B10, B11; sendportal #340."""
    delivery = sent(address="cleo@daily.example")
    post = forged(tag(delivery))
    assert door.take(post) == 401
    assert set(door.fetched) <= {CERTIFICATE}
    assert sorted_to(delivery) == (S.ACCEPTED, [])
    assert kept() == []


def test_a_foreign_topic_is_refused_before_anything_is_fetched_or_confirmed(door: Door) -> None:
    """B10"""
    assert door.take(posts.confirmation(TopicArn=posts.TOPIC + "2")) == 401
    assert door.fetched == []


def test_a_subscription_to_our_topic_is_confirmed_at_its_own_host_alone(door: Door) -> None:
    for url in (
        "https://evil.example/?Action=ConfirmSubscription",
        "http://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription",
        "https://sns.eu-central-1.amazonaws.com.evil.example/?Action=ConfirmSubscription",
        "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription",
        "https://sns.eu-central-1.amazonaws.com/?Action=DeleteTopic",
        "http://169.254.169.254/?Action=ConfirmSubscription",
    ):
        assert door.take(posts.confirmation(SubscribeURL=url)) == 401
    assert set(door.fetched) <= {CERTIFICATE}
    assert door.take(posts.confirmation()) == 200
    assert door.fetched == [CERTIFICATE, CONFIRM]
    sort.sort_new()
    assert kept() == [("ses", sort.NOTHING, False)]


def test_a_confirmation_that_cannot_be_made_now_is_asked_for_again(door: Door) -> None:
    door.unavailable = True
    post = posts.confirmation()
    assert door.take(post) == 503
    door.unavailable = False
    assert door.take(post) == 200


@pytest.mark.parametrize("version", ["1", "2"])
def test_both_versions_of_amazons_signature_are_known(door: Door, version: str) -> None:
    delivery = sent(address="cleo@daily.example")
    document = posts.recorded("ses", "bounce_event", tag=tag(delivery))
    assert door.take(posts.sns(document, version=version, Subject="Amazon SES Email Event Notification")) == 200
    assert sorted_to(delivery)[0] is S.BOUNCED


def test_a_token_of_mailgun_is_good_for_one_body(door: Door) -> None:
    """Its signature does not cover what is told."""
    delivery, other = sent(address="cleo@daily.example"), sent(address="cleo@daily.example")
    token = "t" * 50
    at = time.time()
    first = posts.mailgun(posts.recorded("mailgun", "delivered", tag=tag(delivery)), token=token, at=at)
    assert [door.take(first), door.take(first)] == [200, 200]
    again = posts.mailgun(posts.recorded("mailgun", "complained", tag=tag(other)), token=token, at=at)
    assert door.take(again) == 401
    assert sorted_to(other) == (S.ACCEPTED, [])
    assert len(kept()) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nothing",
        b"[]",
        b"null",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"RecordType": "Bounce", "RecordType": "Delivery"}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_document_is_refused(door: Door, body: bytes) -> None:
    """B11, B13"""
    headers = dict(posts.postmark("").headers)
    assert door.take(Post("/webhooks/postmark", body, headers)) == 400
    assert kept() == []


def test_a_body_of_fifty_megabytes_is_not_read(door: Door) -> None:
    """B13"""
    assert door.take(Post("/webhooks/postmark", b"x" * 52_428_800, posts.postmark("").headers)) == 413
    assert door.take(Post("/webhooks/sendgrid", b"x" * (webhooks.LARGEST + 1))) == 413


def test_nonsense_that_is_signed_is_kept_and_blocks_nobody(door: Door) -> None:
    odd = [
        {"RecordType": "Bounce", "Metadata": 7, "Email": ["x"], "ID": {"a": 1}, "Details": None},
        {"RecordType": "Bounce", "Metadata": {"delivery": "\x00\ud800"}, "Email": "\x00@\ud800", "ID": "\x00"},
        {"RecordType": "Delivery", "MessageID": "\x00' OR 1=1 --", "Recipient": "x" * 100_000},
        {"RecordType": ["Bounce"]},
        {},
    ]
    delivery = sent(address="cleo@daily.example")
    for document in odd:
        assert door.take(posts.postmark(json.dumps(document))) == 200
    for message in ("no json", "[]", '{"eventType": "Bounce", "bounce": [], "mail": 7}', '{"eventType": "Bounce"}'):
        assert door.take(posts.sns(message)) == 200
    for events in ([1, None, "x", {"event": ["bounce"]}], [{"event": "bounce", "email": 5, "sg_event_id": None}]):
        assert door.take(posts.sendgrid(json.dumps(events))) == 200
    door.take(posts.post("postmark", "bounce", tag=tag(delivery)))
    assert sorted_to(delivery) == (S.BOUNCED, ["bounce"])
    assert not [verdict for _, verdict, _ in kept() if verdict.startswith("fault")]


def test_a_report_that_outruns_its_attempt_waits_for_it(door: Door) -> None:
    delivery = sent(S.ATTEMPTING, address="cleo@daily.example")
    assert door.take(posts.post("postmark", "bounce", tag=tag(delivery))) == 200
    sort.sort_new()
    assert (state_of(delivery), events_of(delivery)) == (S.ATTEMPTING, [])
    with db.transaction() as session:
        session.execute(text("UPDATE delivery SET state = 'accepted' WHERE id = :id"), {"id": delivery})
    assert sorted_to(delivery) == (S.BOUNCED, ["bounce"])


def test_who_left_by_the_providers_link_has_left(door: Door) -> None:
    delivery = sent(address="cleo@daily.example")
    door.take(posts.post("postmark", "subscription_change", tag=tag(delivery)))
    sort.sort_new()
    with db.transaction() as session:
        assert set(session.scalars(select(Subscription.state))) == {SubscriptionState.ENDED}


def test_without_a_database_the_answer_is_503_and_nothing_is_lost(door: Door) -> None:
    app = create_app(posts.settings(), transaction=_away)
    webhooks.equip(app, posts.settings())
    post = posts.post("postmark", "bounce")
    answer = open_browser(app).post(post.path, data=post.body, headers=dict(post.headers))
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)


@contextmanager
def _away() -> Iterator[Session]:
    with Session(create_engine("postgresql+psycopg://nobody@127.0.0.1:1/away")) as session, session.begin():
        yield session


def test_a_network_that_forges_is_turned_away_and_no_other(door: Door) -> None:
    forged = posts.postmark("{}", "postmark:wrong")
    answers = [door.take(forged, "203.0.113.5") for _ in range(webhooks.REFUSED_A_MINUTE + 1)]
    assert answers[-1] == 429
    assert set(answers[:-1]) == {401}
    right = posts.post("postmark", "bounce")
    assert door.take(right, "203.0.113.99") == 429
    assert door.take(right, "203.0.114.99") == 200


def test_a_provider_nobody_has_told_us_of_has_no_door(worker_id: str) -> None:
    client = open_browser(create_app(posts.settings().model_copy(update={"mailgun_webhook_key": ""})))
    assert client.post("/webhooks/nobody").status_code == 404
    closed = create_app()
    for provider in SOURCES:
        assert open_browser(closed).post(f"/webhooks/{provider.value}").status_code == 404
        assert open_browser(closed).get(f"/webhooks/{provider.value}").status_code == 405
