"""LMTP: greeted by LHLO, one answer after the dot, over TCP or a Unix socket."""

import asyncio
from pathlib import Path

import pytest

from tests.workers.relays.scripted import Peer, Run, serving, to_ben
from workers.relays.relay import Answer, Outcome, Stage, Unavailable
from workers.relays.smtp import SmtpRelay


async def takes(peer: Peer) -> None:
    await peer.welcome("PIPELINING", "SIZE 1000")
    await peer.take(answer="250 2.1.5 <ben@science.example> Saved")


@pytest.mark.parametrize("over", ["tcp", "unix socket"])
def test_a_message_is_handed_over(run: Run, tmp_path: Path, over: str) -> None:
    async def scenario() -> tuple[Answer, str, list[bytes]]:
        if over == "tcp":
            async with serving(takes) as server:
                relay = SmtpRelay.from_url(f"lmtp://127.0.0.1:{server.port}?name=tcp")
                connection = await relay.connect()
                return await connection.send(to_ben()), connection.relay, server.heard
        heard: list[bytes] = []

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await takes(Peer(reader, writer, heard))
            writer.close()

        listener = await asyncio.start_unix_server(talk, tmp_path / "lmtp")
        connection = await SmtpRelay.from_url(f"lmtp://{tmp_path}/lmtp").connect()
        answer = await connection.send(to_ben())
        listener.close()
        return answer, connection.relay, heard

    answer, name, heard = run(scenario())
    assert (answer.outcome, answer.stage) == (Outcome.ACCEPTED, Stage.DOT)
    assert name == ("tcp" if over == "tcp" else "lmtp")
    assert heard[0] == b"LHLO localhost"


def test_the_answer_after_the_dot_is_the_recipients(run: Run) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        await peer.take(answer="452 4.2.2 <ben@science.example> Mailbox full")

    async def scenario() -> Answer:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(f"lmtp://127.0.0.1:{server.port}").connect()
            return await connection.send(to_ben())

    answer = run(scenario())
    assert (answer.outcome, answer.stage, answer.enhanced) == (Outcome.DEFERRED, Stage.DOT, "4.2.2")


def test_a_server_that_knows_no_lhlo_is_not_greeted_otherwise(run: Run) -> None:
    async def script(peer: Peer) -> None:
        await peer.say("220 here")
        assert await peer.hear() == b"LHLO localhost"
        await peer.say("502 This is SMTP")
        await peer.hear()

    async def scenario() -> None:
        async with serving(script) as server:
            await SmtpRelay.from_url(f"lmtp://127.0.0.1:{server.port}").connect()

    with pytest.raises(Unavailable, match="502"):
        run(scenario())


def test_a_socket_that_is_not_there_is_unavailable(run: Run, tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        run(SmtpRelay.from_url(f"lmtp://{tmp_path}/lmtp").connect())
