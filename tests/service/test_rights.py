"""Rights: given by an administrator, for a newsroom or a topic of it, and never by anybody to herself."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service import accounts, approvals, db, releases
from service.accounts import LastAdministrator, LooksAfterOthers, NotAllowed, NotYours
from service.errors import Refused
from service.models import Account, AccountMail, AuditEntry, ReleaseTopic, Right, Role, Topic
from tests.committed import committed
from tests.factories import Newsroom, make_account, make_newsroom, make_release


@pytest.fixture
def newsroom(session: Session) -> Newsroom:
    """Ada administers it besides writing and sending; Ben approves."""
    made = make_newsroom(session)
    accounts.grant(session, made.ada, made.sender, [Role.ADMINISTER])
    return made


def whole(*roles: Role) -> frozenset[tuple[Role, None]]:
    return frozenset((role, None) for role in roles)


def roles_of(account: Account) -> set[Role]:
    return {right.role for right in account.rights}


def energy_of(session: Session, newsroom: Newsroom) -> Topic:
    topic = Topic(sender_id=newsroom.sender.id, slug="energy", name="Energy")
    session.add(topic)
    session.flush()
    return topic


def test_what_is_given_is_all_there_is_and_is_written_down(session: Session, newsroom: Newsroom) -> None:
    accounts.give(session, newsroom.ben, newsroom.sender, whole(Role.WRITE, Role.REPORTS), by=newsroom.ada)
    assert roles_of(newsroom.ben) == {Role.WRITE, Role.REPORTS}
    query = select(AuditEntry).where(AuditEntry.act.in_(("roles given", "roles taken"))).order_by(AuditEntry.id)
    said = [(entry.act, entry.detail["roles"]) for entry in session.scalars(query) if entry.account_id]
    assert said == [("roles given", ["reports", "write"]), ("roles taken", ["approve"])]


def test_nobody_raises_herself_and_everybody_may_lay_a_right_down(session: Session, newsroom: Newsroom) -> None:
    had = whole(Role.WRITE, Role.SEND, Role.ADMINISTER)
    with pytest.raises(NotYours):
        accounts.give(session, newsroom.ada, newsroom.sender, had | whole(Role.APPROVE), by=newsroom.ada)
    accounts.give(session, newsroom.ada, newsroom.sender, whole(Role.SEND, Role.ADMINISTER), by=newsroom.ada)
    assert roles_of(newsroom.ada) == {Role.SEND, Role.ADMINISTER}


def test_who_does_not_administer_gives_nothing_to_anybody(session: Session, newsroom: Newsroom) -> None:
    stranger = make_newsroom(session)
    accounts.grant(session, stranger.ada, stranger.sender, [Role.ADMINISTER])
    for by in (newsroom.ben, stranger.ada):
        with pytest.raises(NotAllowed):
            accounts.give(session, newsroom.ben, newsroom.sender, whole(Role.SEND), by=by)


def test_the_last_administrator_stays_until_there_is_another(session: Session, newsroom: Newsroom) -> None:
    with pytest.raises(LastAdministrator):
        accounts.give(session, newsroom.ada, newsroom.sender, whole(Role.WRITE), by=newsroom.ada)
    with pytest.raises(LastAdministrator):
        accounts.close(session, newsroom.ada, by=newsroom.ada)
    accounts.give(session, newsroom.ben, newsroom.sender, whole(Role.APPROVE, Role.ADMINISTER), by=newsroom.ada)
    accounts.give(session, newsroom.ada, newsroom.sender, whole(Role.WRITE), by=newsroom.ada)
    assert roles_of(newsroom.ada) == {Role.WRITE}


def test_of_two_administrators_who_take_the_right_from_each_other_one_stays() -> None:
    with committed("rights_at_once"):
        engine = db.engine()
        with Session(engine, expire_on_commit=False) as session, session.begin():
            made = make_newsroom(session)
            for account in (made.ada, made.ben):
                accounts.grant(session, account, made.sender, [Role.ADMINISTER])
        start = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            pairs = [(made.ada.id, made.ben.id), (made.ben.id, made.ada.id)]
            done = [pool.submit(_take_from, engine, start, by, whom, made) for by, whom in pairs]
            outcomes = sorted(one.result(30) for one in done)
        with Session(engine) as session:
            left = session.scalars(select(Right).where(Right.role == Role.ADMINISTER)).all()
    assert outcomes == ["NotAllowed", "taken"]
    assert len(left) == 1


def _take_from(engine: Engine, start: Barrier, by: object, whom: object, newsroom: Newsroom) -> str:
    with Session(engine) as session:
        one, other = session.get_one(Account, by), session.get_one(Account, whom)
        start.wait()
        try:
            accounts.give(session, other, newsroom.sender, whole(Role.WRITE), by=one)
            session.commit()
        except Refused as fault:
            session.rollback()
            return type(fault).__name__
        return "taken"


def test_a_closed_account_is_out_at_once_and_opens_as_it_was(session: Session, newsroom: Newsroom) -> None:
    mark, had = newsroom.ben.fs_uniquifier, roles_of(newsroom.ben)
    link = accounts.sign_in_link(session, newsroom.ben)
    accounts.close(session, newsroom.ben, by=newsroom.ada)
    assert newsroom.ben.fs_uniquifier != mark
    with pytest.raises(accounts.LinkUsed):
        accounts.redeem(session, link.rpartition("/")[2])
    assert not accounts.may(newsroom.ben, newsroom.sender.id, Role.APPROVE)
    accounts.reopen(session, newsroom.ben, by=newsroom.ada)
    assert roles_of(newsroom.ben) == had
    assert accounts.may(newsroom.ben, newsroom.sender.id, Role.APPROVE)


def test_who_works_for_others_too_is_not_closed_by_one_of_them(session: Session, newsroom: Newsroom) -> None:
    other = make_newsroom(session)
    accounts.grant(session, newsroom.ben, other.sender, [Role.WRITE])
    with pytest.raises(LooksAfterOthers):
        accounts.close(session, newsroom.ben, by=newsroom.ada)
    assert newsroom.ben.active


def test_an_invitation_gives_the_rights_and_mails_a_link(session: Session, newsroom: Newsroom) -> None:
    rights = whole(Role.WRITE)
    flo = accounts.invite_to(session, "Flo@Rivers.Example", "Flo", newsroom.sender, rights, by=newsroom.ada)
    assert accounts.standing(flo) is accounts.Standing.INVITED
    mail = session.scalars(select(AccountMail).where(AccountMail.address == "flo@rivers.example")).one()
    assert mail.values == {"newsroom": newsroom.sender.name}
    with pytest.raises(NotAllowed):
        accounts.invite_to(session, "gus@rivers.example", "Gus", newsroom.sender, rights, by=newsroom.ben)
    accounts.close(session, flo, by=newsroom.ada)
    with pytest.raises(accounts.IsClosed):
        accounts.invite_to(session, "flo@rivers.example", "Flo", newsroom.sender, rights, by=newsroom.ada)


def test_a_right_for_a_topic_holds_for_releases_about_nothing_else(session: Session, newsroom: Newsroom) -> None:
    energy, gil = energy_of(session, newsroom), make_account("Gil Approver")
    session.add(gil)
    session.flush()
    accounts.give(session, gil, newsroom.sender, frozenset({(Role.APPROVE, newsroom.topic.id)}), by=newsroom.ada)
    about_both = make_release(session, newsroom)
    about_both.topics.append(ReleaseTopic(topic_id=energy.id))
    session.flush()
    with pytest.raises(NotAllowed):
        approvals.approve(session, about_both, by=gil)
    about_water = make_release(session, newsroom)
    approvals.approve(session, about_water, by=gil)
    assert about_water.state == "approved"


def test_who_writes_about_one_topic_moves_no_release_to_another(session: Session, newsroom: Newsroom) -> None:
    energy, hal = energy_of(session, newsroom), make_account("Hal Writer")
    session.add(hal)
    session.flush()
    accounts.give(session, hal, newsroom.sender, frozenset({(Role.WRITE, newsroom.topic.id)}), by=newsroom.ada)
    release = make_release(session, newsroom)
    releases.edit(session, release, "en", by=hal, lead="Levels rose.")

    def arrange(topics: list[Topic]) -> None:
        releases.arrange(session, release, by=hal, topics=topics, contacts=[], embargo=None, zone="UTC")

    with pytest.raises(NotAllowed):
        arrange([newsroom.topic, energy])
    release.topics.append(ReleaseTopic(topic_id=energy.id))
    session.flush()
    with pytest.raises(NotAllowed):
        arrange([newsroom.topic])


def test_a_right_for_all_makes_one_for_a_topic_needless(session: Session, newsroom: Newsroom) -> None:
    both = frozenset({(Role.WRITE, None), (Role.WRITE, newsroom.topic.id), (Role.REPORTS, newsroom.topic.id)})
    accounts.give(session, newsroom.ben, newsroom.sender, both, by=newsroom.ada)
    assert [(right.role, right.topic_id) for right in newsroom.ben.rights] == [(Role.WRITE, None)]
