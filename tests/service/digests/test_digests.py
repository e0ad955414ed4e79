"""A digest on each reader's morning: what was left for it, once, and nothing that is not public."""

import email
import email.policy
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from service import db, journalists, reports, subscriptions, suppressions
from service.journalists import Choice
from service.models import Delivery, DeliveryState, Exclusion, Frequency, Journalist, Lane, Publication, Topic
from service.signing import Purpose, sign
from tests.factories import now
from tests.service.digests.press import Press, execute, opened

S = DeliveryState


@pytest.fixture
def press(worker_id: str) -> Iterator[Press]:
    with opened(f"digests_{worker_id}") as found:
        yield found


def row(release: UUID, reader: UUID) -> Delivery:
    with db.transaction() as session:
        return session.scalars(select(Delivery).filter_by(release_id=release, journalist_id=reader)).one()


def test_a_release_is_left_for_the_digest_and_comes_in_it(press: Press) -> None:
    cleo, dana = press.reader("Cleo"), press.reader("Dana", Frequency.AT_ONCE)
    released = [press.release("River levels fall"), press.release("A bridge opens")]
    assert [row(released[0], each).exclusion for each in (cleo, dana)] == [Exclusion.DIGEST, None]
    press.morning()
    press.make()
    press.plan()
    press.work()
    mails = [email.message_from_bytes(sent.message, policy=email.policy.default) for sent in press.relay.sent]
    [digest] = [mail for mail in mails if mail["To"] == "Cleo Reader <cleo@daily.example>"]
    assert len(mails) == 3
    assert digest["Subject"].startswith("Digest, ")
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert digest["List-Id"]
    assert digest["Feedback-ID"].split(":")[2] == "digest"
    text = digest.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    for words in ("River levels fall", "A bridge opens", "Levels fell."):
        assert words in text
    assert "{{" not in text


def test_the_books_of_release_and_digest_balance(press: Press) -> None:
    press.reader("Cleo")
    press.reader("Dana", Frequency.WEEKLY)
    release = press.release("River levels fall")
    press.morning()
    press.make()
    press.plan()
    press.work()
    [digest] = press.digests()
    with db.transaction() as session:
        for id_, state in ((release, "excluded"), (digest.id, "accepted")):
            made = reports.delivery(session, id_)
            assert made.balanced, made.imbalance
            assert {count.state: count.number for count in made.totals if count.number} == {state: 2}


def test_nobody_is_given_a_release_twice_however_often_it_is_morning(press: Press) -> None:
    press.reader("Cleo")
    press.release("River levels fall")
    for _ in range(3):
        press.morning()
        press.make()
    press.release("A bridge opens")
    press.morning()
    press.make()
    assert press.entries() == {("Cleo", "River levels fall"): 1, ("Cleo", "A bridge opens"): 1}
    assert len(press.digests()) == 2


def test_without_news_there_is_no_digest_and_the_next_morning_is_set(press: Press) -> None:
    cleo = press.reader("Cleo")
    press.morning()
    assert press.make() == 1
    assert press.digests() == []
    due = press.due_at(cleo)
    assert due is not None
    assert now() < due <= now() + timedelta(days=1)
    assert press.make() == 0


@pytest.mark.parametrize(
    "secret",
    [
        "embargo = now() + interval '1 hour', send_at = now() + interval '1 hour'",
        "state = 'paused'",
        "state = 'cancelled'",
    ],
)
def test_what_is_not_public_stands_in_no_digest(press: Press, secret: str) -> None:
    press.reader("Cleo")
    release = press.release("River levels fall")
    execute(f"UPDATE release SET {secret} WHERE id = :id", id=release)
    press.morning()
    press.make()
    assert press.entries() == {}


def test_a_notice_comes_at_once_also_to_who_pauses(press: Press) -> None:
    cleo, dana = press.reader("Cleo"), press.reader("Dana")
    execute("UPDATE journalist SET paused_until = now() + interval '1 day' WHERE id = :id", id=dana)
    release = press.release("Correction: river levels rise", lane=Lane.NOTICE)
    assert {row(release, each).state for each in (cleo, dana)} == {S.QUEUED}


def test_a_pause_leaves_out_what_comes_and_keeps_what_is_owed(press: Press) -> None:
    cleo = press.reader("Cleo")
    press.release("River levels fall")
    execute("UPDATE journalist SET paused_until = now() + interval '1 day' WHERE id = :id", id=cleo)
    during = press.release("A bridge opens")
    assert row(during, cleo).exclusion is Exclusion.PAUSED
    press.morning()
    press.make()
    assert press.entries() == {}
    execute("UPDATE journalist SET paused_until = NULL")
    press.morning()
    press.make()
    assert press.entries() == {("Cleo", "River levels fall"): 1}


def test_who_now_wants_all_at_once_gets_what_is_owed_and_no_digest_after(press: Press) -> None:
    cleo = press.reader("Cleo", Frequency.WEEKLY)
    press.release("River levels fall")
    with db.transaction() as session:
        choice = Choice("en", (), Frequency.AT_ONCE, "UTC")
        journalists.choose(session, session.get_one(Journalist, cleo), choice)
    release = press.release("A bridge opens")
    assert row(release, cleo).state is S.QUEUED
    press.morning()
    press.make()
    assert press.entries() == {("Cleo", "River levels fall"): 1}
    assert press.due_at(cleo) is None


def test_who_left_between_making_and_planning_is_left_out_and_says_so(press: Press) -> None:
    cleo = press.reader("Cleo")
    dana = press.reader("Dana")
    press.release("River levels fall")
    press.morning()
    press.make()
    with db.transaction() as session:
        subscriptions.end(session, session.get_one(Journalist, cleo), session.get_one(Topic, press.room.topic.id))
    press.plan()
    [digest] = press.digests()
    assert (row(digest.id, cleo).exclusion, row(digest.id, dana).state) == (Exclusion.UNSUBSCRIBED, S.QUEUED)


def test_an_address_at_rest_is_left_out_of_the_digest_by_the_same_ledger(press: Press) -> None:
    cleo = press.reader("Cleo")
    press.release("River levels fall")
    press.morning()
    press.make()
    with db.transaction() as session:
        found = session.get_one(Journalist, cleo)
        suppressions.rest(session, [suppressions.Rest(found.fingerprint, found.sender_id, None, "it bounced")])
    press.plan()
    press.work()
    [digest] = press.digests()
    assert row(digest.id, cleo).exclusion is Exclusion.RESTING
    assert press.relay.sent == []


def test_each_release_in_a_digest_leads_to_its_page_and_names_its_topic(press: Press) -> None:
    press.reader("Cleo")
    release = press.release("River levels fall")
    press.morning()
    press.make()
    press.plan()
    press.work()
    mail = email.message_from_bytes(press.relay.sent[0].message, policy=email.policy.default)
    with db.transaction() as session:
        slug = session.get_one(Publication, release).slug
    for kind in ("plain", "html"):
        text = mail.get_body((kind,)).get_content()  # type: ignore[union-attr]
        assert f"/newsroom/{press.room.sender.slug}/releases/{slug}/en" in text
        assert "Topic: Water" in text


def test_one_click_in_a_digest_ends_all_that_it_comes_by_and_can_be_undone(press: Press) -> None:
    cleo = press.reader("Cleo")
    with db.transaction() as session:
        more = Topic(sender_id=press.room.sender.id, slug="energy", name="Energy")
        session.add(more)
        session.flush()
        subscriptions.confirm(session, session.get_one(Journalist, cleo), more, {})
    press.release("River levels fall")
    press.morning()
    press.make()
    press.plan()
    [digest] = press.digests()
    delivery = row(digest.id, cleo).id
    assert sign(Purpose.LEAVE, delivery)
    for _ in range(2):
        with db.transaction() as session:
            assert [topic.slug for topic in subscriptions.leave(session, delivery)] == ["energy", "water"]
    press.work()
    assert press.relay.sent == []
    with db.transaction() as session:
        subscriptions.rejoin(session, delivery)
        states = {each.state.value for each in subscriptions.of(session, session.get_one(Journalist, cleo))}
    assert states == {"confirmed"}


def test_readers_of_one_language_share_a_digest_and_others_have_their_own(press: Press) -> None:
    for name, language in (("Cleo", "en"), ("Dana", "en"), ("Aigul", "kk"), ("Eli", "ru")):
        press.reader(name, lang=language)
    press.release("River levels fall")
    press.morning()
    press.make()
    with db.transaction() as session:
        headlines = sorted(session.merge(each).editions[0].headline for each in press.digests())
    assert len(headlines) == 3
    assert headlines[0].startswith("Digest, ")
    assert all(each.startswith("Дайджест, ") for each in headlines[1:])
