"""What is withdrawn, killed or cancelled leaves no more in any digest, and nobody loses the rest of theirs by it."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from service import approvals, db, digests, releases, reports
from service.models import Account, Frequency, NoticeKind, Release, ReleaseState
from service.newsroom import publishing
from tests.factories import make_release, now
from tests.service.digests.press import Press, execute, opened
from workers.relays.relay import Answer, Outcome, Stage

RIVERS, BRIDGE = "River levels fall", "A bridge opens"
WAYS = ("withdrawn", "killed", "cancelled")


@pytest.fixture
def press(worker_id: str) -> Iterator[Press]:
    with opened(f"recalled_digests_{worker_id}") as found:
        yield found


def take_back(press: Press, release_id: UUID, way: str) -> None:
    with db.transaction() as session:
        release, ada = session.get_one(Release, release_id), session.get_one(Account, press.room.ada.id)
        if way == "withdrawn":
            publishing.withdraw(session, release, by=ada)
        elif way == "cancelled":
            releases.cancel(session, release, by=ada)
        else:
            kill = make_release(session, press.room, headline="Kill: river levels")
            publishing.is_about(session, kill, release, NoticeKind.KILL, by=ada)
            approvals.approve(session, kill, by=session.get_one(Account, press.room.ben.id))
            releases.schedule(session, kill, now(), by=ada)


def tick(press: Press) -> None:
    """What the tick does about digests, and the workers then."""
    for _ in range(3):
        with db.transaction() as session:
            digests.recall(session)
        press.plan()
        press.work()
        press.make()


def told(press: Press, who: str) -> list[str]:
    """The digests this reader got, as words."""
    mine = [sent.message.decode() for sent in press.relay.sent if sent.recipient == f"{who}@daily.example"]
    return [mail for mail in mine if "Subject: Digest" in mail]


@pytest.mark.parametrize("way", WAYS)
def test_what_is_taken_back_before_the_digest_is_made_is_not_in_it(press: Press, way: str) -> None:
    press.reader("Cleo")
    rivers, _ = press.release(RIVERS), press.release(BRIDGE)
    take_back(press, rivers, way)
    press.plan()
    press.morning()
    press.make()
    assert ("Cleo", RIVERS) not in press.entries()
    assert press.entries()["Cleo", BRIDGE] == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_digest_that_was_made_and_has_not_left_is_made_anew_without_it(press: Press, way: str) -> None:
    press.reader("Cleo")
    rivers, _ = press.release(RIVERS), press.release(BRIDGE)
    press.morning()
    press.make()
    take_back(press, rivers, way)
    tick(press)
    [mail] = told(press, "cleo")
    assert BRIDGE in mail
    assert f">{RIVERS}<" not in mail
    assert press.digests()[0].state is ReleaseState.CANCELLED


def test_who_has_got_it_gets_no_second_one_and_who_has_not_gets_the_rest(press: Press) -> None:
    """Cleo's is in her mailbox when the release is withdrawn, Dana's waits: her server had said later."""
    press.reader("Cleo")
    press.reader("Dana")
    rivers, _ = press.release(RIVERS), press.release(BRIDGE)
    press.morning()
    press.make()
    press.plan()
    press.relay.tell(Answer(Outcome.DEFERRED, Stage.RCPT, 451, "4.2.0", "later"), to="dana@daily.example")
    press.work()
    take_back(press, rivers, "withdrawn")
    tick(press)
    [hers], [danas] = told(press, "cleo"), told(press, "dana")
    assert f">{RIVERS}<" in hers
    assert f">{RIVERS}<" not in danas
    assert BRIDGE in danas
    with db.transaction() as session:
        for digest in press.digests():
            assert reports.delivery(session, digest.id).balanced


def test_a_digest_that_a_person_cancelled_is_owed_to_nobody_again(press: Press) -> None:
    press.reader("Cleo")
    press.release(RIVERS)
    press.morning()
    press.make()
    [digest] = press.digests()
    take_back(press, digest.id, "cancelled")
    tick(press)
    press.morning()
    tick(press)
    assert told(press, "cleo") == []


def test_without_anything_else_to_tell_there_is_no_digest(press: Press) -> None:
    press.reader("Cleo", Frequency.WEEKLY)
    rivers = press.release(RIVERS)
    press.morning()
    press.make()
    take_back(press, rivers, "withdrawn")
    tick(press)
    assert told(press, "cleo") == []


def test_who_pauses_meanwhile_is_owed_it_until_the_pause_is_over(press: Press) -> None:
    cleo = press.reader("Cleo")
    rivers, _ = press.release(RIVERS), press.release(BRIDGE)
    press.morning()
    press.make()
    execute("UPDATE journalist SET paused_until = now() + interval '1 day' WHERE id = :id", id=cleo)
    take_back(press, rivers, "withdrawn")
    tick(press)
    assert told(press, "cleo") == []
    execute("UPDATE journalist SET paused_until = NULL")
    press.morning()
    tick(press)
    assert len(told(press, "cleo")) == 1
