"""Lost before the dot: certainly not delivered. Lost after it: nobody knows, and that is said (RFC 1047)."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable

import pytest

from tests.workers.relays.scripted import MESSAGE, Peer, Run, Script, serving, to_ben
from workers.relays.relay import Answer, Outcome, Stage, Unavailable
from workers.relays.smtp import SmtpRelay
from workers.relays.wire import Timeouts

HASTY = Timeouts(connect=0.3, reply=0.2, dot=0.3, quit=0.2)
LARGE = b"0123456789abcdef" * 64 * 20_000 + b"\r\n"


def until(stage: Stage) -> Callable[[Peer], Awaitable[None]]:
    """A script that plays along up to this stage and then leaves it to the caller."""

    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        for _ in range(3):
            await peer.hear()
        replies = {Stage.MAIL: 0, Stage.RCPT: 1, Stage.DATA: 2, Stage.DOT: 3}[stage]
        await peer.say(*("250 Ok", "250 Ok", "354 Go ahead")[:replies])
        if stage is Stage.DOT:
            await peer.hear_message()

    return script


def then_closes(script: Script) -> Script:
    return script


def then_resets(script: Script) -> Script:
    async def resetting(peer: Peer) -> None:
        await script(peer)
        tcp = peer.writer.get_extra_info("socket")
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.writer.transport.abort()

    return resetting


def then_is_silent(script: Script) -> Script:
    async def silent(peer: Peer) -> None:
        await script(peer)
        await asyncio.sleep(5)

    return silent


def then_is_shut(script: Script) -> Script:
    async def shut(peer: Peer) -> None:
        await script(peer)
        await peer.say("421 4.3.2 Shutting down, try again in 10 minutes")
        await asyncio.sleep(0.05)

    return shut


def then_talks_nonsense(script: Script) -> Script:
    async def nonsense(peer: Peer) -> None:
        await script(peer)
        await peer.say("HTTP/1.1 400 Bad Request", "", "<html>")
        await asyncio.sleep(0.05)

    return nonsense


async def attempt(script: Script, message: bytes = MESSAGE) -> tuple[Answer, bool, Answer]:
    async with serving(script) as server:
        connection = await SmtpRelay.from_url(server.url, timeouts=HASTY).connect()
        answer = await asyncio.wait_for(connection.send(to_ben(message)), 10)
        return answer, connection.closed, await connection.send(to_ben())


@pytest.mark.parametrize("ending", [then_closes, then_resets, then_is_silent, then_talks_nonsense, then_is_shut])
@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA])
def test_lost_before_the_dot_is_deferred(run: Run, stage: Stage, ending: Callable[[Script], Script]) -> None:
    answer, closed, after = run(attempt(ending(until(stage))))

    assert (answer.outcome, answer.stage) == (Outcome.DEFERRED, stage)
    assert answer.code == (421 if ending is then_is_shut else None)
    assert answer.retry_after == (600 if ending is then_is_shut else None)
    assert closed
    assert (after.outcome, after.stage) == (Outcome.DEFERRED, Stage.CONNECT)


@pytest.mark.parametrize("ending", [then_closes, then_resets, then_is_silent, then_talks_nonsense])
def test_lost_after_the_dot_is_uncertain(run: Run, ending: Callable[[Script], Script]) -> None:
    answer, closed, _ = run(attempt(ending(until(Stage.DOT))))

    assert (answer.outcome, answer.stage, answer.code) == (Outcome.UNCERTAIN, Stage.DOT, None)
    assert closed


def test_421_after_the_dot_says_that_it_was_not_taken(run: Run) -> None:
    answer, closed, _ = run(attempt(then_is_shut(until(Stage.DOT))))

    assert (answer.outcome, answer.stage, answer.code) == (Outcome.DEFERRED, Stage.DOT, 421)
    assert closed


@pytest.mark.parametrize("ending", [then_closes, then_resets, then_is_silent])
def test_lost_while_the_message_is_still_leaving_is_deferred(run: Run, ending: Callable[[Script], Script]) -> None:
    async def reads_a_little(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        for _ in range(3):
            await peer.hear()
        await peer.say("250 Ok", "250 Ok", "354 Go ahead")
        await peer.reader.read(100_000)

    answer, closed, _ = run(attempt(ending(reads_a_little), LARGE))

    assert (answer.outcome, answer.stage, answer.code) == (Outcome.DEFERRED, Stage.DATA, None)
    assert closed


def test_a_slow_reader_gets_all_its_time(run: Run) -> None:
    """Each drained buffer, not the first octet, starts the wait for the answer."""

    async def dawdles(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        for _ in range(3):
            await peer.hear()
        await peer.say("250 Ok", "250 Ok", "354 Go ahead")
        await asyncio.sleep(0.2)
        left = len(LARGE) + 3
        while left:
            left -= len(await peer.reader.read(1_000_000))
        await asyncio.sleep(0.2)
        await peer.say("250 Ok")
        await asyncio.sleep(0.1)

    answer, closed, _ = run(attempt(dawdles, LARGE))
    assert answer.outcome is Outcome.ACCEPTED
    assert not closed


@pytest.mark.parametrize("last_words", [(), ("421 Closing",), ("HTTP/1.1 400 Bad Request",)])
def test_a_refusal_stands_even_when_the_connection_is_lost_after_it(run: Run, last_words: tuple[str, ...]) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        for _ in range(3):
            await peer.hear()
        await peer.say("250 Ok", "550 5.1.1 User unknown", *last_words)

    answer, closed, _ = run(attempt(script))

    assert (answer.outcome, answer.stage, answer.code) == (Outcome.REJECTED, Stage.RCPT, 550)
    assert closed


def test_an_answer_that_comes_before_the_message_is_not_believed(run: Run) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        for _ in range(3):
            await peer.hear()
        await peer.say("250 Ok", "250 Ok", "354 Go ahead", "250 2.0.0 Ok: queued")

    answer, closed, _ = run(attempt(script))

    assert (answer.outcome, answer.stage) == (Outcome.DEFERRED, Stage.DATA)
    assert closed


def test_an_acceptance_stands_whatever_rubbish_follows_it(run: Run) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        await peer.take(answer="250 2.0.0 Ok: queued as 7\r\nHTTP/1.1 400 Bad Request")
        await asyncio.sleep(0.05)

    answer, closed, _ = run(attempt(script))

    assert (answer.outcome, answer.text) == (Outcome.ACCEPTED, "2.0.0 Ok: queued as 7")
    assert closed


def test_a_goodbye_between_messages_is_told_to_the_next(run: Run) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        await peer.take()
        await peer.say("421 4.4.2 Idle too long")

    async def scenario() -> Answer:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            await connection.send(to_ben())
            while not connection.closed:
                await asyncio.sleep(0.01)
            return await connection.send(to_ben())

    answer = run(scenario())
    assert (answer.outcome, answer.stage, answer.code) == (Outcome.DEFERRED, Stage.CONNECT, 421)


def test_a_cancelled_sender_leaves_no_half_message_behind(run: Run) -> None:
    async def scenario() -> bool:
        async with serving(then_is_silent(until(Stage.RCPT))) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            sending = asyncio.create_task(connection.send(to_ben()))
            await asyncio.sleep(0.05)
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
            return connection.closed

    assert run(scenario())


def test_a_long_wait_for_one_message_does_not_lengthen_the_next_ones(run: Run) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        for _ in range(3):
            await peer.hear()
        await peer.say("250 Ok", "250 Ok", "354 Go ahead")
        await peer.hear_message()
        await asyncio.sleep(0.3)
        await peer.say("250 Ok")
        await asyncio.sleep(5)

    async def scenario() -> list[Answer]:
        async with serving(script) as server:
            patient = Timeouts(reply=0.2, dot=4)
            connection = await SmtpRelay.from_url(server.url, timeouts=patient).connect()
            return [await connection.send(to_ben()), await asyncio.wait_for(connection.send(to_ben()), 2)]

    accepted, deferred = run(scenario())
    assert accepted.outcome is Outcome.ACCEPTED
    assert (deferred.outcome, deferred.text) == (Outcome.DEFERRED, "timed out")


def test_an_idle_connection_is_not_timed_out(run: Run) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        await peer.take()
        await peer.take()

    async def scenario() -> Answer:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url, timeouts=HASTY).connect()
            await connection.send(to_ben())
            await asyncio.sleep(0.5)
            return await connection.send(to_ben())

    assert run(scenario()).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("greeting", ["554 5.7.1 You are listed", "421 4.3.2 Too many connections", "354 What?"])
def test_a_server_that_will_not_talk_is_unavailable(run: Run, greeting: str) -> None:
    async def script(peer: Peer) -> None:
        await peer.say(greeting)
        await peer.hear()

    async def scenario() -> None:
        async with serving(script) as server:
            await SmtpRelay.from_url(server.url).connect()

    with pytest.raises(Unavailable) as refused:
        run(scenario())
    assert (refused.value.code, refused.value.text) == (int(greeting[:3]), greeting[4:])


def test_a_closed_port_is_unavailable(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(Unavailable):
        run(SmtpRelay.from_url(f"smtp://127.0.0.1:{port}").connect())


def test_a_tarpit_is_left_in_time(run: Run) -> None:
    async def script(peer: Peer) -> None:
        for octet in b"220 " + b"x" * 1000:
            peer.writer.write(bytes([octet]))
            await peer.writer.drain()
            await asyncio.sleep(0.02)

    async def scenario() -> None:
        async with serving(script) as server:
            await asyncio.wait_for(SmtpRelay.from_url(server.url, timeouts=HASTY).connect(), 3)

    with pytest.raises(Unavailable, match="timed out"):
        run(scenario())


@pytest.mark.parametrize(
    "garbage",
    [
        b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n<html></html>\r\n",
        bytes(range(256)) * 20 + b"\n",
        b"x" * 1_000_000,
        b"250-more\r\n" * 10_000 + b"250 enough\r\n",
        b"250-\r\n" * 10_000 + b"250 enough\r\n",
        b"999 what\r\n",
        b"220hello\r\n",
    ],
    ids=["http", "binary", "endless line", "endless reply", "empty lines", "999", "no space"],
)
@pytest.mark.parametrize("late", [False, True])
def test_garbage_is_temporary(run: Run, garbage: bytes, late: bool) -> None:
    async def script(peer: Peer) -> None:
        if late:
            await peer.welcome("PIPELINING")
            await peer.hear()
        peer.writer.write(garbage)
        await peer.writer.drain()
        await asyncio.sleep(0.05)

    async def scenario() -> Answer:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url, timeouts=HASTY).connect()
            return await connection.send(to_ben())

    if late:
        answer = run(scenario())
        assert (answer.outcome, answer.stage) == (Outcome.DEFERRED, Stage.MAIL)
        return
    with pytest.raises(Unavailable, match="not SMTP"):
        run(scenario())
