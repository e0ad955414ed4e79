"""What comes back about mails, and where their people stand afterwards."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service import addresses, bounces, journalists, standings, subscriptions, suppressions
from service.bounces import Effect
from service.feedback import Event, Kind, Verdict
from service.models import DeliveryState, Evidence, StandingChange, Suppression, SuppressionReason
from service.settings import adopt
from tests.factories import make_newsroom, now
from tests.service.standings.town import Person, ago

V, R = Verdict, SuppressionReason
SPAM = Event(Kind.COMPLAINT, reason="Called it spam")
UNTAGGED = "cleo-untagged@daily.example"


@pytest.fixture
def cleo(session: Session) -> Person:
    return Person(session)


def marks(session: Session, person: Person) -> list[str]:
    query = select(Evidence.verdict).where(Evidence.fingerprint == person.journalist.fingerprint)
    return list(session.scalars(query.order_by(Evidence.day)))


def test_a_dead_address_rests_at_once_and_says_since_when(cleo: Person) -> None:
    assert cleo.bounced(1) is Effect.BOUNCED
    row = cleo.row
    assert row is not None
    assert (row.reason, row.account_id) == (R.RESTING, None)
    assert row.evidence == f"the address was refused on {ago(1).day} {ago(1):%B %Y}"
    assert row.until is not None
    assert 5.9 < (row.until - now()).total_seconds() / 86_400 < 6.1
    assert suppressions.holds(cleo.session, cleo.journalist.fingerprint, cleo.room.sender)


def test_after_seven_days_it_is_mailed_again_by_itself(cleo: Person) -> None:
    cleo.bounced(8)
    assert not suppressions.holds(cleo.session, cleo.journalist.fingerprint, cleo.room.sender)


def test_the_new_try_that_is_refused_too_suppresses(cleo: Person) -> None:
    cleo.bounced(9)
    cleo.bounced(1)
    assert cleo.reason is R.BOUNCE
    row = cleo.row
    assert row is not None
    assert row.until is None
    assert row.evidence.startswith("the address was refused as dead on ")
    assert "@" not in row.evidence


def test_the_bounces_of_a_morning_are_one_verdict(cleo: Person) -> None:
    for hour in (0.3, 0.2, 0.1):
        cleo.bounced(20 + hour, after=0.05)
    assert marks(cleo.session, cleo) == ["hard"]
    assert cleo.reason is None or cleo.changes == []


def test_a_bounce_that_comes_days_late_is_of_the_day_its_mail_left(cleo: Person) -> None:
    cleo.bounced(10)
    cleo.bounced(9.5, after=9)
    assert cleo.reason is R.RESTING


def test_a_mail_that_arrived_between_makes_the_next_refusal_the_first(cleo: Person) -> None:
    cleo.bounced(30)
    cleo.mailed(20)
    cleo.bounced(1)
    assert cleo.reason is R.RESTING


def test_a_mail_that_is_only_just_accepted_proves_nothing_yet(cleo: Person) -> None:
    cleo.bounced(12)
    cleo.mailed(4)
    cleo.bounced(1)
    assert cleo.reason is R.BOUNCE


def test_an_answer_ends_a_rest_and_forgets_what_was_before(cleo: Person) -> None:
    cleo.bounced(3)
    cleo.heard(cleo.mailed(10), Event(Kind.REPLY), 2)
    assert cleo.reason is None
    assert cleo.changes == ["resting", "open"]
    cleo.bounced(-0.01, after=0)
    assert cleo.reason is R.RESTING


def test_an_automatic_answer_is_no_sign_of_life(cleo: Person) -> None:
    cleo.bounced(9)
    cleo.heard(cleo.mailed(5), Event(Kind.AUTO_REPLY), 5)
    cleo.bounced(1)
    assert cleo.reason is R.BOUNCE


def test_a_report_of_delivery_is_a_sign_of_life(cleo: Person) -> None:
    cleo.bounced(9)
    cleo.heard(cleo.mailed(5), Event(Kind.DELIVERED), 5)
    cleo.bounced(1)
    assert cleo.reason is R.RESTING


def test_a_delay_counts_nothing(cleo: Person) -> None:
    cleo.heard(cleo.mailed(1), Event(Kind.DELAY, V.FULL), 1)
    assert marks(cleo.session, cleo) == []


def test_the_same_report_twice_counts_once(cleo: Person) -> None:
    delivery = cleo.mailed(1)
    event = Event(Kind.BOUNCE, V.FULL)
    effects = [bounces.apply(cleo.session, delivery.id, event, "x", "same", at=ago(1)).effect for _ in range(2)]
    assert effects == [Effect.BOUNCED, Effect.AGAIN]
    assert marks(cleo.session, cleo) == ["full"]


def test_the_heaviest_verdict_of_a_day_is_the_one_that_counts(cleo: Person) -> None:
    for verdict in (V.FULL, V.HARD, V.SOFT):
        cleo.bounced(1 + 0.0001 * (verdict is V.HARD), verdict)
    assert marks(cleo.session, cleo) == ["hard"]


@pytest.mark.parametrize(
    ("verdict", "days", "reason"),
    [
        (V.DISABLED, (5, 4), None),
        (V.DISABLED, (5, 2), R.BOUNCE),
        (V.FULL, (9, 7, 5, 3), None),
        (V.FULL, (9, 7, 5, 3, 1), R.BOUNCE),
        (V.SOFT, (30, 25, 20, 15, 10, 6, 1), R.RESTING),
        *((verdict, tuple(range(40, 0, -2)), None) for verdict in (V.POLICY, V.CONTENT, V.SIZE, V.OURS)),
    ],
)
def test_each_kind_of_refusal_has_its_own_patience(
    cleo: Person, verdict: Verdict, days: tuple[int, ...], reason: SuppressionReason | None
) -> None:
    for day in days:
        cleo.bounced(day, verdict)
    assert cleo.reason is reason


def test_soft_failures_rest_until_a_person_decides(cleo: Person) -> None:
    for day in (30, 25, 20, 15, 10, 6, 1):
        cleo.bounced(day, V.SOFT)
    row = cleo.row
    assert row is not None
    assert row.until is None
    assert row.evidence.startswith("it took no mail on ")


def untagged(session: Session, days_ago: float) -> None:
    event = Event(Kind.BOUNCE, V.HARD, recipient=UNTAGGED.upper(), reason="There is no such mailbox")
    bounces.note_untagged(session, event, ago(days_ago))


def test_bounces_without_a_tag_are_written_down_and_decide_nothing(session: Session) -> None:
    dana = Person(session, address=UNTAGGED)
    for day in (30, 20, 10):
        untagged(session, day)
    assert (marks(session, dana), dana.reason) == (["hard"] * 3, None)


def test_a_bounce_without_a_tag_counts_with_a_tagged_second(session: Session) -> None:
    dana = Person(session, address=UNTAGGED)
    untagged(session, 9)
    dana.bounced(1)
    assert dana.reason is R.BOUNCE


def test_a_bounce_without_a_tag_of_nobody_we_know_is_passed_over(session: Session) -> None:
    before = len(session.scalars(select(Evidence.id)).all())
    for recipient in ("", "nobody", "stranger@elsewhere.example"):
        bounces.note_untagged(session, Event(Kind.BOUNCE, V.HARD, recipient=recipient), now())
    assert len(session.scalars(select(Evidence.id)).all()) == before


@pytest.mark.parametrize("reason", sorted(suppressions.THEIR_WORD))
def test_no_bounce_lifts_what_the_person_said(cleo: Person, reason: SuppressionReason) -> None:
    suppressions.add(cleo.session, cleo.journalist.fingerprint, reason, sender=cleo.room.sender)
    for day in (1, 20, 10):
        cleo.bounced(day)
    cleo.heard(cleo.mailed(1), Event(Kind.REPLY), 0.5)
    row = cleo.row
    assert row is not None
    assert (row.reason, row.until, row.evidence) == (reason, None, "")


def test_a_complaint_wins_over_a_rest(cleo: Person) -> None:
    cleo.bounced(2)
    cleo.heard(cleo.mailed(1), SPAM, 0.5)
    row = cleo.row
    assert row is not None
    assert (row.reason, row.until) == (R.COMPLAINT, None)


def test_a_complaint_is_for_its_newsroom_alone_or_by_the_setting_for_all(session: Session) -> None:
    cleo, other = Person(session), make_newsroom(session).sender
    cleo.heard(cleo.mailed(1), SPAM, 0.5)
    assert not suppressions.holds(session, cleo.journalist.fingerprint, other)
    adopt(complaint_for_all_senders=True)
    try:
        dana = Person(session)
        dana.heard(dana.mailed(1), SPAM, 0.5)
    finally:
        adopt(complaint_for_all_senders=False)
    assert suppressions.holds(session, dana.journalist.fingerprint, other)


def test_a_late_bounce_corrects_the_books_once(cleo: Person) -> None:
    delivery = cleo.mailed(3)
    event = Event(Kind.BOUNCE, V.HARD, reason="There is no such mailbox")
    assert cleo.heard(delivery, event, 1) is Effect.BOUNCED
    assert cleo.heard(delivery, event, 0.5) is Effect.NOTED
    assert delivery.state is DeliveryState.BOUNCED
    assert marks(cleo.session, cleo) == ["hard"]


def test_who_is_lifted_by_a_person_begins_anew(cleo: Person) -> None:
    cleo.bounced(9)
    cleo.bounced(1)
    assert suppressions.lift(cleo.session, cleo.journalist.fingerprint, sender=cleo.room.sender, by=cleo.room.ada)
    assert cleo.reason is None
    cleo.bounced(-0.01, after=0)
    assert cleo.reason is R.RESTING


def test_each_change_says_why_on_which_evidence_and_by_whom(cleo: Person) -> None:
    cleo.bounced(9)
    cleo.bounced(1)
    suppressions.lift(
        cleo.session, cleo.journalist.fingerprint, sender=cleo.room.sender, why="she called", by=cleo.room.ada
    )
    found = standings.history(cleo.session, cleo.journalist.fingerprint, cleo.room.sender.id)
    told = [(each.change.became.value, each.change.reason, each.who) for each in found.changes]
    assert told[:2] == [("open", "bounce", "Ada Officer"), ("suppressed", "bounce", "")]
    assert found.changes[0].change.evidence == "she called"
    assert [each.evidence.verdict for each in found.evidence] == ["hard", "hard"]


def test_the_same_evidence_judged_again_changes_nothing(cleo: Person) -> None:
    cleo.bounced(9)
    cleo.bounced(1)
    before = cleo.changes
    named = standings.evidence.Named(cleo.journalist.fingerprint, cleo.room.sender.id)
    for _ in range(3):
        standings.judge(cleo.session, [named])
    assert cleo.changes == before


def test_an_erased_person_leaves_no_evidence(cleo: Person) -> None:
    cleo.bounced(1)
    print_ = cleo.journalist.fingerprint
    journalists.erase(cleo.session, cleo.journalist)
    assert not cleo.session.scalars(select(Evidence).where(Evidence.fingerprint == print_)).all()
    left = cleo.session.scalars(select(StandingChange).where(StandingChange.fingerprint == print_)).all()
    assert [change.reason for change in left] == ["erased"]


def test_a_rest_keeps_no_file_from_naming_the_person_again(session: Session) -> None:
    """Who rests is asked again some day: then she has to be there."""
    from service import imports

    room = make_newsroom(session)
    suppressions.rest(
        session, [suppressions.Rest(addresses.fingerprint("new@daily.example"), room.sender.id, None, "it took none")]
    )
    table = imports.read(b"email,topics\nnew@daily.example,water\n")
    assert imports.apply(session, room.sender, table, legal_basis="asked").suppressed == 0


def test_whoever_subscribes_again_by_their_own_word_has_nothing_of_theirs_against_them(cleo: Person) -> None:
    subscriptions.end_all(cleo.session, cleo.journalist)
    subscriptions.confirm(cleo.session, cleo.journalist, cleo.room.topic, {}, on_their_word=True)
    assert cleo.reason is None
    assert cleo.changes == ["suppressed", "open"]


def test_a_dead_domain_counts_after_a_second_look_an_hour_later(session: Session) -> None:
    cleo = Person(session, address="cleo@gone.kz")
    cleo.bounced(0.02, V.DEAD_DOMAIN, after=0)
    assert "gone.kz" not in standings.second_looks(session, 10)
    session.execute(text("UPDATE evidence SET came_at = now() - interval '61 minutes' WHERE domain = 'gone.kz'"))
    assert "gone.kz" in standings.second_looks(session, 10)
    assert cleo.reason is None
    standings.looked(session, "gone.kz", dead=None)
    assert (cleo.reason, "gone.kz" in standings.second_looks(session, 10)) == (None, False)
    session.execute(text("UPDATE evidence SET came_at = now() - interval '61 minutes' WHERE domain = 'gone.kz'"))
    standings.looked(session, "gone.kz", dead=True)
    assert cleo.reason is R.RESTING


def test_a_domain_that_is_there_again_was_one_soft_failure(session: Session) -> None:
    cleo = Person(session, address="cleo@back.kz")
    cleo.bounced(1, V.DEAD_DOMAIN)
    standings.looked(session, "back.kz", dead=False)
    assert (cleo.reason, marks(session, cleo)) == (None, ["soft"])


def test_nobody_is_suppressed_twice(cleo: Person) -> None:
    for day in (30, 20, 10, 1):
        cleo.bounced(day)
    query = select(Suppression.id).where(Suppression.fingerprint == cleo.journalist.fingerprint)
    assert len(cleo.session.scalars(query).all()) == 1
