"""`dateline installation`: an operator learns why nothing leaves, what would, and says that it may."""

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from service import accounts, approvals, db, releases
from service.cli.doctor import doctor
from service.cli.installation import installation
from service.models import Account, Role
from tests.committed import committed
from tests.factories import make_newsroom, make_release, now


@pytest.fixture
def ben(worker_id: str) -> Iterator[str]:
    """The address of an administrator of a service with one release that is scheduled."""
    with committed(f"installation_command_{worker_id}"):
        with db.transaction() as session:
            room = make_newsroom(session)
            release = make_release(session, room)
            approvals.approve(session, release, by=session.get_one(Account, room.ben.id))
            releases.schedule(session, release, now(), by=session.get_one(Account, room.ada.id))
            accounts.grant(session, room.ben, room.sender, [Role.ADMINISTER])
        yield room.ben.email


def dateline(*words: str) -> Result:
    return CliRunner().invoke(installation, words)


def move() -> None:
    """Let the database be one that came from another cluster."""
    with db.transaction() as session:
        session.execute(text("UPDATE installation SET fingerprint = '1 ' || substr(fingerprint, 3)"))


def test_a_quiet_service_says_so(ben: str) -> None:
    result = dateline("status")
    assert result.exit_code == 0
    assert "Nothing is held" in result.output


def test_a_restored_database_is_held_says_why_and_what_would_leave(ben: str) -> None:
    move()
    result = dateline("status")
    assert result.exit_code == 1
    assert "another PostgreSQL cluster" in result.output
    assert "scheduled" in result.output
    assert "dateline installation confirm --by EMAIL" in result.output


def test_a_program_reads_the_same(ben: str) -> None:
    move()
    dateline("status")
    told = json.loads(dateline("status", "--json").output)
    assert told["held"] is True
    assert told["leaving"][0]["headline"] == "River levels fall"
    assert told["leaving"][0]["people_waiting"] is None


def test_once_confirmed_nothing_is_held(ben: str) -> None:
    move()
    dateline("status")
    assert json.loads(dateline("confirm", "--by", ben, "--json").output)["held"] is False
    assert dateline("status").exit_code == 0


def test_whoever_may_not_administer_does_not_confirm(ben: str) -> None:
    move()
    with db.transaction() as session:
        session.execute(text("DELETE FROM account_right WHERE role = 'administer'"))
    result = dateline("confirm", "--by", ben)
    assert "right to administer" in str(result.exception)
    assert dateline("status").exit_code == 1


def test_there_is_nothing_to_confirm_where_nothing_is_held(ben: str) -> None:
    assert "nothing to confirm" in str(dateline("confirm", "--by", ben).exception)


def test_the_doctor_names_it_and_the_cure(ben: str) -> None:
    move()
    dateline("status")
    found = json.loads(CliRunner().invoke(doctor, ["--json"]).output)
    [finding] = [one for one in found if one["what"] == "installation"]
    assert not finding["well"]
    assert "another PostgreSQL cluster" in finding["found"]
    assert "dateline installation confirm" in finding["fix"]
