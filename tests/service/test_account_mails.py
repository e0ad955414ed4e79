"""Account mail in its table: written once, counted by address, never readable, and forgotten in time."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service import account_mails, accounts, approvals, journalists, releases
from service.addresses import BadAddress, masked
from service.installation import keeping
from service.models import AccountMail, AccountMailKind, AccountMailState, ReleaseState, Right, Role
from tests.factories import make_journalist, make_newsroom, make_release, now

SIGN_IN = AccountMailKind.SIGN_IN
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
S = AccountMailState


def written(session: Session, to: str = "ada@rivers.example") -> AccountMail:
    return account_mails.write(session, SIGN_IN, to)


def begun(session: Session) -> AccountMail:
    mail = written(session)
    account_mails.begin(session, mail)
    return mail


def states(session: Session) -> list[AccountMailState]:
    return list(session.scalars(select(AccountMail.state).order_by(AccountMail.id)))


def set_back(session: Session, column: str, by: timedelta) -> None:
    session.execute(text(f"UPDATE account_mail SET {column} = {column} - :by"), {"by": by})
    session.expire_all()


def test_what_is_no_address_is_refused_at_the_door(session: Session) -> None:
    with pytest.raises(BadAddress):
        written(session, "ada")


def test_the_database_refuses_values_that_are_no_plain_words(session: Session) -> None:
    with pytest.raises(IntegrityError, match="plain_values"):
        account_mails.write(session, SIGN_IN, "ada@rivers.example", values={"deep": {"a": "b"}})  # type: ignore[dict-item]


def test_one_that_was_written_is_due_and_taken_in_its_turn(session: Session) -> None:
    assert not account_mails.due(session)
    first, _ = written(session), written(session, "ben@rivers.example")
    assert account_mails.due(session)
    assert account_mails.take(session) is first


def test_one_past_its_deadline_is_not_taken_but_given_up(session: Session) -> None:
    written(session)
    set_back(session, "deadline", 2 * HOUR)
    assert account_mails.take(session) is None
    account_mails.tidy(session)
    assert states(session) == [S.FAILED]


def test_requests_are_counted_however_the_address_is_spelt(session: Session) -> None:
    for spelling in ("ada@rivers.example", "Ada@Rivers.Example"):
        written(session, spelling)
    written(session, "ben@rivers.example")
    assert account_mails.lately(session, SIGN_IN, to="ADA@rivers.example", within=HOUR) == 2
    set_back(session, "created_at", 2 * HOUR)
    assert account_mails.lately(session, SIGN_IN, to="ada@rivers.example", within=HOUR) == 0


def test_one_whose_sender_died_is_uncertain_and_never_due_again(session: Session) -> None:
    begun(session)
    account_mails.tidy(session)
    assert states(session) == [S.ATTEMPTING]
    set_back(session, "attempted_at", account_mails.LOST_AFTER + MINUTE)
    account_mails.tidy(session)
    assert states(session) == [S.UNCERTAIN]
    assert not account_mails.due(session)


def test_an_answer_that_comes_late_still_settles_it(session: Session) -> None:
    mail = begun(session)
    set_back(session, "attempted_at", account_mails.LOST_AFTER + MINUTE)
    account_mails.tidy(session)
    assert account_mails.settle(session, mail.id, 1, S.ACCEPTED, code=250)
    assert states(session) == [S.ACCEPTED]


def test_an_answer_to_another_attempt_settles_nothing(session: Session) -> None:
    mail = begun(session)
    assert not account_mails.settle(session, mail.id, 2, S.ACCEPTED)
    assert states(session) == [S.ATTEMPTING]


def test_a_deferred_one_waits_for_its_time(session: Session) -> None:
    mail = begun(session)
    account_mails.settle(session, mail.id, 1, S.DEFERRED, wait=30)
    assert not account_mails.due(session)
    set_back(session, "due_at", timedelta(seconds=31))
    assert account_mails.due(session)


def test_after_thirty_days_it_is_forgotten(session: Session) -> None:
    written(session)
    set_back(session, "created_at", timedelta(days=29))
    account_mails.tidy(session)
    assert len(states(session)) == 1
    set_back(session, "created_at", timedelta(days=1, seconds=1))
    account_mails.tidy(session)
    assert states(session) == []


def test_what_strangers_asked_for_is_forgotten_after_an_hour(session: Session) -> None:
    account_mails.give_up(session, written(session, "nobody@rivers.example"), account_mails.NOBODY)
    account_mails.tidy(session)
    assert states(session) == [S.FAILED]
    set_back(session, "created_at", HOUR + MINUTE)
    account_mails.tidy(session)
    assert states(session) == []


def test_erasing_a_journalist_forgets_what_her_newsroom_wrote_to_her(session: Session) -> None:
    room = make_newsroom(session)
    cleo = make_journalist(session, room)
    account_mails.write(session, SIGN_IN, cleo.address, sender_id=room.sender.id)
    written(session)
    journalists.erase(session, cleo)
    assert list(session.scalars(select(AccountMail.address))) == ["ada@rivers.example"]


def test_who_may_send_is_told_when_the_service_pauses_a_release_and_not_when_a_person_does(session: Session) -> None:
    room = make_newsroom(session)
    release = make_release(session, room)
    approvals.approve(session, release, by=room.ben)
    releases.schedule(session, release, now() + HOUR, by=room.ada)
    session.flush()
    releases.pause(session, release, by=room.ada)
    assert states(session) == []
    session.flush()
    releases.resume(session, release, by=room.ada)
    session.flush()
    for _ in range(2):
        releases.pause(session, release, by=None, reason="120 of 400 bounced")
    assert release.state is ReleaseState.PAUSED
    mail = session.scalars(select(AccountMail)).one()
    assert (mail.address, mail.kind) == (room.ada.email, AccountMailKind.ALARM)
    assert mail.values == {
        "release": str(release.id),
        "newsroom": room.sender.name,
        "reason": "120 of 400 bounced",
    }


def test_a_link_can_be_asked_for_some_times_an_hour(session: Session) -> None:
    for _ in range(accounts.LINKS_AN_HOUR + 3):
        accounts.ask_for_link(session, "ada@rivers.example")
    accounts.ask_for_link(session, "ben@rivers.example")
    assert len(states(session)) == accounts.LINKS_AN_HOUR + 1


def test_a_masked_address_is_known_to_its_owner_alone() -> None:
    assert masked("ada@rivers.example") == "a…@rivers.example"


def test_while_all_is_held_old_mail_rests_and_what_tells_of_it_leaves(session: Session) -> None:
    room = make_newsroom(session)
    session.add(Right(account_id=room.ben.id, sender_id=room.sender.id, role=Role.ADMINISTER))
    old = account_mails.write(session, AccountMailKind.SIGN_IN, room.ada.email)
    session.execute(
        text("UPDATE account_mail SET created_at = created_at - interval '1 hour' WHERE id = :id"), {"id": old.id}
    )
    keeping.hold(session, keeping.known(session), "This database was put back.")

    taken = account_mails.take(session)
    assert taken is not None
    assert (taken.kind, taken.address) == (AccountMailKind.HELD, room.ben.email)
    account_mails.begin(session, taken)
    assert account_mails.take(session) is None
