"""One envelope in, one answer out, over real sockets."""

import asyncio

import pytest

from tests.workers.relays.scripted import MESSAGE, Peer, Run, serving, to_ben
from workers.relays.relay import Answer, Outcome, Stage
from workers.relays.smtp import SmtpRelay


def test_a_message_is_handed_over_in_two_writes(run: Run) -> None:
    groups: list[bytes] = []

    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING", "SIZE 1000000")
        groups.append(await peer.reader.read(65536))
        await peer.say("250 2.1.0 Ok", "250 2.1.5 Ok", "354 Go ahead")
        groups.append(await peer.reader.read(65536))
        await peer.say("250 2.0.0 Ok: queued as 4XyZ")

    async def scenario() -> Answer:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(f"{server.url}?hello=mail.newsroom.example").connect()
            assert server.heard == [b"EHLO mail.newsroom.example"]
            return await connection.send(to_ben())

    answer = run(scenario())

    assert answer == Answer(Outcome.ACCEPTED, Stage.DOT, 250, "2.0.0", "2.0.0 Ok: queued as 4XyZ")
    size = f" SIZE={len(MESSAGE)}".encode()
    envelope = b"MAIL FROM:<b-1@newsroom.example>" + size + b"\r\nRCPT TO:<ben@science.example>\r\nDATA\r\n"
    assert groups == [envelope, MESSAGE + b".\r\n"]


def test_without_pipelining_each_command_waits_for_its_reply(run: Run) -> None:
    groups: list[bytes] = []

    async def script(peer: Peer) -> None:
        await peer.welcome("8BITMIME")
        for reply in ("250 Ok", "250 Ok", "354 Go ahead", "250 Ok"):
            groups.append(await peer.reader.read(65536))
            await asyncio.sleep(0.01)
            await peer.say(reply)

    async def scenario() -> Answer:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            return await connection.send(to_ben())

    assert run(scenario()).outcome is Outcome.ACCEPTED
    assert groups == [
        b"MAIL FROM:<b-1@newsroom.example>\r\n",
        b"RCPT TO:<ben@science.example>\r\n",
        b"DATA\r\n",
        MESSAGE + b".\r\n",
    ]


def test_a_server_that_dribbles_octet_by_octet_is_understood(run: Run) -> None:
    async def dribble(peer: Peer, *lines: str) -> None:
        for octet in "".join(f"{line}\r\n" for line in lines).encode():
            peer.writer.write(bytes([octet]))
            await peer.writer.drain()
            await asyncio.sleep(0)

    async def script(peer: Peer) -> None:
        await dribble(peer, "220-welcome", "220 here")
        await peer.hear()
        await dribble(peer, "250-scripted", "250-8BITMIME", "250 PIPELINING")
        for _ in range(3):
            await peer.hear()
        await dribble(peer, "250-2.1.0 Ok", "250 2.1.0 indeed", "250 Ok", "354 Go ahead")
        await peer.hear_message()
        await dribble(peer, "250-Thank you", "250 2.0.0 queued as 7")

    async def scenario() -> Answer:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            return await connection.send(to_ben())

    assert run(scenario()) == Answer(Outcome.ACCEPTED, Stage.DOT, 250, "2.0.0", "Thank you\n2.0.0 queued as 7")


def test_a_server_that_knows_no_ehlo_is_greeted_the_old_way(run: Run) -> None:
    async def script(peer: Peer) -> None:
        await peer.say("220 ancient")
        for reply in ("502 What?", "250 hello", "250 Ok", "250 Ok", "354 Go ahead"):
            await peer.hear()
            await peer.say(reply)
        await peer.hear_message()
        await peer.say("250 Ok")

    async def scenario() -> tuple[Answer, list[bytes]]:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            return await connection.send(to_ben()), server.heard

    answer, heard = run(scenario())
    assert answer.outcome is Outcome.ACCEPTED
    assert heard[:2] == [b"EHLO localhost", b"HELO localhost"]


def test_two_messages_at_once_on_one_connection_are_the_callers_mistake(run: Run) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        await peer.take()

    async def scenario() -> Answer:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            first = asyncio.create_task(connection.send(to_ben()))
            await asyncio.sleep(0)
            with pytest.raises(RuntimeError):
                await connection.send(to_ben())
            return await first

    assert run(scenario()).outcome is Outcome.ACCEPTED


def test_the_goodbye_is_polite_and_bounded(run: Run) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        assert await peer.hear() == b"QUIT"
        await peer.say("221 Bye")

    async def scenario() -> list[bytes]:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            await connection.close()
            assert connection.closed
            await connection.close()
            return server.heard

    assert run(scenario())[-1] == b"QUIT"
