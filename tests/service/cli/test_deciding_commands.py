"""`dateline uncertain` and `dateline release schedule, retry, extend`, as an operator runs them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click import Context
from click.testing import CliRunner, Result
from sqlalchemy import select

from service import approvals, db, releases
from service.cli import root
from service.errors import Refused
from service.models import Account, Delivery, DeliveryState, Journalist, Release, ReleaseState, Revision, Wave
from tests.committed import committed
from tests.factories import Newsroom, make_journalist, make_newsroom, make_release
from tests.ledgers import make_ledger

S = DeliveryState
CAST = {"cleo": S.UNCERTAIN, "dana": S.UNCERTAIN, "eli": S.FAILED, "fay": S.DEFERRED, "gus": S.ACCEPTED}


def invoke(command: str, *words: str, stdin: str = "") -> Result:
    """As `dateline COMMAND WORDS` does, but for the logs of this process, which are not set up anew."""
    found = root.get_command(Context(root), command)
    assert found is not None
    return CliRunner().invoke(found, words, input=stdin, catch_exceptions=False)


@dataclass
class Office:
    """A committed release that is sent but for its troubles, and who may decide about it."""

    release: str
    ada: str
    room: Newsroom

    def run(self, *words: str, stdin: str = "") -> Result:
        return invoke(*words, "--by", self.ada, stdin=stdin)

    def states(self) -> dict[str, DeliveryState]:
        with db.transaction() as session:
            query = select(Journalist.address, Delivery.state).join(Journalist)
            return {address.partition("@")[0]: state for address, state in session.execute(query)}

    def line(self, name: str) -> str:
        """What Exim writes down of a mail it took."""
        with db.transaction() as session:
            query = select(Delivery.id, Revision.digest).join(Journalist).join(Wave).join(Revision)
            id_, digest = session.execute(query.where(Journalist.address.startswith(name))).one()
            return f"2026-11-24 10:00:01 1vN-1 <= b@x.example P=esmtp id={id_.hex}.{digest.hex()[:8]}@rivers.example\n"


@pytest.fixture
def office(worker_id: str) -> Iterator[Office]:
    with committed(f"deciding_{worker_id}"):
        with db.transaction() as session:
            room = make_newsroom(session)
            people = [
                (make_journalist(session, room, name, address=f"{name}@daily.example"), state)
                for name, state in CAST.items()
            ]
            release = make_ledger(session, room, people).release
            release.state = ReleaseState.SENT
            found = Office(str(release.id), room.ada.email, room)
        yield found


def test_the_uncertain_are_listed(office: Office) -> None:
    shown = invoke("uncertain", "last").output
    assert "2 uncertain" in shown
    assert "cleo@daily.example" in shown
    assert "eli@daily.example" not in shown
    document = json.loads(invoke("uncertain", "last", "--json").output)
    assert [one["address"] for one in document["uncertain"]] == ["cleo@daily.example", "dana@daily.example"]
    assert document["by_log"] is None


def test_one_arrived_and_one_goes_again(office: Office) -> None:
    shown = office.run("uncertain", "last", "--arrived", "cleo@daily.example", "--again", "Dana@daily.example")
    assert "Nothing is uncertain" in shown.output
    assert (office.states()["cleo"], office.states()["dana"]) == (S.ACCEPTED, S.QUEUED)


def test_all_arrived(office: Office) -> None:
    office.run("uncertain", "last", "--arrived", "all")
    assert (office.states()["cleo"], office.states()["dana"]) == (S.ACCEPTED, S.ACCEPTED)


def test_the_relays_log_settles_what_it_shows(office: Office, tmp_path: Path) -> None:
    log = tmp_path / "mail.log"
    log.write_bytes(b"\xff\xfe no text\n" + office.line("cleo").encode())
    shown = office.run("uncertain", "last", "--relay-log", str(log))
    assert "1 as taken and 0 as not taken" in shown.output
    assert (office.states()["cleo"], office.states()["dana"]) == (S.ACCEPTED, S.UNCERTAIN)


def test_a_complete_log_from_a_pipe_settles_all(office: Office) -> None:
    words = ("uncertain", "last", "--relay-log", "-", "--complete", "--json")
    document = json.loads(office.run(*words, stdin=office.line("gus") + office.line("cleo")).output)
    assert document["by_log"] == {"taken": 1, "not_taken": 1}
    assert document["uncertain"] == []
    assert (office.states()["cleo"], office.states()["dana"]) == (S.ACCEPTED, S.QUEUED)


@pytest.mark.parametrize("words", [("--complete",), ("--arrived", "all"), ("--relay-log", "-")])
def test_half_a_request_is_refused(office: Office, words: tuple[str, ...]) -> None:
    with pytest.raises(Refused):
        invoke("uncertain", "last", *words)


def test_what_failed_is_tried_again(office: Office) -> None:
    assert "Nothing" in office.run("release", "retry", "last", "--reason", "no such words").output
    assert office.run("release", "retry", "last", "--reason", "no such mailbox").output == "1 queued again\n"
    assert office.run("release", "retry", "last", "--state", "deferred").output == "1 queued again\n"
    assert (office.states()["eli"], office.states()["fay"]) == (S.QUEUED, S.QUEUED)


def test_one_is_tried_again(office: Office) -> None:
    assert office.run("release", "retry", "last", "fay@daily.example").output == "1 queued again\n"
    assert (office.states()["eli"], office.states()["fay"]) == (S.FAILED, S.QUEUED)
    with pytest.raises(Refused):
        office.run("release", "retry", "last", "eli@daily.example", "--domain", "daily.example")


def test_those_added_later_get_it_too(office: Office) -> None:
    with db.transaction() as session:
        make_journalist(session, office.room)
    assert "wave 2, 1 person, leaves now" in office.run("release", "extend", "last").output
    with pytest.raises(Refused):
        office.run("release", "schedule", "last", "--at", "now")


def test_a_release_is_scheduled_with_its_pace(office: Office) -> None:
    with db.transaction() as session:
        release = make_release(session, office.room)
        approvals.approve(session, release, by=office.room.ben)
    pace = ("--spread", "60", "--deadline", "2", "--max-late", "10")
    shown = office.run("release", "schedule", str(release.id), "--at", "2030-01-01 09:00 Asia/Almaty", *pace).output
    assert "spread over 60 min; given up after 2 hours" in shown
    listed = json.loads(invoke("release", "list", "--json").output)
    assert (listed[0]["spread_minutes"], listed[0]["deadline_hours"], listed[0]["max_late_minutes"]) == (60, 2, 10)
    with db.transaction() as session:
        assert session.get_one(Release, release.id).deadline_hours == 2


def test_a_draft_is_checked_asked_for_sent_back_and_its_schedule_taken_back(office: Office) -> None:
    with db.transaction() as session:
        release = make_release(session, office.room)
        ada = session.get_one(Account, office.room.ada.id)
        releases.edit(session, release, "en", by=ada, body="At [TK] metres.")
    draft = str(release.id)
    found = invoke("release", "check", draft, "--json")
    assert found.exit_code == 3
    assert json.loads(found.output)[0]["words"].startswith("“[TK]” still stands in the text.")
    with db.transaction() as session:
        ada = session.get_one(Account, office.room.ada.id)
        releases.edit(session, releases.find(session, draft), "en", by=ada, body="At two metres.")
    assert "advising" in invoke("release", "check", draft).output
    assert "waits for approval" in office.run("release", "request", draft, "--note", "Please").output
    ben = ("--by", office.room.ben.email)
    assert "sent back" in invoke("release", "return", draft, "--comments", "Which river?", *ben).output
    assert "approved" in invoke("release", "approve", draft, *ben).output
    office.run("release", "schedule", draft, "--at", "2030-01-01 09:00 Asia/Almaty")
    assert "approved, without a time" in office.run("release", "unschedule", draft).output
