"""`dateline suppression` and `dateline bounce`, as an operator runs them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import update

from service import accounts, db, suppressions
from service.errors import Refused
from service.models import Burst, BurstState, Evidence, Role, SuppressionReason
from service.suppressions import BadNote, TheirWordNeeded
from tests.committed import committed
from tests.factories import Newsroom, make_newsroom
from tests.service.cli.test_deciding_commands import invoke
from tests.service.standings.town import Person, ago

CLEO = "cleo@daily.example"


@dataclass
class Office:
    """A committed newsroom in which Ada looks after everything."""

    room: Newsroom
    cleo: Person
    burst: str

    @property
    def by(self) -> tuple[str, ...]:
        return ("--by", self.room.ada.email)

    @property
    def here(self) -> tuple[str, ...]:
        return ("--sender", self.room.sender.slug)

    def listed(self, *words: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = json.loads(invoke("suppression", "list", "--json", *words).stdout)
        return found


@pytest.fixture
def office(worker_id: str) -> Iterator[Office]:
    with committed(f"suppressing_{worker_id}"):
        with db.transaction() as session:
            room = make_newsroom(session)
            accounts.grant(session, room.ada, room.sender, [Role.ADMINISTER])
            cleo = Person(session, room, CLEO)
            cleo.bounced(9)
            cleo.bounced(1)
            burst = Burst(provider="google", state=BurstState.HELD, first_at=ago(2), last_at=ago(1.9))
            session.add(burst)
            session.flush()
            Person(session, room, "eli@gmail.com").bounced(1.95)
            session.execute(update(Evidence).where(Evidence.domain == "gmail.com").values(burst_id=burst.id))
            made = Office(room, cleo, str(burst.id))
        yield made


def test_they_are_listed_with_their_proof(office: Office) -> None:
    [resting, bounced] = office.listed()
    assert (resting["address"], resting["reason"]) == ("eli@gmail.com", "resting")
    assert (bounced["address"], bounced["reason"], bounced["proof"]) == (CLEO, "bounce", "550 no")
    assert bounced["evidence"].startswith("the address was refused as dead on")
    assert bounced["by"] == ""
    shown = invoke("suppression", "list", "--reason", "bounce").stdout
    assert "cleo@" in shown
    assert "eli@" not in shown
    assert "1 in all" in shown


def test_one_is_found_by_its_address_or_is_not_there(office: Office) -> None:
    assert [one["reason"] for one in office.listed("--address", "CLEO@daily.example")] == ["bounce"]
    assert office.listed("--address", "dana@daily.example") == []
    assert "is like that" in invoke("suppression", "list", "--domain", "nowhere.example").stdout


def test_one_is_lifted_for_a_reason_and_added_again(office: Office) -> None:
    with pytest.raises(BadNote):
        invoke("suppression", "lift", CLEO, *office.here, "--note", "call a@b.example", *office.by)
    lifted = invoke("suppression", "lift", CLEO, *office.here, "--note", "she called", *office.by)
    assert lifted.stdout == "It is mailed again.\n"
    assert office.listed("--address", CLEO) == []
    with pytest.raises(Refused, match="not suppressed there"):
        invoke("suppression", "lift", CLEO, *office.here, "--note", "again", *office.by)
    invoke("suppression", "add", CLEO, *office.here, "--note", "left the paper", *office.by)
    [found] = office.listed("--address", CLEO)
    assert (found["reason"], found["evidence"], found["by"]) == ("by-hand", "left the paper", "Ada Officer")


def test_a_persons_no_needs_their_word(office: Office) -> None:
    with db.transaction() as session:
        suppressions.add(session, CLEO, SuppressionReason.COMPLAINT, sender=office.room.sender.id)
    words = ("suppression", "lift", CLEO, *office.here, "--note", "her mail of 3 May", *office.by)
    with pytest.raises(TheirWordNeeded):
        invoke(*words)
    assert invoke(*words, "--their-word").stdout == "It is mailed again.\n"


def test_many_come_from_a_file(office: Office) -> None:
    words = ("suppression", "import", "-", *office.here, "--note", "old tool", *office.by)
    told = invoke(*words, "--json", stdin="email\na@x.example\nnonsense\nb@x.example\n")
    assert json.loads(told.stdout) == {"addresses": 2, "faulty_lines": [3]}
    assert "line 1 holds no address" in invoke(*words, stdin="@@\n").stdout


def test_who_may_not_does_nothing(office: Office) -> None:
    ben = ("--by", office.room.ben.email)
    with pytest.raises(accounts.NotAllowed):
        invoke("suppression", "lift", CLEO, *office.here, "--note", "x", *ben)
    with pytest.raises(accounts.NotAllowed):
        invoke("bounce", "dismiss", office.burst, *ben)


@pytest.mark.parametrize(("act", "left"), [("dismiss", []), ("release", ["resting"])])
def test_a_burst_is_dismissed_or_released(office: Office, act: str, left: list[str]) -> None:
    [held] = json.loads(invoke("bounce", "bursts", "--json").stdout)
    assert (held["id"], held["provider"], held["state"], held["addresses"]) == (office.burst, "google", "held", 1)
    assert "google" in invoke("bounce", "bursts").stdout
    assert "1 addresses" in invoke("bounce", act, office.burst, *office.by).stdout
    assert [one["reason"] for one in office.listed("--address", "eli@gmail.com")] == left


def test_rates_are_told_by_day(office: Office) -> None:
    rates = json.loads(invoke("bounce", "rates", "--json").stdout)
    assert {rate["domain"] for rate in rates} == {"rivers.example"}
    assert "complaint_share" in rates[0]
    assert "rivers.example" in invoke("bounce", "rates").stdout
