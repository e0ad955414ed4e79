"""What answers say about us: a provider is slowed or held, a domain stands still, a release is paused by itself."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from service import db, holds
from service.models import DeliveryState, Hold, HoldScope, Release, ReleaseState
from tests.workers.sending.desk import Desk, address, opened
from workers.relays.relay import Answer, Outcome, Stage
from workers.sending.throttle import Kind

S = DeliveryState
CROWD = tuple(f"Reader{number:03}" for number in range(60))
UNAUTHENTICATED = Answer(
    Outcome.REJECTED, Stage.DOT, 550, "5.7.26", "5.7.26 Your email has been blocked: DKIM did not pass"
)
BLOCKED = Answer(Outcome.REJECTED, Stage.DOT, 550, "5.7.1", "5.7.1 Message blocked by policy")
UNKNOWN = Answer(Outcome.REJECTED, Stage.RCPT, 550, "5.1.1", "5.1.1 No such user")
NOT_SO_FAST = Answer(Outcome.DEFERRED, Stage.DOT, 450, "4.3.2", "4.3.2 Too busy")
LIMITED = Answer(Outcome.DEFERRED, Stage.DOT, 451, "4.7.500", "4.7.500 Server busy: policy limits reached")
GREYLISTED = Answer(Outcome.DEFERRED, Stage.RCPT, 450, "4.7.1", "4.7.1 Greylisted, try again in 60 seconds", 60)
CLOSING = Answer(Outcome.DEFERRED, Stage.RCPT, 421, "4.3.2", "4.3.2 Closing")
SENDER_REFUSED = Answer(Outcome.REJECTED, Stage.MAIL, 550, "5.1.8", "5.1.8 Sender address rejected")


@pytest.fixture
def crowd(worker_id: str) -> Iterator[Desk]:
    with opened(f"crowd_{worker_id}", CROWD) as desk:
        yield desk


def in_force() -> list[Hold]:
    with db.transaction() as session:
        return list(holds.in_force(session))


def release() -> Release:
    with db.transaction() as session:
        return session.scalars(select(Release)).one()


@pytest.mark.parametrize(
    ("answer", "kind", "pause"),
    [
        (NOT_SO_FAST, Kind.PROVIDER, 0),
        (LIMITED, Kind.PROVIDER, 600),
        (CLOSING, Kind.RELAY, 0),
        (Answer(Outcome.DEFERRED, Stage.MAIL, 451, "4.3.0", "4.3.0 Busy"), Kind.RELAY, 0),
        (Answer(Outcome.DEFERRED, Stage.MAIL, 451, "4.3.0", "4.3.0 in 90 seconds", 90), Kind.RELAY, 90),
        (Answer(Outcome.DEFERRED, Stage.MAIL, 454, "4.7.0", "4.7.0 Daily sending quota exceeded"), Kind.RELAY, 60),
    ],
)
def test_who_asks_us_to_slow_down_is_heard(desk: Desk, answer: Answer, kind: Kind, pause: float) -> None:
    desk.relay.tell(answer, to=address("Dana"))
    desk.work()

    [(bucket, seconds)] = desk.throttle.slowed
    assert (bucket.kind, seconds) == (kind, pause)
    assert bucket.name == ("memory" if kind is Kind.RELAY else "daily.example")
    assert desk.of("Dana").state is S.DEFERRED


@pytest.mark.parametrize(
    "answer", [GREYLISTED, UNKNOWN, Answer(Outcome.DEFERRED, Stage.RCPT, 452, "4.2.2", "4.2.2 Mailbox full")]
)
def test_what_is_about_one_person_slows_nobody_down(desk: Desk, answer: Answer) -> None:
    desk.relay.tell(answer, to=address("Dana"))
    desk.work()

    assert desk.throttle.slowed == []


def test_a_domain_that_fails_authentication_stands_still_and_nobodys_mail_is_burnt(crowd: Desk) -> None:
    crowd.relay.tell(*[UNAUTHENTICATED] * 60)
    crowd.work()

    states = crowd.states()
    assert states[S.FAILED] == 0
    assert 3 <= states[S.DEFERRED] <= 3 + 32, "what was in flight on the connections, and no more"
    [hold] = in_force()
    assert (hold.scope, hold.key, hold.until) == (HoldScope.SENDER, "rivers.example", None)
    assert "DKIM did not pass" in hold.evidence
    before = len(crowd.relay.tried)
    crowd.execute("UPDATE chunk SET due_at = now()")
    crowd.work()
    assert len(crowd.relay.tried) == before, "nothing leaves while it is held"


def test_a_lifted_hold_lets_everybody_have_their_mail(crowd: Desk) -> None:
    crowd.relay.tell(*[SENDER_REFUSED] * 3)
    crowd.work()
    assert [hold.scope for hold in in_force()] == [HoldScope.SENDER]

    crowd.execute("UPDATE hold SET lifted_at = now()")
    crowd.execute("UPDATE delivery SET due_at = NULL, state = 'queued' WHERE state = 'deferred'")
    crowd.execute("UPDATE chunk SET due_at = now()")
    crowd.work()
    assert crowd.states() == {S.ACCEPTED: 60}


def test_one_server_that_misreads_our_signature_holds_nothing(desk: Desk) -> None:
    desk.relay.tell(UNAUTHENTICATED, to=address("Dana"))
    desk.work()

    assert in_force() == []
    assert desk.states() == {S.ACCEPTED: 2, S.DEFERRED: 1}


def test_a_provider_that_refuses_a_twentieth_by_policy_is_held_for_an_hour(crowd: Desk) -> None:
    crowd.relay.tell(*[BLOCKED] * 60)
    crowd.work()

    [hold] = in_force()
    assert (hold.scope, hold.key) == (HoldScope.PROVIDER, "daily.example")
    assert hold.until is not None
    assert "by its policy" in hold.reason
    assert crowd.states()[S.QUEUED] > 0, "the others wait and are not burnt"


def test_what_was_refused_before_a_hold_was_lifted_is_not_held_against_a_provider_again(crowd: Desk) -> None:
    crowd.relay.tell(*[BLOCKED] * 16)
    crowd.work()
    assert len(in_force()) == 1

    crowd.execute("UPDATE hold SET lifted_at = clock_timestamp()")
    crowd.execute("UPDATE chunk SET due_at = now()")
    crowd.relay.tell(*[BLOCKED] * 4)
    crowd.work(times=2)
    assert in_force() == []
    assert crowd.states()[S.QUEUED] == 0


def test_a_held_provider_keeps_no_other_waiting(crowd: Desk) -> None:
    crowd.execute("UPDATE journalist SET address_canonical = 'cleo@gmail.kz' WHERE name = 'Reader001 Reader'")
    crowd.execute("INSERT INTO mail_domain VALUES ('daily.example', 'google', now())")
    with db.transaction() as session:
        holds.put(session, HoldScope.PROVIDER, "google", "refused")
    crowd.work(times=2)

    assert crowd.states() == {S.ACCEPTED: 1, S.QUEUED: 59}
    assert crowd.of("Reader001").state is S.ACCEPTED


def test_a_release_of_which_a_tenth_fails_pauses_itself_and_says_why(crowd: Desk) -> None:
    crowd.relay.tell(*[UNKNOWN] * 30)
    crowd.work()

    found = release()
    assert found.state is ReleaseState.PAUSED
    assert "The address does not exist" in found.reason
    failed = crowd.states()[S.FAILED]
    crowd.execute("UPDATE release SET state = 'sending'")
    crowd.execute("UPDATE chunk SET due_at = now()")
    crowd.work()
    assert release().state is ReleaseState.SENDING, "who resumed it has decided"
    assert crowd.states()[S.ACCEPTED] == 60 - 30
    assert 20 <= failed <= 30


def test_a_few_failures_at_the_beginning_are_not_a_tenth_of_the_release(crowd: Desk) -> None:
    crowd.execute("UPDATE wave SET candidates = 300")
    crowd.relay.tell(*[UNKNOWN] * 24)
    crowd.work(times=3)

    assert release().state is ReleaseState.SENDING
    assert crowd.states() == {S.ACCEPTED: 36, S.FAILED: 24}
