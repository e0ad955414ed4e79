"""A notice goes to exactly those who hold what was wrong."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from service import approvals, notices, releases, suppressions
from service.models import DeliveryState, Exclusion, NoticeKind, Publication, ReleaseState, SuppressionReason
from service.models import SubscriptionState as Subscribed
from service.newsroom import reading
from service.notices import Words
from tests.factories import Newsroom, make_journalist, make_newsroom, make_release
from tests.ledgers import Ledger, make_ledger

S, K = DeliveryState, NoticeKind
HOLD_IT = {S.ATTEMPTING, S.ACCEPTED, S.UNCERTAIN, S.COMPLAINED}
SAID = [Words("en", "CORRECTION: River levels rise", "Levels rose.", "")]


@pytest.fixture
def room(session: Session) -> Newsroom:
    return make_newsroom(session)


def one_in_each_state(session: Session, room: Newsroom) -> Ledger:
    return make_ledger(session, room, [(make_journalist(session, room), state) for state in DeliveryState])


def test_whoever_got_it_or_may_have_got_it_holds_it_and_nobody_else(session: Session, room: Newsroom) -> None:
    made = one_in_each_state(session, room)
    assert notices.held_by(session, made.release) == len(HOLD_IT)

    notice = notices.begin(session, made.release, K.CORRECTION, SAID, by=room.ada)
    audience = notices.audience_of(session, notice)
    assert audience.people + sum(audience.left_out.values()) == len(HOLD_IT)


def test_a_try_that_nobody_knows_the_end_of_counts_also_when_the_row_has_failed_since(
    session: Session, room: Newsroom
) -> None:
    made = make_ledger(session, room, [(make_journalist(session, room), S.UNCERTAIN)])
    session.execute(text("UPDATE delivery SET state = 'failed' WHERE id = :id"), {"id": made.deliveries[0].id})
    assert notices.held_by(session, made.release) == 1


def test_who_left_the_topic_since_is_owed_a_correction_and_not_an_update(session: Session, room: Newsroom) -> None:
    gone = make_journalist(session, room, subscribed=Subscribed.ENDED)
    made = make_ledger(session, room, [(gone, S.ACCEPTED), (make_journalist(session, room), S.ACCEPTED)])

    correction = notices.begin(session, made.release, K.CORRECTION, SAID, by=room.ada)
    update = notices.begin(session, made.release, K.UPDATE, SAID, by=room.ada)

    assert notices.audience_of(session, correction).people == 2
    assert notices.audience_of(session, update).people == 1
    assert notices.audience_of(session, update).left_out == {Exclusion.UNSUBSCRIBED: 1}


def test_who_must_not_be_mailed_at_all_is_left_out_with_the_reason(session: Session, room: Newsroom) -> None:
    no, barred = make_journalist(session, room), make_journalist(session, room)
    made = make_ledger(session, room, [(no, S.ACCEPTED), (barred, S.ACCEPTED)])
    no.do_not_contact = True
    suppressions.add(session, barred.address, SuppressionReason.BY_HAND, sender=room.sender)

    notice = notices.begin(session, made.release, K.KILL, SAID, by=room.ada)
    audience = notices.audience_of(session, notice)

    assert audience.people == 0
    assert audience.left_out == {Exclusion.DO_NOT_CONTACT: 1, Exclusion.SUPPRESSED: 1}


def test_who_subscribed_since_is_told_nothing(session: Session, room: Newsroom) -> None:
    made = make_ledger(session, room, [(make_journalist(session, room), S.ACCEPTED)])
    make_journalist(session, room)

    notice = notices.begin(session, made.release, K.CORRECTION, SAID, by=room.ada)

    assert notices.audience_of(session, notice).people == 1


@pytest.mark.parametrize(
    ("kind", "becomes"),
    [
        (K.KILL, ReleaseState.CANCELLED),
        (K.HOLD, ReleaseState.PAUSED),
        (K.CORRECTION, ReleaseState.PAUSED),
        (K.UPDATE, ReleaseState.SENDING),
    ],
)
def test_what_has_not_left_stands_still_before_a_word_is_written(
    session: Session, room: Newsroom, kind: NoticeKind, becomes: ReleaseState
) -> None:
    made = one_in_each_state(session, room)
    notices.begin(session, made.release, kind, SAID, by=room.ada)
    assert made.release.state is becomes


def test_nobody_is_told_of_what_nobody_has(session: Session, room: Newsroom) -> None:
    draft = make_release(session, room)
    with pytest.raises(notices.NotApproved):
        notices.begin(session, draft, K.KILL, SAID, by=room.ada)

    made = make_ledger(session, room, [(make_journalist(session, room), S.QUEUED)])
    made.release.state = ReleaseState.SENT
    session.flush()
    with pytest.raises(notices.Nobody):
        notices.begin(session, made.release, K.KILL, SAID, by=room.ada)


def test_the_text_to_correct_is_that_which_left_and_a_hold_says_what_it_asks_for(
    session: Session, room: Newsroom
) -> None:
    made = make_ledger(session, room, [(make_journalist(session, room), S.ACCEPTED)])
    [correction] = notices.propose(session, made.release, K.CORRECTION)
    [hold] = notices.propose(session, made.release, K.HOLD)

    assert correction.headline == "CORRECTION: River levels fall"
    assert correction.lead == "Levels fell."
    assert "do not use" in hold.lead


def test_an_emergency_needs_a_reason_and_a_second_name(session: Session, room: Newsroom) -> None:
    made = make_ledger(session, room, [(make_journalist(session, room), S.ACCEPTED)])
    notice = notices.begin(session, made.release, K.KILL, SAID, by=room.ada)
    for agreed, reason in ((None, "Wrong"), (room.ada, "Wrong"), (room.ben, " ")):
        with pytest.raises(notices.NotInAgreement):
            notices.in_emergency(session, notice, by=room.ada, agreed=agreed, reason=reason)

    notices.in_emergency(session, notice, by=room.ada, agreed=room.ben, reason="A wrong figure")

    assert notice.state is ReleaseState.SCHEDULED
    told = session.execute(
        text("SELECT address, values->>'reason' FROM account_mail WHERE kind = 'emergency-notice'")
    ).one()
    assert tuple(told) == (room.ben.email, "A wrong figure")


def test_no_ordinary_release_goes_by_the_emergency_door(session: Session, room: Newsroom) -> None:
    draft = make_release(session, room)
    with pytest.raises(notices.NotANotice):
        notices.in_emergency(session, draft, by=room.ada, agreed=room.ben, reason="Hurry")
    with pytest.raises(notices.NotANotice):
        notices.send(session, draft, by=room.ada)
    assert releases.get(session, draft.id).state is ReleaseState.DRAFT


def test_the_newsroom_page_says_that_it_is_withdrawn_once_the_notice_leaves(session: Session, room: Newsroom) -> None:
    made = make_ledger(session, room, [(make_journalist(session, room), S.ACCEPTED)])
    publication = session.get_one(Publication, made.release.id)
    session.refresh(publication)
    notice = notices.begin(session, made.release, K.KILL, SAID, by=room.ada)
    approvals.approve(session, notice, by=room.ben)
    assert reading.story(session, room.sender.slug, publication.slug).withdrawn is None

    notices.send(session, notice, by=room.ada)

    assert reading.story(session, room.sender.slug, publication.slug).withdrawn is not None
    assert [kind for kind, _ in notices.about(session, made.release)] == [K.KILL]


def test_of_what_went_by_mail_only_the_newsroom_shows_no_notice_either(session: Session, room: Newsroom) -> None:
    made = make_ledger(session, room, [(make_journalist(session, room), S.ACCEPTED)])
    session.get_one(Publication, made.release.id).shown = False
    notice = notices.begin(session, made.release, K.CORRECTION, SAID, by=room.ada)
    approvals.approve(session, notice, by=room.ben)
    assert not session.get_one(Publication, notice.id).shown
