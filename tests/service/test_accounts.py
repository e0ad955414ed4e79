"""People who work here."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, update
from sqlalchemy.orm import Session

from service import accounts
from service.accounts import LinkUsed, NotAllowed
from service.errors import NotFound
from service.models import Account, Role, Topic
from tests.factories import make_newsroom


def _token(link: str) -> str:
    return link.rpartition("/")[2]


def test_an_account_is_found_by_any_spelling_of_its_address(session: Session) -> None:
    sender = make_newsroom(session).sender
    added = accounts.add(session, "Zoë@Почта.рф", "Zoë", sender=sender, roles=[Role.WRITE])
    assert accounts.by_email(session, "zoë@xn--80a1acny.xn--p1ai").id == added.id
    with pytest.raises(NotFound):
        accounts.by_email(session, "nobody@rivers.example")


def test_inviting_somebody_again_gives_more_roles_to_the_same_account(session: Session) -> None:
    sender = make_newsroom(session).sender
    first = accounts.add(session, "flo@rivers.example", "Flo", sender=sender, roles=[Role.WRITE])
    again = accounts.add(session, "FLO@rivers.example", "Florence", sender=sender, roles=[Role.WRITE, Role.SEND])
    assert again is first
    assert first.name == "Flo"
    assert sorted(right.role for right in first.rights) == [Role.SEND, Role.WRITE]


def test_a_role_holds_for_its_sender_alone_and_contains_no_other(session: Session) -> None:
    ours, theirs = make_newsroom(session), make_newsroom(session)
    assert accounts.may(ours.ada, ours.sender.id, Role.WRITE)
    assert not accounts.may(ours.ada, theirs.sender.id, Role.WRITE)
    assert not accounts.may(ours.ada, ours.sender.id, Role.APPROVE)
    with pytest.raises(NotAllowed):
        accounts.require(ours.ada, ours.sender.id, Role.APPROVE)
    assert accounts.senders_of(session, ours.ada) == [ours.sender]


def test_a_role_for_one_topic_is_none_for_the_others_nor_for_all(session: Session) -> None:
    newsroom = make_newsroom(session)
    energy = Topic(sender_id=newsroom.sender.id, slug="energy", name="Energy")
    session.add(energy)
    session.flush()
    accounts.grant(session, newsroom.ada, newsroom.sender, [Role.APPROVE], topic=energy)
    assert accounts.may(newsroom.ada, newsroom.sender.id, Role.APPROVE, energy.id)
    assert not accounts.may(newsroom.ada, newsroom.sender.id, Role.APPROVE, newsroom.topic.id)
    assert not accounts.may(newsroom.ada, newsroom.sender.id, Role.APPROVE)
    assert accounts.may(newsroom.ada, newsroom.sender.id, Role.WRITE, energy.id)


def test_a_closed_account_may_nothing(session: Session) -> None:
    newsroom = make_newsroom(session)
    token = _token(accounts.sign_in_link(session, newsroom.ada))
    newsroom.ada.active = False
    session.flush()
    assert not accounts.may(newsroom.ada, newsroom.sender.id, Role.WRITE)
    assert accounts.senders_of(session, newsroom.ada) == []
    with pytest.raises(LinkUsed):
        accounts.redeem(session, token)


def test_the_first_administrator_is_the_one_who_came_first(session: Session) -> None:
    sender = make_newsroom(session).sender
    session.execute(update(Account).values(active=False))
    assert accounts.first_administrator(session) is None
    first = accounts.add(session, "gil@rivers.example", "Gil", sender=sender, roles=[Role.ADMINISTER])
    accounts.add(session, "abe@rivers.example", "Abe", sender=sender, roles=[Role.ADMINISTER])
    assert accounts.first_administrator(session) == first


def test_a_sign_in_link_works_once(session: Session) -> None:
    ada = make_newsroom(session).ada
    link = accounts.sign_in_link(session, ada)
    assert link.startswith("http://press.dateline.example/sign-in/")
    assert accounts.redeem(session, _token(link)) is ada
    with pytest.raises(LinkUsed):
        accounts.redeem(session, _token(link))


def test_the_token_itself_is_kept_nowhere(session: Session) -> None:
    ada = make_newsroom(session).ada
    token = _token(accounts.sign_in_link(session, ada))
    session.refresh(ada)
    assert ada.sign_in_seal is not None
    assert len(ada.sign_in_seal) == 32
    assert token.encode() not in ada.sign_in_seal


@pytest.mark.parametrize("token", ["", "x", "\ud800", "A" * 5000, "None"])
def test_an_invented_link_signs_nobody_in(session: Session, token: str) -> None:
    accounts.sign_in_link(session, make_newsroom(session).ada)
    with pytest.raises(LinkUsed):
        accounts.redeem(session, token)


def test_a_newer_link_voids_the_one_before(session: Session) -> None:
    ada = make_newsroom(session).ada
    older, newer = accounts.sign_in_link(session, ada), accounts.sign_in_link(session, ada)
    with pytest.raises(LinkUsed):
        accounts.redeem(session, _token(older))
    assert accounts.redeem(session, _token(newer)) is ada


def test_a_link_expires_after_a_day(session: Session) -> None:
    ada = make_newsroom(session).ada
    token = _token(accounts.sign_in_link(session, ada))
    session.refresh(ada)
    assert ada.sign_in_until is not None
    left = ada.sign_in_until - session.scalars(func.clock_timestamp().select()).one()
    assert timedelta(hours=23, minutes=59) < left < timedelta(hours=24)
    session.execute(update(Account).where(Account.id == ada.id).values(sign_in_until=func.clock_timestamp()))
    with pytest.raises(LinkUsed):
        accounts.redeem(session, token)


def test_of_two_who_use_a_link_at_once_one_is_signed_in(database: Engine) -> None:
    with Session(database) as session, session.begin():
        tokens = [_token(accounts.sign_in_link(session, make_newsroom(session).ada)) for _ in range(10)]
    at_once = Barrier(2)

    def redeem(token: str) -> bool:
        with Session(database) as session, session.begin():
            session.connection()
            at_once.wait()
            try:
                accounts.redeem(session, token)
            except LinkUsed:
                return False
            return True

    with ThreadPoolExecutor(2) as threads:
        for token in tokens:
            assert sorted(threads.map(redeem, [token, token])) == [False, True]
