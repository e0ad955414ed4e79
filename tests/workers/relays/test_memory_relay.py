"""The twin behaves like the real one."""

import asyncio

import pytest

from tests.workers.relays.scripted import to_ben
from workers.relays.memory import MemoryRelay
from workers.relays.relay import Answer, Connection, Outcome, Relay, Stage, Unavailable

UNKNOWN = Answer(Outcome.REJECTED, Stage.RCPT, 550, "5.1.1", "5.1.1 User unknown")
LOST = Answer(Outcome.UNCERTAIN, Stage.DOT, text="connection lost")


async def send(relay: Relay, *recipients: str) -> tuple[list[Answer], Connection]:
    connection = await relay.connect()
    return [await connection.send(to_ben(recipient=recipient)) for recipient in recipients], connection


def test_it_remembers_what_was_sent() -> None:
    relay = MemoryRelay()
    answers, _ = asyncio.run(send(relay, "ben@science.example", "cleo@culture.example"))
    assert [answer.outcome for answer in answers] == [Outcome.ACCEPTED] * 2
    assert [envelope.recipient for envelope in relay.sent] == ["ben@science.example", "cleo@culture.example"]


def test_it_answers_as_told() -> None:
    relay = MemoryRelay()
    relay.tell(UNKNOWN, to="cleo@culture.example")
    answers, _ = asyncio.run(send(relay, "ben@science.example", "cleo@culture.example", "cleo@culture.example"))
    assert [answer.outcome for answer in answers] == [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.ACCEPTED]
    assert len(relay.tried) == 3
    assert len(relay.sent) == 2


def test_a_lost_connection_is_closed() -> None:
    relay = MemoryRelay()
    relay.tell(LOST)
    answers, connection = asyncio.run(send(relay, "ben@science.example", "ben@science.example"))
    assert [answer.outcome for answer in answers] == [Outcome.UNCERTAIN, Outcome.DEFERRED]
    assert connection.closed


def test_it_can_be_away() -> None:
    relay = MemoryRelay()
    relay.unavailable = Unavailable("no connection")
    with pytest.raises(Unavailable):
        asyncio.run(relay.connect())
