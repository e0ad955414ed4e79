"""What is left when a sending process ended, or its database went away: named, tried alone, set aside in the end."""

import asyncio
from contextlib import suppress

from psycopg import OperationalError
from sqlalchemy import text

from service import db, links, releases
from service.models import (
    DeliveryState,
    ReleaseState,
)
from service.settings import settings
from tests.workers.sending.desk import Desk, address, chunks
from workers.sending import chunks as sending_chunks
from workers.sending.dispatch import Dispatcher

S = DeliveryState


def test_what_a_dead_worker_left_in_its_hands_is_uncertain(desk: Desk) -> None:
    desk.execute(
        "UPDATE delivery SET state = 'attempting', attempts = 1, attempted_at = now() WHERE id = :id",
        id=desk.of("Cleo").id,
    )
    desk.work(times=2)

    assert desk.states() == {S.UNCERTAIN: 1, S.ACCEPTED: 2}
    assert len(desk.relay.tried) == 2, "nothing is sent again before a person has decided"


def test_what_ended_its_process_three_times_is_set_aside(desk: Desk) -> None:
    for _ in range(3):
        desk.execute(
            "UPDATE delivery SET state = 'queued', maybe_twice = false WHERE state = 'uncertain' AND id = :id",
            id=desk.of("Cleo").id,
        )
        desk.execute(
            "UPDATE delivery SET state = 'attempting', attempts = attempts + 1, attempted_at = now() WHERE id = :id",
            id=desk.of("Cleo").id,
        )
        desk.execute("UPDATE chunk SET due_at = now()")
        desk.work()

    assert desk.of("Cleo").state is S.FAILED
    assert desk.of("Cleo").reason == sending_chunks.QUARANTINED
    assert desk.states()[S.ACCEPTED] == 2, "the others have their mail"


def test_a_release_whose_text_ends_every_process_is_paused_and_not_tried_for_ever(desk: Desk) -> None:
    desk.execute("UPDATE chunk SET crashes = 3")
    desk.work()

    assert desk.states() == {S.QUEUED: 3}
    with db.transaction() as session:
        found = releases.get(session, desk.release.id)
        assert found.state is ReleaseState.PAUSED
        assert "three times" in found.reason


def test_a_database_that_went_away_is_no_crash_of_the_release(desk: Desk) -> None:
    async def go() -> None:
        dispatcher = Unlucky(settings(), desk.relay, links.personal(), desk.throttle)
        for _ in range(5):
            desk.execute("UPDATE chunk SET due_at = now()")
            with suppress(OperationalError):
                await dispatcher.dispatch(chunks()[0])
        await dispatcher.close()

    asyncio.run(go())
    assert desk.states() == {S.ACCEPTED: 3}


class Unlucky(Dispatcher):
    """Four times the database ends its session when it has just taken a chunk."""

    times = 0

    async def _send(self, chunk: sending_chunks.Chunk) -> float:
        self.times += 1
        if self.times <= 4:
            with db.transaction() as session:
                session.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE application_name = 'dateline dispatch' AND datname = current_database()"
                    )
                )
        return await super()._send(chunk)


def test_those_a_process_ended_with_go_one_by_one_and_the_others_after_them(desk: Desk) -> None:
    for name in ("Cleo", "Dana"):
        desk.execute("UPDATE delivery SET crashes = 1 WHERE id = :id", id=desk.of(name).id)
    desk.work()
    assert len(desk.relay.connections) == 1
    assert sorted(sent.recipient for sent in desk.relay.sent) == [address("Cleo"), address("Dana")]

    desk.work()
    assert desk.states() == {S.ACCEPTED: 3}
