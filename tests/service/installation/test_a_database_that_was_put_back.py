"""A database that is not the one we knew is held until an administrator has confirmed it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import make_url, text

from service import accounts, approvals, db, installation, jobs, releases
from service.accounts import NotAllowed
from service.models import Account, Role
from service.settings import adopt
from tests.committed import committed
from tests.conftest import administer
from tests.factories import Newsroom, make_account, make_newsroom, make_release, now


@pytest.fixture
def database(worker_id: str) -> Iterator[str]:
    with committed(f"installation_{worker_id}") as url:
        yield url


def schedule(room: Newsroom) -> None:
    with db.transaction() as session:
        release = make_release(session, room)
        approvals.approve(session, release, by=session.get_one(Account, room.ben.id))
        releases.schedule(session, release, now(), by=session.get_one(Account, room.ada.id))


def administrator() -> Account:
    with db.transaction() as session:
        room = make_newsroom(session)
        account = make_account("Olga Operator")
        session.add(account)
        session.flush()
        accounts.grant(session, account, room.sender, [Role.ADMINISTER])
        return account


def confirm(account: Account) -> None:
    with db.transaction() as session:
        installation.confirm(session, by=session.get_one(Account, account.id))


def reason() -> str:
    with db.transaction() as session:
        return installation.hold_of(session)


def execute(statement: str) -> None:
    with db.transaction() as session:
        session.execute(text(statement))


def forget_the_broker() -> None:
    with jobs.store() as store:
        store.flushdb()


def test_a_new_database_is_ours_and_stays_ours(database: str) -> None:
    assert [installation.check().held for _ in range(3)] == [False, False, False]
    with db.transaction() as session:
        assert session.execute(text("SELECT beat FROM installation")).scalar_one() == 3


def test_a_copy_beside_it_is_held_and_ours_once_confirmed(database: str) -> None:
    olga = administrator()
    installation.check()
    name = make_url(database).database
    copy = f"{name}_copy"
    db.engine().dispose()
    administer(database, f"DROP DATABASE IF EXISTS {copy}", f"CREATE DATABASE {copy} TEMPLATE {name}")
    reach(make_url(database).set(database=copy).render_as_string(hide_password=False))

    assert installation.check().held
    assert "another database of its cluster" in reason()
    confirm(olga)
    assert not installation.check().held
    assert reason() == ""


def reach(url: str) -> None:
    db.engine().dispose()
    adopt(database_url=url)
    db.engine.cache_clear()


def test_an_earlier_state_put_back_in_place_is_held_by_what_the_witnesses_remember(database: str) -> None:
    for _ in range(3):
        installation.check()
    execute("UPDATE installation SET beat = beat - 1")

    assert installation.check().held
    assert "earlier state of it was put back" in reason()


def test_the_folder_remembers_though_the_broker_forgot(database: str) -> None:
    for _ in range(3):
        installation.check()
    execute("UPDATE installation SET beat = beat - 1")
    forget_the_broker()

    assert installation.check().held


def test_a_broker_that_forgot_is_no_alarm(database: str) -> None:
    installation.check()
    forget_the_broker()

    assert not installation.check().held


def test_a_database_that_was_never_run_and_has_releases_on_their_way_is_held(database: str) -> None:
    with db.transaction() as session:
        room = make_newsroom(session)
    schedule(room)
    execute("DELETE FROM installation")

    assert installation.check().held
    assert "never run" in reason()


def test_tables_made_anew_are_held(database: str) -> None:
    installation.check()
    execute("CREATE TABLE again (LIKE installation INCLUDING ALL)")
    execute("INSERT INTO again SELECT * FROM installation")
    execute("ALTER TABLE installation RENAME TO before")
    execute("ALTER TABLE again RENAME TO installation")

    assert installation.check().held
    assert "tables were made anew" in reason()


def test_the_alarm_is_noted_once(database: str) -> None:
    installation.check()
    execute("UPDATE installation SET fingerprint = '1 2 3 4'")
    for _ in range(3):
        assert installation.check().held

    with db.transaction() as session:
        held = session.execute(text("SELECT count(*) FROM audit_entry WHERE act = 'installation held'")).scalar_one()
    assert held == 1


def test_only_an_administrator_confirms_and_it_is_noted(database: str) -> None:
    olga = administrator()
    execute("UPDATE installation SET fingerprint = '1 2 3 4'")
    installation.check()
    with db.transaction() as session:
        ada = make_newsroom(session).ada

    with pytest.raises(NotAllowed):
        confirm(ada)
    confirm(olga)
    with pytest.raises(installation.NotHeld):
        confirm(olga)
    with db.transaction() as session:
        noted = session.execute(text("SELECT account_id FROM audit_entry WHERE act = 'installation confirmed'"))
        assert noted.scalars().all() == [olga.id]


def test_what_would_leave_is_told(database: str) -> None:
    with db.transaction() as session:
        room = make_newsroom(session)
    schedule(room)
    with db.transaction() as session:
        [leaving] = installation.standing(session).leaving
    assert (leaving.state.value, leaving.headline, leaving.people) == ("scheduled", "River levels fall", None)
