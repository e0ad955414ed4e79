"""`dateline release audience, why, wave` and `dateline sender cap`, as an operator runs them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from click import Context
from click.testing import CliRunner, Result

from service import accounts, approvals, db, releases
from service.audiences import Audience, Conditions, Stage
from service.cli import root
from service.errors import Refused
from service.models import Account, Role, Sender
from tests.committed import committed
from tests.factories import Newsroom, make_journalist, make_newsroom, make_release


@dataclass
class Desk:
    """A draft for two people of whom one said no, and who may steer it."""

    release: str
    ada: str
    room: Newsroom


def run(command: str, *words: str) -> Result:
    found = root.get_command(Context(root), command)
    assert found is not None
    return CliRunner().invoke(found, words, catch_exceptions=False)


@pytest.fixture
def desk(worker_id: str) -> Iterator[Desk]:
    with committed(f"audience_commands_{worker_id}"):
        with db.transaction() as session:
            room = make_newsroom(session)
            accounts.grant(session, room.ada, room.sender, [Role.ADMINISTER])
            make_journalist(session, room, address="cleo@daily.example").tier = 1
            make_journalist(session, room, "Eli Reader", address="eli@daily.example").do_not_contact = True
            release = make_release(session, room)
            audience = Audience(
                within=Conditions(countries=("KZ",)),
                stages=(Stage("tier 1", Conditions(tiers=(1,))), Stage("all", Conditions(), None)),
            )
            releases.readdress(session, release, by=room.ada, topics=[room.topic], audience=audience)
        yield Desk(str(release.id), room.ada.email, room)


def test_the_audience_is_counted_with_its_reasons(desk: Desk) -> None:
    said = run("release", "audience", desk.release).output
    assert "countries: KZ" in said
    assert "1 e-mail: en 1" in said
    assert "asked not to be contacted" in said
    plain = json.loads(run("release", "audience", desk.release, "--json").output)
    assert plain["total"] == 1
    assert plain["by_wave"] == {"tier 1": 1, "all": 0}
    assert plain["left_out"] == {"do-not-contact": 1}


def test_why_tells_each_condition(desk: Desk) -> None:
    assert "gets it, in en" in run("release", "why", desk.release, "cleo@daily.example").output
    assert "does not get it: asked not" in run("release", "why", desk.release, "ELI@daily.example").output
    plain = json.loads(run("release", "why", desk.release, "eli@daily.example", "--json").output)
    assert (plain["gets"], plain["reason"]) == (False, "do-not-contact")
    assert plain["conditions"]["do-not-contact"] is True
    with pytest.raises(Refused):
        run("release", "why", desk.release, "zoe@daily.example")


def test_a_wave_is_dropped_by_its_number_and_not_started_too_soon(desk: Desk) -> None:
    with db.transaction() as session:
        found = releases.find(session, desk.release)
        approvals.approve(session, found, by=session.get_one(Account, desk.room.ben.id))
    run("release", "schedule", desk.release, "--at", "now", "--local", "09:00", "--by", desk.ada)
    with pytest.raises(Refused):
        run("release", "wave", "start", desk.release, "2", "--by", desk.ada)
    run("release", "wave", "drop", desk.release, "2", "--by", desk.ada)
    plain = json.loads(run("release", "audience", desk.release, "--json").output)
    assert [wave["name"] for wave in plain["waves"]] == ["tier 1"]


def test_a_time_that_is_none_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="no time of day"):
        run("release", "schedule", desk.release, "--at", "now", "--local", "nine", "--by", desk.ada)


def test_the_cap_is_set_and_lifted(desk: Desk) -> None:
    assert (
        "3 releases within 7 days"
        in run("sender", "cap", desk.room.sender.slug, "--most", "3", "--days", "7", "--by", desk.ada).output
    )
    with db.transaction() as session:
        assert session.get_one(Sender, desk.room.sender.id).cap_mails == 3
    assert "no limit" in run("sender", "cap", desk.room.sender.slug, "--by", desk.ada).output
    with pytest.raises(Refused):
        run("sender", "cap", desk.room.sender.slug, "--most", "3", "--by", desk.ada)
